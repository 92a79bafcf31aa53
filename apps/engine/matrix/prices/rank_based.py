"""Rank: points by place in the order of prices; equal prices share the better place."""

import numpy as np

from apps.engine.matrix.prices.formula import Bids, PriceFormula, Scored, scored


def compute(bids: Bids) -> Scored:
    """W * (1 - (rank - 1) / (m - 1)), rank 1 the cheapest; a single bid gets W."""
    cheaper = np.searchsorted(np.sort(bids.prices), bids.prices, side="left")
    shares = 1 - cheaper / max(bids.prices.size - 1, 1)
    return scored(bids.points * shares, points=bids.points)


RANK_BASED = PriceFormula(
    slug="rank",
    name="Rank of price",
    compute=compute,
    depends_on_others=True,
    source="Stilger, Siderius and van Raaij, Journal of Public Procurement 17(1), 2017",
    flaw="ignores-size",
)
