"""A vendor's own final offer: what it is asked, what it has offered. Of others there is nothing here."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from apps.bids.models import Bid, OfferRequest, OfferRound, PriceSheet, Submission
from apps.bids.selectors.counting_offers import offers_standing
from apps.bids.selectors.draft_prices import basis_of, prices_of
from apps.bids.selectors.drafts import priced_bid_for
from apps.bids.selectors.kept_keys import is_locked
from apps.bids.selectors.own_opened import opened_instead
from apps.bids.states import Offer, OfferState
from apps.bids.types.draft import WHOLE, DraftPrice
from apps.bids.types.places import reference_of
from apps.bids.types.sheet import Basis, Priced, priced
from apps.core import clock
from apps.core.access import can
from apps.core.errors import Incomplete, NotFound
from apps.rfp.models import Lot
from apps.rfp.selectors import picked
from apps.workspace.models import User


@dataclass(frozen=True)
class OfferSheet:
    """The price of one lot, or of the whole: as it was first offered, and as it is saved now."""

    lot: Lot | None
    basis: Basis
    first: DraftPrice | None
    first_priced: Priced | None
    price: DraftPrice | None  # the saved sheet of the final offer
    priced: Priced | None
    sealed: int  # version of the sheet in the offer that stands, 0 where it is not in it

    @property
    def code(self) -> str:
        return self.lot.code if self.lot else WHOLE

    @property
    def unsent(self) -> bool:
        """Whether a saved sheet differs from the one in the offer that stands."""
        return self.price is not None and self.price.version != self.sealed

    @property
    def difference(self) -> Decimal | None:
        if self.priced is None or self.first_priced is None:
            return None
        return self.priced.total - self.first_priced.total


@dataclass(frozen=True)
class FinalOfferPage:
    """What one vendor is asked, and what it has offered: of others there is nothing here.

    `sheets` are those of the lots it is asked for, one where there are no lots; `here` is the one
    that is being written.
    """

    round: OfferRound
    sheets: tuple[OfferSheet, ...]
    here: OfferSheet
    last: Submission | None  # the offer that stands
    withdrawn: Submission | None  # the last one, where it was taken back
    now: dt.datetime
    may_submit: bool

    @property
    def open(self) -> bool:
        return self.round.state == OfferState.RUNNING and self.now < self.round.closes_at

    @property
    def unsent(self) -> bool:
        """Whether what is saved differs from what stands."""
        return any(one.unsent for one in self.sheets)

    @property
    def saved(self) -> bool:
        return any(one.price for one in self.sheets)

    @property
    def sendable(self) -> bool:
        """Whether there is another offer to send: something new, or one for fewer lots."""
        return self.unsent or len([one for one in self.lots if one.price]) > 1

    @property
    def lots(self) -> tuple[OfferSheet, ...]:
        """The sheets lot by lot; none where the tender is one whole."""
        return tuple(one for one in self.sheets if one.lot)

    @property
    def reference(self) -> str:
        return reference_of(self.last.manifest_digest) if self.last else ""


def own_offer(bid: Bid) -> OfferRequest | None:
    """Return a request for a final offer that this vendor was sent, if there is one."""
    held = OfferRequest.objects.filter(bid=bid, vendor_id=bid.vendor_id, sent_at__isnull=False)
    return held.select_related("offer_round").first()


def asked_lots(bid: Bid) -> tuple[Lot, ...]:
    """Return the lots for which this vendor was sent a request; none in a tender without lots."""
    held = OfferRequest.objects.filter(
        bid=bid, vendor_id=bid.vendor_id, sent_at__isnull=False, lot__isnull=False
    )
    ordered = held.select_related("lot").order_by("lot__position", "lot__pk")
    return tuple(one.lot for one in ordered if one.lot)


def standing_offer(bid: Bid) -> Submission | None:
    """Return the final offer of one's own bid that stands; None where it was taken back."""
    asked = own_offer(bid)
    return offers_standing(asked.offer_round).get(bid.pk) if asked else None


def asked_bid_for(user: User, *, bid_id: uuid.UUID) -> Bid:
    """Return one's own bid where a final offer is asked of it; for every other there is no page."""
    bid = priced_bid_for(user, bid_id=bid_id)
    if own_offer(bid) is None:
        raise NotFound(_("No final offer is asked for here."))
    return bid


def final_offer_page(user: User, bid: Bid, code: str = "") -> FinalOfferPage:
    """Return the page, with the sheet of the lot named, else of the first that is asked."""
    asked = own_offer(bid)
    if asked is None:
        raise NotFound(_("No final offer is asked for here."))
    lots, now = asked_lots(bid), clock.database_now()
    here = picked(lots, code)
    sent = bid.submissions.filter(offer_round=asked.offer_round).order_by("-number").first()
    stands = sent if sent and not hasattr(sent, "withdrawn") else None
    over = asked.offer_round.state != OfferState.RUNNING or now >= asked.offer_round.closes_at
    first = prices_of(bid, lots, lots, opened_instead(bid))
    # What was never submitted, or was taken back, decides nothing any more: no key is asked for.
    gone = over and stands is None and is_locked(bid, Offer.FINAL)
    final = {} if gone else _saved(bid, lots)
    sealed = stands.sheets if stands else {}
    sheets = tuple(_sheet(bid, lot, first, final, sealed) for lot in lots or (None,))
    return FinalOfferPage(
        round=asked.offer_round,
        sheets=sheets,
        here=next(one for one in sheets if one.lot == here),
        last=stands,
        withdrawn=sent if sent and stands is None else None,
        now=now,
        may_submit=can(user, "bids.submit", bid),
    )


def _saved(bid: Bid, lots: tuple[Lot, ...]) -> dict[str, DraftPrice]:
    """Return the saved sheets of the final offer by lot; Locked where their key is the vendor's."""
    if not PriceSheet.objects.filter(bid=bid, offer=Offer.FINAL).exists():
        return {}
    return prices_of(bid, lots, lots, opened_instead(bid, Offer.FINAL), Offer.FINAL)


def _sheet(
    bid: Bid,
    lot: Lot | None,
    first: Mapping[str, DraftPrice],
    final: Mapping[str, DraftPrice],
    sealed: Mapping[str, int],
) -> OfferSheet:
    code = lot.code if lot else WHOLE
    basis = basis_of(bid.round.rfp, lot)
    return OfferSheet(
        lot=lot,
        basis=basis,
        first=first.get(code),
        first_priced=_priced(first.get(code), basis),
        price=final.get(code),
        priced=_priced(final.get(code), basis),
        sealed=sealed.get(code, 0),
    )


def _priced(price: DraftPrice | None, basis: Basis) -> Priced | None:
    try:
        return priced(price.sheet, basis) if price else None
    except Incomplete:  # a newer engine may ask for more than the one that read the sheet
        return None
