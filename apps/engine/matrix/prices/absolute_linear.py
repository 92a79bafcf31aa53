"""Absolute linear: a straight line between two published prices, whoever else bids."""

from decimal import Decimal

from apps.engine.errors import PriceFormulaUndefined
from apps.engine.fields import Field, Unit
from apps.engine.matrix.prices.formula import Bids, PriceFormula, Scored, scored


def compute(bids: Bids) -> Scored:
    """W * (cap - P) / (cap - floor), held inside 0..W; cap and floor are published."""
    cap, floor = bids.params["cap"], bids.params["floor"]
    if not floor < cap:
        raise PriceFormulaUndefined("Give a price cap above the price floor.")
    shares = (cap - bids.prices) / (cap - floor)
    return scored(bids.points * shares, points=bids.points, cap=cap, floor=floor)


ABSOLUTE_LINEAR = PriceFormula(
    slug="absolute-linear",
    name="Absolute linear",
    compute=compute,
    depends_on_others=False,
    source="Bergman and Lundberg, Journal of Purchasing and Supply Management, 2013",
    flaw="needs-estimate",
    fields=(
        Field("cap", Unit.MONEY, Decimal(0), None, "Price from which on a bid gets no points."),
        Field("floor", Unit.MONEY, Decimal(0), None, "Price up to which a bid gets all points."),
    ),
)
