"""Which offer of a bid counts, lot by lot, and whether one is still to come."""

import datetime as dt
import uuid

from apps.bids.models import Bid, Envelope, EvaluatedPrice, OfferRequest, OfferRound, Submission
from apps.bids.selectors.opened import covering
from apps.bids.states import BidState, EnvelopeState, Offer, OfferState
from apps.rfp.models import Lot, Rfp
from apps.rfp.selectors import decided_lots, lots_of
from apps.rfp.states import EnvelopeKind
from apps.workspace.models import Procurement


def priced_bids(rfp: Rfp) -> list[Bid]:
    """Return the bids whose first price has been opened, by letter."""
    held = Bid.objects.filter(
        round__rfp=rfp,
        state=BidState.SUBMITTED,
        envelopes__kind=EnvelopeKind.COMMERCIAL,
        envelopes__state=EnvelopeState.OPENED,
        envelopes__offer_round=None,
    )
    return list(held.select_related("vendor").order_by("letter"))


def lots_to_reopen(rfp: Rfp) -> dict[str, tuple[Lot | None, tuple[Bid, ...]]]:
    """Return what may be asked for, by code: each lot not decided yet, with the bids that cover it.

    A tender without lots is one whole under the code "".
    """
    bids, lots = priced_bids(rfp), lots_of(rfp)
    if not lots:
        return {"": (None, tuple(bids))}
    covers, decided = covering(rfp), decided_lots(rfp)
    return {
        lot.code: (lot, tuple(bid for bid in bids if lot.code in covers[bid.pk]))
        for lot in lots
        if lot.pk not in decided
    }


def offers_standing(offer_round: OfferRound) -> dict[uuid.UUID, Submission]:
    """Return the final offer of each bid that is opened: its last, unless that was taken back.

    A vendor finds its own here and no other; the buyer none before the opening.
    """
    held = Submission.objects.filter(offer_round=offer_round).select_related("withdrawn")
    last = {one.bid_id: one for one in held.order_by("number")}
    return {bid: one for bid, one in last.items() if not hasattr(one, "withdrawn")}


def final_bids(rfp: Rfp, lot: Lot | None = None) -> frozenset[uuid.UUID]:
    """Return the bids of which a final offer has been opened, of a lot those whose offer covers it."""
    held = Envelope.objects.filter(
        bid__round__rfp=rfp, offer_round__isnull=False, state=EnvelopeState.OPENED
    )
    if lot is not None:
        held = held.filter(submission__lots__contains=[lot.code])
    return frozenset(held.values_list("bid_id", flat=True))


def offers_are_pending(procurement: Procurement, lot: Lot | None = None) -> bool:
    """Whether final offers are asked for and not opened yet; of a lot, whether it is reopened."""
    return OfferRequest.objects.filter(
        offer_round__rfp__procurement=procurement,
        offer_round__state__in=(OfferState.REQUESTED, OfferState.RUNNING),
        lot=lot,
    ).exists()


def adopted_prices_are_behind(procurement: Procurement, lot: Lot | None = None) -> bool:
    """Whether prices are adopted that leave an opened final offer out."""
    rfp = Rfp.objects.filter(procurement=procurement).first()
    final = final_bids(rfp, lot) if rfp else frozenset()
    held = EvaluatedPrice.objects.filter(bid__in=final, lot=lot).order_by("number")
    adopted = {one.bid_id: one.offer for one in held}
    return any(offer != Offer.FINAL for offer in adopted.values())


def offers_priced(
    rfp: Rfp, lot: Lot | None = None, *, at: dt.datetime | None = None
) -> dict[uuid.UUID, Offer]:
    """Return which offer of each bid the adopted prices are of; with `at` those adopted by then."""
    held = EvaluatedPrice.objects.filter(bid__round__rfp=rfp, lot=lot).order_by("number")
    if at is not None:
        held = held.filter(created_at__lte=at)
    return {one.bid_id: Offer(one.offer) for one in held}
