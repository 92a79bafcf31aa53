"""Lowest over price: the points times lowest price over own price (World Bank QCBS)."""

from apps.engine.matrix.prices.formula import Bids, PriceFormula, Scored, scored


def compute(bids: Bids) -> Scored:
    """W * P_min / P; undefined at a price of 0."""
    lowest = float(bids.prices.min())
    return scored(bids.points * lowest / bids.prices, points=bids.points, lowest=lowest)


LOWEST_OVER_PRICE = PriceFormula(
    slug="lowest-over-price",
    name="Lowest over price",
    compute=compute,
    depends_on_others=True,
    zero_allowed=False,
    source="World Bank, Quality- and Cost-Based Selection",
    flaw="convex",
)
