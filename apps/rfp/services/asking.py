"""What vendors price and until when: the workload and the deadline of a draft."""

import datetime as dt
import zoneinfo
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from apps.core import clock
from apps.engine.errors import InvalidInput
from apps.engine.pricing.read_quote import read_quote
from apps.engine.pricing.read_terms import read_terms
from apps.engine.pricing.read_workload import read_workload
from apps.engine.reading import Reader
from apps.rfp.models import Lot, LotOwnCost, OwnCost, Rfp, Round, Workload
from apps.rfp.selectors.lots import require_lot
from apps.rfp.services import rounds
from apps.rfp.services.drafting import open_draft, plain_data, record, refuse, text_of
from apps.rfp.services.informing import require_tender
from apps.workspace.models import User

LONGEST_GRACE = dt.timedelta(hours=1)
NAMES_OF_OUR_OWN = {"id": "in-house", "vendor": "In-house", "in_house": True}


@transaction.atomic
def set_workload(
    *,
    rfp: Rfp,
    actor: User,
    content: Mapping[str, Any],
    in_house: Mapping[str, Any] | None = None,
    source: str = "",
    lot: Lot | None = None,
) -> None:
    """Set the workload every vendor prices: the `workload` of the engine's price case.

    Of one lot, where the tender has lots.

    `in_house` is today's own cost as one more quote of that case, in a table of its
    own that no vendor's session can read; None removes it.
    """
    open_draft(rfp, actor)
    require_tender(rfp)
    require_lot(rfp.procurement, lot)
    if not isinstance(content, Mapping):
        raise refuse("content", _("Give the workload as an object with named values."))
    own = None if in_house is None else {**NAMES_OF_OUR_OWN, **in_house}
    check_workload(rfp, content, own)
    said = text_of(source, "source", 500)
    if lot is not None:
        _keep_in_lot(lot, content, said, own)
    else:
        Workload.objects.update_or_create(
            rfp=rfp,
            defaults={
                "organisation_id": rfp.organisation_id,
                "content": plain_data(content),
                "source": said,
            },
        )
        _keep_own_cost(rfp, own)
    rfp.refresh_from_db()
    queues = [queue["name"] for queue in content["queues"]]
    named = {"lot": lot.code} if lot else {}
    own_cost = own is not None
    record(rfp, "set_workload", actor, queues=queues, in_house=own_cost, source=said, **named)


def _keep_in_lot(
    lot: Lot, content: Mapping[str, Any], source: str, own: Mapping[str, Any] | None
) -> None:
    lot.workload, lot.workload_source = plain_data(content), source
    lot.save(update_fields=["workload", "workload_source"])
    LotOwnCost.objects.filter(lot=lot).delete()
    if own is not None:
        LotOwnCost.objects.create(
            organisation_id=lot.organisation_id, rfp=lot.rfp, lot=lot, quote=plain_data(own)
        )


def _keep_own_cost(rfp: Rfp, own: Mapping[str, Any] | None) -> None:
    if own is None:
        OwnCost.objects.filter(rfp=rfp).delete()
        return
    OwnCost.objects.update_or_create(
        rfp=rfp,
        defaults={"organisation_id": rfp.organisation_id, "quote": plain_data(own)},
    )


def check_workload(rfp: Rfp, content: Mapping[str, Any], own: Mapping[str, Any] | None) -> None:
    """Let the engine read both, as it will when prices are compared."""
    field = "content"
    try:
        workload = read_workload(Reader(content))
        field = "in_house"
        if own is not None:
            terms = {
                "currency": rfp.procurement.currency,
                "months": rfp.term_months,
                "discount": {"rate": "0", "basis": "nominal"},
            }
            read_quote(Reader(own), workload, read_terms(Reader(terms)))
    except InvalidInput as error:
        place = f"{error.path}: " if error.path else ""
        raise refuse(field, f"{place}{error.sentence}") from None


@transaction.atomic
def set_deadline(
    *,
    rfp: Rfp,
    closes_at: dt.datetime,
    zone: str,
    actor: User,
    grace: dt.timedelta | None = None,
) -> Round:
    """Set the deadline of a draft; once published it only moves to later, by `extend`."""
    open_draft(rfp, actor)
    spare = settings.GRACE if grace is None else grace
    if zone not in zoneinfo.available_timezones():
        raise refuse("zone", _("Choose the time zone of the deadline, for example Europe/London."))
    if closes_at.tzinfo is None:
        raise refuse("closes_at", _("Give the deadline with its time zone."))
    if closes_at <= clock.database_now():
        raise refuse("closes_at", _("Give a deadline in the future."))
    if not dt.timedelta(0) <= spare <= LONGEST_GRACE:
        raise refuse("grace", _("Give a grace of up to one hour."))
    rounds.schedule(rfp=rfp, closes_at=closes_at, grace=spare, zone=zone)
    rfp.refresh_from_db()
    record(
        rfp,
        "set_deadline",
        actor,
        closes_at=closes_at.astimezone(dt.UTC).isoformat(),
        grace_seconds=int(spare.total_seconds()),
        zone=zone,
    )
    return rfp.round
