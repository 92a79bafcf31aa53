"""A vendor's own final offer: what it is asked, what it has offered. Of others there is nothing here."""

import datetime as dt
import uuid
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from apps.bids.models import Bid, OfferRequest, OfferRound, Submission
from apps.bids.selectors.draft_prices import basis_of, price_of
from apps.bids.selectors.drafts import priced_bid_for
from apps.bids.states import Offer, OfferState
from apps.bids.types.draft import DraftPrice
from apps.bids.types.places import reference_of
from apps.bids.types.sheet import Basis, Priced, priced
from apps.core import clock
from apps.core.access import can
from apps.core.errors import Incomplete, NotFound
from apps.workspace.models import User


@dataclass(frozen=True)
class FinalOfferPage:
    """What one vendor is asked, and what it has offered: of others there is nothing here."""

    round: OfferRound
    basis: Basis
    first: DraftPrice | None
    first_priced: Priced | None
    price: DraftPrice | None  # the saved sheet of the final offer
    priced: Priced | None
    last: Submission | None
    now: dt.datetime
    may_submit: bool

    @property
    def open(self) -> bool:
        return self.round.state == OfferState.RUNNING and self.now < self.round.closes_at

    @property
    def unsent(self) -> bool:
        """Whether a saved sheet differs from what was submitted last."""
        if self.price is None:
            return False
        return self.last is None or self.last.sheet_version != self.price.version

    @property
    def difference(self) -> Decimal | None:
        if self.priced is None or self.first_priced is None:
            return None
        return self.priced.total - self.first_priced.total

    @property
    def reference(self) -> str:
        return reference_of(self.last.manifest_digest) if self.last else ""


def own_offer(bid: Bid) -> OfferRequest | None:
    """Return the request for a final offer that this vendor was sent, if there is one."""
    held = OfferRequest.objects.filter(bid=bid, vendor_id=bid.vendor_id, sent_at__isnull=False)
    return held.select_related("offer_round").first()


def asked_bid_for(user: User, *, bid_id: uuid.UUID) -> Bid:
    """Return one's own bid where a final offer is asked of it; for every other there is no page."""
    bid = priced_bid_for(user, bid_id=bid_id)
    if own_offer(bid) is None:
        raise NotFound(_("No final offer is asked for here."))
    return bid


def final_offer_page(user: User, bid: Bid) -> FinalOfferPage:
    asked = own_offer(bid)
    if asked is None:
        raise NotFound(_("No final offer is asked for here."))
    basis = basis_of(bid.round.rfp)
    first, price = price_of(bid), price_of(bid, offer=Offer.FINAL)
    held = bid.submissions.filter(offer_round=asked.offer_round)
    return FinalOfferPage(
        round=asked.offer_round,
        basis=basis,
        first=first,
        first_priced=_priced(first, basis),
        price=price,
        priced=_priced(price, basis),
        last=held.order_by("-number").first(),
        now=clock.database_now(),
        may_submit=can(user, "bids.submit", bid),
    )


def _priced(price: DraftPrice | None, basis: Basis) -> Priced | None:
    try:
        return priced(price.sheet, basis) if price else None
    except Incomplete:  # a newer engine may ask for more than the one that read the sheet
        return None
