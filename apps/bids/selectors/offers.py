"""Best and final offers as the panel may know them: who is asked at once, who answered after."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from apps.bids.models import (
    Bid,
    Envelope,
    EvaluatedPrice,
    OfferRequest,
    OfferRound,
)
from apps.bids.selectors.draft_prices import basis_of
from apps.bids.selectors.opened import vendor_names
from apps.bids.selectors.quotes import quotes_for
from apps.bids.states import BidState, EnvelopeState, Offer, OfferState
from apps.bids.types.sheet import Basis, priced
from apps.core import clock
from apps.core.access import can
from apps.core.errors import NotFound
from apps.rfp.models import Rfp
from apps.rfp.selectors import rfp_for
from apps.rfp.selectors.extending import confirmers_of
from apps.rfp.states import EnvelopeKind, FinalOffers
from apps.rfp.types import Desk
from apps.workspace.models import Procurement, User
from apps.workspace.states import Phase

NOT_OF_A_QUOTE = frozenset({"id", "vendor"})


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


def final_bids(rfp: Rfp) -> frozenset[uuid.UUID]:
    """Return the bids of which a final offer has been opened."""
    held = Envelope.objects.filter(
        bid__round__rfp=rfp, offer_round__isnull=False, state=EnvelopeState.OPENED
    )
    return frozenset(held.values_list("bid_id", flat=True))


def offers_are_pending(procurement: Procurement) -> bool:
    """Whether final offers are asked for and not opened yet."""
    pending = (OfferState.REQUESTED, OfferState.RUNNING)
    return OfferRound.objects.filter(rfp__procurement=procurement, state__in=pending).exists()


def adopted_prices_are_behind(procurement: Procurement) -> bool:
    """Whether prices are adopted that leave an opened final offer out."""
    rfp = Rfp.objects.filter(procurement=procurement).first()
    final = final_bids(rfp) if rfp else frozenset()
    held = EvaluatedPrice.objects.filter(bid__in=final).order_by("number")
    adopted = {one.bid_id: one.offer for one in held}
    return any(offer != Offer.FINAL for offer in adopted.values())


def offers_priced(rfp: Rfp, *, at: dt.datetime | None = None) -> dict[uuid.UUID, Offer]:
    """Return which offer of each bid the adopted prices are of; with `at` those adopted by then."""
    held = EvaluatedPrice.objects.filter(bid__round__rfp=rfp).order_by("number")
    if at is not None:
        held = held.filter(created_at__lte=at)
    return {one.bid_id: Offer(one.offer) for one in held}


@dataclass(frozen=True)
class Asked:
    """One bid in a request: asked, or left out with the reason."""

    bid_id: uuid.UUID
    letter: str
    name: str
    left_out_because: str


@dataclass(frozen=True)
class Change:
    """What a bid offered first and finally, on the tender's workload; None where not to be seen.

    Amounts are over the term, before indexation, discounting and the buyer's own costs.
    """

    asked: Asked
    first: Decimal | None
    final: Decimal | None
    answered: bool

    @property
    def difference(self) -> Decimal | None:
        if self.first is None or self.final is None:
            return None
        return self.final - self.first


@dataclass(frozen=True)
class OffersPage:
    """Before the opening only who is asked and times: not who answers, nor whether anyone does."""

    published: bool
    possible: bool
    round: OfferRound | None = None
    asked: tuple[Asked, ...] = ()
    changes: tuple[Change, ...] = ()
    candidates: tuple[Asked, ...] = ()
    confirmers: tuple[str, ...] = ()
    currency: str = ""
    zone: str = "UTC"
    now: dt.datetime | None = None
    opens_at: dt.datetime | None = None
    may_request: bool = False
    may_confirm: bool = False
    may_drop: bool = False
    may_open: bool = False
    sees_prices: bool = False

    @property
    def due(self) -> bool:
        return bool(self.opens_at and self.now and self.now >= self.opens_at)


def offers_page(user: User, desk: Desk, excluded: Mapping[uuid.UUID, str]) -> OffersPage:
    """Return the page of final offers; `excluded` are the bids that are not admitted, and why."""
    rfp = desk.rfp
    if rfp is None or rfp.final_offers != FinalOffers.ONCE or not hasattr(rfp, "round"):
        return OffersPage(published=rfp is not None and bool(rfp.digest), possible=False)
    held = OfferRound.objects.filter(rfp=rfp).exclude(state=OfferState.DROPPED)
    found = held.select_related("requested_by", "decided_by").first()
    names = vendor_names(user, rfp)
    ready = desk.procurement.phase == Phase.COMMERCIAL and bool(bids := priced_bids(rfp))
    base = OffersPage(
        published=True,
        possible=True,
        round=found,
        currency=desk.procurement.currency,
        zone=rfp.round.zone,
        now=clock.database_now(),
        sees_prices=can(user, "bids.read_prices", rfp),
    )
    if found is None:
        lead = ready and can(user, "bids.request_offers", rfp)
        rows = [
            Asked(one.pk, one.letter, names.get(one.pk, ""), excluded.get(one.pk, ""))
            for one in (bids if lead else ())
        ]
        return _with(base, candidates=tuple(rows), may_request=lead)
    found.rfp = rfp
    asked = _asked(found, names)
    waits = found.state == OfferState.REQUESTED
    decides = waits and can(user, "bids.confirm_offers", rfp)
    opened = found.state == OfferState.OPENED
    people = confirmers_of(rfp, without=found.requested_by) if waits else {}
    return _with(
        base,
        asked=asked,
        changes=_changes(user, rfp, asked, sees=base.sees_prices) if opened else (),
        confirmers=tuple(people.values()),
        opens_at=found.closes_at + rfp.round.grace,
        may_confirm=decides and found.requested_by_id != user.pk,
        may_drop=decides,
        may_open=found.state == OfferState.RUNNING and can(user, "bids.open", rfp),
    )


def waiting_offers(user: User, rfp: Rfp) -> OfferRound | None:
    """Return the request that this person can confirm, or whose offers they can open now."""
    held = OfferRound.objects.filter(rfp=rfp).exclude(
        state__in=[OfferState.DROPPED, OfferState.OPENED]
    )
    found = held.first()
    if found is None:
        return None
    if found.state == OfferState.REQUESTED:
        other = found.requested_by_id != user.pk
        return found if other and can(user, "bids.confirm_offers", rfp) else None
    due = clock.database_now() >= found.closes_at + rfp.round.grace
    return found if due and can(user, "bids.open", rfp) else None


def changes_of(user: User, rfp: Rfp) -> tuple[Change, ...]:
    """Return first and final offers side by side for who reads prices; empty before the opening."""
    held = OfferRound.objects.filter(rfp=rfp, state=OfferState.OPENED).first()
    if held is None or not can(user, "bids.read_prices", rfp):
        return ()
    return _changes(user, rfp, _asked(held, vendor_names(user, rfp)), sees=True)


def _with(page: OffersPage, **values: object) -> OffersPage:
    return OffersPage(**{**page.__dict__, **values})


def _asked(offer_round: OfferRound, names: Mapping[uuid.UUID, str]) -> tuple[Asked, ...]:
    held = OfferRequest.objects.filter(offer_round=offer_round).select_related("bid")
    return tuple(
        Asked(one.bid_id, one.bid.letter, names.get(one.bid_id, ""), one.left_out_because)
        for one in held.order_by("bid__letter")
        if one.bid_id in names  # to who may read no bid there are none
    )


def _changes(user: User, rfp: Rfp, asked: tuple[Asked, ...], *, sees: bool) -> tuple[Change, ...]:
    final = final_bids(rfp)
    basis = basis_of(rfp)
    first = _totals(quotes_for(user, rfp, offer=Offer.FIRST), basis) if sees else {}
    last = _totals(quotes_for(user, rfp), basis) if sees else {}
    return tuple(
        Change(one, first.get(one.bid_id), last.get(one.bid_id), one.bid_id in final)
        for one in asked
    )


def _totals(quotes: list[dict[str, object]], basis: Basis) -> dict[uuid.UUID, Decimal]:
    found = {}
    for quote in quotes:
        sheet = {name: part for name, part in quote.items() if name not in NOT_OF_A_QUOTE}
        found[uuid.UUID(str(quote["id"]))] = priced(sheet, basis).total
    return found


def offer_round_for(user: User, *, procurement_id: uuid.UUID, offer_id: uuid.UUID) -> OfferRound:
    """Return a request for final offers of a procurement on whose panel the person sits."""
    rfp = rfp_for(user, procurement_id=procurement_id)
    found = OfferRound.objects.filter(rfp=rfp, pk=offer_id).first()
    if found is None:
        raise NotFound(_("There is no such request in this procurement."))
    found.rfp = rfp
    return found
