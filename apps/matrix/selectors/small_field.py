"""One or two admitted bids: nothing is said of how firm the result is, and prices are held to a cap.

The engine makes no claim of robustness for so few (`case_robustness`), so that a record holds none.
"""

from dataclasses import dataclass
from decimal import Decimal

from apps.engine.matrix.case_robustness import FEWEST
from apps.engine.matrix.prices import PRICE_FORMULAE
from apps.matrix.selectors.frozen import Bidder, Frozen
from apps.matrix.selectors.price_points import Price

CAP = "cap"


@dataclass(frozen=True)
class Beside:
    """A bid's price and what it lies below the published cap; a negative distance is above it."""

    bidder: Bidder
    amount: str
    distance: Decimal

    @property
    def apart(self) -> Decimal:
        return abs(self.distance)


@dataclass(frozen=True)
class SmallField:
    """What a page says where fewer than three bids are admitted.

    `cap` is None where none was published, or prices are sealed: then `rows` are empty and the
    in-house case is what prices are compared with. `relative` names a price formula whose points
    come from the other bids; empty where it is none.
    """

    count: int
    with_price: bool
    cap: str | None
    rows: tuple[Beside, ...]
    relative: str


def small_field(held: Frozen, prices: tuple[Price, ...]) -> SmallField | None:
    """Return what is said of so few bids; None for three or more, and for none at all."""
    if not 0 < len(held.admitted) < FEWEST:
        return None
    block = held.case.get("price") or {}
    cap = block.get("params", {}).get(CAP) if prices else None
    formula = PRICE_FORMULAE[block["formula"]] if block else None
    return SmallField(
        count=len(held.admitted),
        with_price=bool(prices),
        cap=cap,
        rows=tuple(
            Beside(one.bidder, one.amount, Decimal(cap) - Decimal(one.amount))
            for one in prices
            if cap is not None and one.amount is not None
        ),
        relative=formula.name if formula and formula.depends_on_others else "",
    )
