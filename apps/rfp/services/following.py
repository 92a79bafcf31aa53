"""A tender after a request for information: it knows which, and may take its questions."""

from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.access import authorise
from apps.rfp.models import Rfp
from apps.rfp.selectors.periods import REQUEST
from apps.rfp.selectors.reading import round_of
from apps.rfp.services.drafting import record, refuse
from apps.rfp.services.starting import start, start_from_rfp
from apps.rfp.states import Preset
from apps.workspace.models import Procurement, User

COPY = "copy"


@transaction.atomic
def start_after(
    *,
    procurement: Procurement,
    information: Rfp,
    shortlist: str,
    source: str,
    preset: str,
    actor: User,
) -> Rfp:
    """Start the tender that follows a request; `shortlist` is the digest of its confirmed list.

    `source` is `copy`, or what `start` takes. Prices and the award are the tender's own to say.
    """
    authorise(actor, "rfp.view", information)
    if information.asks_price:
        raise refuse("source", _("Only a request for information is followed by a tender."))
    if source == COPY:
        made = start_from_rfp(
            procurement=procurement, source=information, actor=actor, preset=preset
        )
    else:
        made = start(procurement=procurement, source=source, preset=preset, actor=actor)
    made.follows = information
    if preset == Preset.PUBLIC:
        made.procedure, made.periods = information.procedure, _asked(information)
    made.save()
    details = {"information": information.pk, "shortlist": shortlist, "source": source}
    record(made, "follow", actor, **details)
    made.refresh_from_db()
    return made


def _asked(information: Rfp) -> dict[str, Any]:
    """Carry over when vendors could ask to take part: from publication to the closing time."""
    held = round_of(information)
    if held is None or information.published_at is None:
        return dict(information.periods)
    zone = ZoneInfo(held.zone)
    asked = {
        "notice_on": information.published_at.astimezone(zone).date().isoformat(),
        "until": held.closes_at.astimezone(zone).date().isoformat(),
    }
    return {**information.periods, REQUEST: {**information.periods.get(REQUEST, {}), **asked}}
