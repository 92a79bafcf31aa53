"""The price sheets of a vendor's own draft, and what they are read against."""

import uuid
from typing import Any

from django.utils.translation import gettext as _

from apps.bids import adapters
from apps.bids.models import Bid, PriceSheet
from apps.bids.selectors.own_opened import OwnOpened, opened_instead
from apps.bids.states import Offer
from apps.bids.types.draft import WHOLE, DraftPrice
from apps.bids.types.sheet import Basis
from apps.core.errors import NotFound
from apps.rfp.models import Lot, Rfp
from apps.rfp.selectors import models_to_bid, workload_of


def prices_of(
    bid: Bid,
    offered: tuple[Lot, ...],
    lots: tuple[Lot, ...],
    opened: OwnOpened | None,
    offer: Offer = Offer.FIRST,
) -> dict[str, DraftPrice]:
    """Return the price sheets of an offer by lot; without lots the one there is."""
    codes: dict[Any, str] = {lot.pk: lot.code for lot in lots} if offered else {None: WHOLE}
    held = PriceSheet.objects.filter(bid=bid, offer=offer).select_related("saved_by")
    named = {codes[one.lot_id]: one for one in held if one.lot_id in codes}
    if opened is None:
        return {code: _read_price(one) for code, one in named.items()}
    sheets = opened.sheets_of(offer)
    return {code: _priced(one, sheets[code]) for code, one in named.items() if code in sheets}


def price_of(bid: Bid, lot: Lot | None = None, offer: Offer = Offer.FIRST) -> DraftPrice | None:
    """Return the saved sheet of an offer; without the key of a submitted one what was opened."""
    held = PriceSheet.objects.filter(bid=bid, lot=lot, offer=offer)
    stored = held.select_related("saved_by").first()
    if stored is None:
        return None
    opened = opened_instead(bid, offer)
    if opened is None:
        return _read_price(stored)
    sheet = opened.sheets_of(offer).get(lot.code if lot else WHOLE)
    return _priced(stored, sheet) if sheet else None


def subject_of(bid: Bid, lot: Lot | None) -> uuid.UUID:
    """Return what a price sheet's ciphertext is bound to: its lot, or the bid as one whole."""
    return lot.pk if lot else bid.pk


def _read_price(stored: PriceSheet) -> DraftPrice:
    sheet: dict[str, Any] = adapters.reveal(
        stored.ciphertext,
        bid_id=stored.bid_id,
        kind=adapters.price_kind(Offer(stored.offer)),
        subject=stored.lot_id or stored.bid_id,
    )
    return _priced(stored, sheet)


def _priced(stored: PriceSheet, sheet: dict[str, Any]) -> DraftPrice:
    return DraftPrice(sheet, stored.version, stored.saved_at, stored.saved_by.name)


def basis_of(rfp: Rfp, lot: Lot | None = None) -> Basis:
    """Return what a price sheet is read against: the workload of its lot, or of the whole."""
    workload = workload_of(rfp, lot)
    if workload is None:
        raise NotFound(_("There is no workload to price here."))
    return Basis(
        models=models_to_bid(rfp),
        currency=rfp.procurement.currency,
        months=rfp.term_months,
        workload=workload.content,
        asks_cost_floor=rfp.asks_cost_floor,
    )
