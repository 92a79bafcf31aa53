"""Best and final offers as the panel may know them: who is asked at once, who answered after."""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from apps.bids.models import OfferExtension, OfferRequest, OfferRound
from apps.bids.selectors.counting_offers import final_bids, lots_to_reopen, priced_bids
from apps.bids.selectors.draft_prices import basis_of
from apps.bids.selectors.opened import vendor_names
from apps.bids.selectors.quotes import quotes_for
from apps.bids.states import Offer, OfferState
from apps.bids.types.offering import Asked, Change, Place
from apps.bids.types.sheet import Basis, priced
from apps.core import clock
from apps.core.access import can
from apps.core.errors import NotFound
from apps.rfp.models import Lot, Rfp
from apps.rfp.selectors import decided_lots, lots_of, rfp_for
from apps.rfp.selectors.extending import confirmers_of
from apps.rfp.states import ExtensionState, FinalOffers
from apps.rfp.types import Desk
from apps.workspace.models import User
from apps.workspace.states import Phase

NOT_OF_A_QUOTE = frozenset({"id", "vendor"})


@dataclass(frozen=True)
class OffersPage:
    """Before the opening only who is asked and times: not who answers, nor whether anyone does.

    Where the tender has lots, `asked`, `changes` and `candidates` stand lot by lot.
    """

    published: bool
    possible: bool
    round: OfferRound | None = None
    asked: tuple[Asked, ...] = ()
    changes: tuple[Change, ...] = ()
    moved: tuple[OfferExtension, ...] = ()  # after outages, in their order
    candidates: tuple[Asked, ...] = ()
    lots: tuple[Lot, ...] = ()  # of the tender
    decided: tuple[Lot, ...] = ()  # which are not reopened
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
    def kept(self) -> tuple[Lot, ...]:
        """The lots that a request leaves as they are."""
        reopened = {one.lot.pk for one in self.asked if one.lot}
        return tuple(lot for lot in self.lots if lot.pk not in reopened) if reopened else ()

    @property
    def due(self) -> bool:
        return bool(self.opens_at and self.now and self.now >= self.opens_at)


def offers_page(user: User, desk: Desk, excluded: Mapping[Place, str]) -> OffersPage:
    """Return the page of final offers; `excluded` are the bids that are not admitted, and why."""
    rfp = desk.rfp
    if rfp is None or rfp.final_offers != FinalOffers.ONCE or not hasattr(rfp, "round"):
        return OffersPage(published=rfp is not None and bool(rfp.digest), possible=False)
    held = OfferRound.objects.filter(rfp=rfp).exclude(state=OfferState.DROPPED)
    found = held.select_related("requested_by", "decided_by").first()
    names = vendor_names(user, rfp)
    ready = desk.procurement.phase == Phase.COMMERCIAL and bool(priced_bids(rfp))
    lots = lots_of(rfp)
    base = OffersPage(
        published=True,
        possible=True,
        round=found,
        currency=desk.procurement.currency,
        zone=rfp.round.zone,
        now=clock.database_now(),
        sees_prices=can(user, "bids.read_prices", rfp),
        lots=lots,
    )
    if found is None:
        lead = ready and can(user, "bids.request_offers", rfp)
        done = decided_lots(rfp) if lead else frozenset()
        return _with(
            base,
            candidates=_candidates(rfp, names, excluded) if lead else (),
            decided=tuple(lot for lot in lots if lot.pk in done),
            may_request=lead,
        )
    found.rfp = rfp
    asked = _asked(found, names)
    waits = found.state == OfferState.REQUESTED
    decides = waits and can(user, "bids.confirm_offers", rfp)
    opened = found.state == OfferState.OPENED
    people = confirmers_of(rfp, without=found.requested_by) if waits else {}
    return _with(
        base,
        asked=asked,
        moved=tuple(found.extensions.filter(state=ExtensionState.CONFIRMED).order_by("closes_at")),
        changes=tuple(_each_lot(user, rfp, asked, sees=base.sees_prices)) if opened else (),
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


def changes_of(user: User, rfp: Rfp, lot: Lot | None = None) -> tuple[Change, ...]:
    """Return first and final offers side by side, of a lot its own, for who reads prices.

    Empty before the opening, and where the lot was not reopened.
    """
    held = OfferRound.objects.filter(rfp=rfp, state=OfferState.OPENED).first()
    if held is None or not can(user, "bids.read_prices", rfp):
        return ()
    asked = [one for one in _asked(held, vendor_names(user, rfp)) if one.lot == lot]
    return _changes(user, rfp, asked, lot, sees=True)


def _with(page: OffersPage, **values: object) -> OffersPage:
    return OffersPage(**{**page.__dict__, **values})


def _candidates(
    rfp: Rfp, names: Mapping[uuid.UUID, str], excluded: Mapping[Place, str]
) -> tuple[Asked, ...]:
    return tuple(
        Asked(one.pk, one.letter, names.get(one.pk, ""), excluded.get((one.pk, code), ""), lot)
        for code, (lot, bids) in lots_to_reopen(rfp).items()
        for one in bids
    )


def _asked(offer_round: OfferRound, names: Mapping[uuid.UUID, str]) -> tuple[Asked, ...]:
    held = OfferRequest.objects.filter(offer_round=offer_round).select_related("bid", "lot")
    return tuple(
        Asked(one.bid_id, one.bid.letter, names.get(one.bid_id, ""), one.left_out_because, one.lot)
        for one in held.order_by("lot__position", "lot__pk", "bid__letter")
        if one.bid_id in names  # to who may read no bid there are none
    )


def _each_lot(user: User, rfp: Rfp, asked: tuple[Asked, ...], *, sees: bool) -> Iterable[Change]:
    for lot in dict.fromkeys(one.lot for one in asked):
        rows = [one for one in asked if one.lot == lot]
        yield from _changes(user, rfp, rows, lot, sees=sees)


def _changes(
    user: User, rfp: Rfp, asked: Iterable[Asked], lot: Lot | None, *, sees: bool
) -> tuple[Change, ...]:
    """Put both offers of one lot beside each other, on the workload of that lot."""
    final = final_bids(rfp, lot)
    basis = basis_of(rfp, lot)
    first = _totals(quotes_for(user, rfp, lot, Offer.FIRST), basis) if sees else {}
    last = _totals(quotes_for(user, rfp, lot), basis) if sees else {}
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
