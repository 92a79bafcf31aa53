"""The price sheet on the vendor's page: of the tender, or of one of its lots."""

from dataclasses import dataclass

from apps.bids.models import Bid
from apps.bids.selectors.draft_prices import basis_of, price_of
from apps.bids.types.draft import DraftPrice
from apps.bids.types.sheet import Basis, Priced, priced
from apps.core.errors import Incomplete
from apps.rfp.models import Lot
from apps.rfp.selectors import lots_of, picked


@dataclass(frozen=True)
class PricePage:
    basis: Basis
    price: DraftPrice | None
    priced: Priced | None
    lot: Lot | None = None


def price_page(bid: Bid, lot: Lot | None = None) -> PricePage:
    """Return the price sheet, of one lot where there are lots, with what it comes to."""
    basis, price = basis_of(bid.round.rfp, lot), price_of(bid, lot)
    if price is None:
        return PricePage(basis, None, None, lot)
    try:
        return PricePage(basis, price, priced(price.sheet, basis), lot)
    except Incomplete:  # a newer engine may ask for more than the one that read the sheet
        return PricePage(basis, price, None, lot)


def lot_of_bid(bid: Bid, code: str) -> Lot | None:
    """Return the lot that a page of a bid is about; None where the tender is one whole."""
    return picked(lots_of(bid.round.rfp), code)
