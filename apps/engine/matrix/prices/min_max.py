"""Min-max: all points to the lowest price, none to the highest."""

import numpy as np

from apps.engine.matrix.prices.formula import Bids, PriceFormula, Scored, scored


def compute(bids: Bids) -> Scored:
    """W * (P_max - P) / (P_max - P_min); W for everybody where all prices are equal."""
    lowest, highest = float(bids.prices.min()), float(bids.prices.max())
    gap = highest - lowest
    shares = (highest - bids.prices) / gap if gap else np.ones(bids.prices.size)
    return scored(bids.points * shares, points=bids.points, lowest=lowest, highest=highest)


MIN_MAX = PriceFormula(
    slug="min-max",
    name="Min-max",
    compute=compute,
    depends_on_others=True,
    source="Stilger, Siderius and van Raaij, Journal of Public Procurement 17(1), 2017",
    flaw="slope-set-by-losers",
)
