"""A price formula with its points and parameters: quality and price in, an award out."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from apps.engine.errors import InvalidInput
from apps.engine.matrix.inputs import Floats, frozen
from apps.engine.matrix.prices.formula import Bids, PriceFormula
from apps.engine.numbers import SNAP_DECIMALS


@dataclass(frozen=True, kw_only=True)
class PriceRule:
    """`points` is what price can earn beside the quality points of a bid.

    `decimals` rounds price points half up before they are added, where that was published.
    """

    formula: PriceFormula
    points: float = 100.0
    params: Mapping[str, float] = field(default_factory=dict)
    decimals: int | None = None

    def merit(self, q: ArrayLike, p: ArrayLike) -> Floats:
        """Return what the award goes by, (V,), more is better.

        Quality plus price points, or minus the adjusted price where the lowest of these wins.
        """
        quality, prices = frozen(q, ndim=1), frozen(p, ndim=1)
        if quality.shape != prices.shape or np.isnan(quality).any():
            raise InvalidInput("Give quality points and a price for every vendor.")
        self.formula.score(prices, self.points, self.params, quality=quality)  # refuses bad bids
        return self.merit_of_checked(quality, prices)

    def merit_of_checked(self, quality: Floats, prices: Floats) -> Floats:
        """Return the merit of bids that `merit` accepted, without a check: analyses call it often."""
        bids = Bids(
            prices=prices,
            points=self.points,
            params=self.params,
            quality=quality,
            days=np.zeros(prices.size),
        )
        values = self.formula.compute(bids).values
        if self.formula.lowest_wins:
            return -values
        if self.decimals is not None:
            values = round_columns(values, self.decimals)
        return quality + values

    def winners(self, q: ArrayLike, p: ArrayLike) -> tuple[int, ...]:
        """Return who is first, several vendors where they are equal."""
        return firsts(self.merit(q, p))


def round_columns(values: Floats, decimals: int) -> Floats:
    """Round half up, float noise removed first, as `numbers.round_half_up` does for one figure."""
    scale = 10.0**decimals
    snapped = np.round(values * scale, SNAP_DECIMALS - min(decimals, SNAP_DECIMALS))
    return np.asarray(np.floor(snapped + 0.5) / scale, dtype=np.float64)


def firsts(merit: Floats) -> tuple[int, ...]:
    """Return the places of the largest figures, equal ones within float noise."""
    scale = max(float(np.abs(merit).max(initial=0.0)), 1.0)
    shares = np.round(merit / scale, SNAP_DECIMALS)
    return tuple(int(i) for i in np.flatnonzero(shares == shares.max(initial=-np.inf)))
