"""Evaluated prices: what the adopted comparison found, kept beside the bids it is about."""

import uuid
from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from apps.bids import selectors
from apps.bids.models import Bid, EvaluatedPrice
from apps.bids.selectors.opened import covering
from apps.bids.states import EnvelopeState, Offer
from apps.core import audit
from apps.core.access import authorise
from apps.core.errors import Incomplete, WrongState
from apps.rfp.models import Lot, Rfp
from apps.rfp.selectors import require_lot
from apps.rfp.states import EnvelopeKind
from apps.workspace.models import User


@transaction.atomic
def record_evaluated(
    *,
    rfp: Rfp,
    amounts: Mapping[uuid.UUID, Decimal],
    currency: str,
    comparison_digest: str,
    actor: User,
    lot: Lot | None = None,
) -> None:
    """Record what each opened bid costs over the term; a later record supersedes an earlier one.

    Of a lot: every opened bid that covers it.
    """
    authorise(actor, "bids.record_evaluated", rfp)
    require_lot(rfp.procurement, lot)
    priced = {
        bid.pk: bid
        for bid in Bid.objects.filter(
            round__rfp=rfp,
            envelopes__kind=EnvelopeKind.COMMERCIAL,
            envelopes__state=EnvelopeState.OPENED,
        )
    }
    if lot is not None:
        covers = covering(rfp)
        priced = {pk: bid for pk, bid in priced.items() if lot.code in covers[pk]}
    if not priced:
        raise WrongState(_("No price has been opened yet. Open the price envelopes first."))
    if set(amounts) != set(priced):
        raise Incomplete(_("Give one amount for every bid whose price was opened, and no other."))
    final = selectors.final_bids(rfp, lot)
    number = _next_number(list(priced), lot)
    for bid_id, amount in amounts.items():
        EvaluatedPrice.objects.create(
            organisation_id=rfp.organisation_id,
            bid=priced[bid_id],
            lot=lot,
            number=number,
            offer=Offer.FINAL if bid_id in final else Offer.FIRST,
            amount=amount,
            currency=currency,
            comparison_digest=comparison_digest,
        )
    audit.record(
        action="bids.record_evaluated",
        actor=actor,
        subject=rfp,
        procurement_id=rfp.procurement_id,
        payload={
            "amounts": {str(bid_id): format(amount, "f") for bid_id, amount in amounts.items()},
            "comparison": comparison_digest,
            "currency": currency,
            "final_offers": sorted(str(bid_id) for bid_id in final),
            "number": number,
            **({"lot": lot.code} if lot else {}),
        },
    )


def _next_number(bid_ids: list[uuid.UUID], lot: Lot | None) -> int:
    held = EvaluatedPrice.objects.filter(bid__in=bid_ids, lot=lot).aggregate(last=Max("number"))
    return int(held["last"] or 0) + 1
