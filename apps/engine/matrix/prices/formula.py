"""What every price formula takes and returns, and the checks that none of them can skip.

References (lowest, highest, mean, median) come from admitted bids only (maths.md 1.5).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from apps.engine.errors import InvalidInput, MissingScores, PriceFormulaUndefined
from apps.engine.fields import Field
from apps.engine.matrix.inputs import Flags, Floats, frozen

ABSOLUTE = "Score prices by a formula with published limits instead, or exclude this bid."


@dataclass(frozen=True, eq=False, kw_only=True)
class Bids:
    """The admitted bids, all arrays (n,).

    `quality` holds quality points, which only formulae with an adjusted price read; `days` is
    what a user cost per day multiplies.
    """

    prices: Floats
    points: float
    params: Mapping[str, float]
    quality: Floats
    days: Floats


@dataclass(frozen=True, eq=False, kw_only=True)
class Scored:
    """Points, or adjusted prices where the lowest wins; `clamped` marks points held at a limit."""

    values: Floats
    clamped: Flags
    reference: Mapping[str, float] = field(default_factory=dict)


def scored(values: ArrayLike, *, points: float, **reference: float) -> Scored:
    """Hold points inside 0..points and record where that changed one."""
    raw = np.asarray(values, dtype=np.float64)
    held = np.clip(raw, 0.0, points)
    return Scored(values=held, clamped=np.abs(held - raw) > 1e-12 * points, reference=reference)


def adjusted(values: ArrayLike) -> Scored:
    prices = np.asarray(values, dtype=np.float64)
    return Scored(values=prices, clamped=np.zeros(prices.shape, dtype=bool))


@dataclass(frozen=True, kw_only=True)
class PriceFormula:
    """One way from prices to points, or to an adjusted price of which the lowest wins."""

    slug: str
    name: str
    compute: Callable[[Bids], Scored]
    depends_on_others: bool
    source: str
    flaw: str
    fields: tuple[Field, ...] = ()
    zero_allowed: bool = True
    lowest_wins: bool = False
    version: str = "1"

    def score(
        self,
        prices: ArrayLike,
        points: float = 100.0,
        params: Mapping[str, float] | None = None,
        admitted: ArrayLike | None = None,
        *,
        quality: ArrayLike | None = None,
        days: ArrayLike | None = None,
    ) -> Scored:
        """Score prices (V,) of money >= 0; a vendor that is not admitted gets NaN."""
        given = frozen(prices, ndim=1)
        inside = np.ones(given.size, dtype=bool) if admitted is None else np.asarray(admitted, bool)
        if inside.shape != given.shape:
            raise InvalidInput("Say for each vendor whether it is admitted.")
        values = np.full(given.size, np.nan)
        clamped = np.zeros(given.size, dtype=bool)
        if not inside.any():
            return Scored(values=values, clamped=clamped)
        bids = Bids(
            prices=self._checked_prices(given[inside]),
            points=self._checked_points(points),
            params=self._checked_params(params or {}),
            quality=_column(quality, given.size, "quality figure")[inside],
            days=_column(days, given.size, "number of days")[inside],
        )
        result = self.compute(bids)
        values[inside], clamped[inside] = result.values, result.clamped
        return Scored(values=values, clamped=clamped, reference=result.reference)

    def _checked_prices(self, prices: Floats) -> Floats:
        if np.isnan(prices).any():
            raise MissingScores("Give a price for every admitted vendor.")
        if (prices < 0).any():
            raise PriceFormulaUndefined("Give prices of 0 or more.")
        if not self.zero_allowed and (prices == 0).any():
            raise PriceFormulaUndefined(f"{self.name} has no value for a price of 0. {ABSOLUTE}")
        return prices

    @staticmethod
    def _checked_points(points: float) -> float:
        if not 0 < points < np.inf:
            raise InvalidInput("Give price points above 0.")
        return float(points)

    def _checked_params(self, params: Mapping[str, float]) -> dict[str, float]:
        known = {one.name: one for one in self.fields}
        for name, value in params.items():
            if name not in known or not np.isfinite(value):
                raise InvalidInput(f"{self.name} reads finite figures for: {', '.join(known)}.")
        for name, one in known.items():
            if one.required and name not in params:
                raise InvalidInput(f"{self.name} needs {name}: {one.help}")
        return {name: float(value) for name, value in params.items()}


def _column(values: ArrayLike | None, size: int, what: str) -> Floats:
    column = np.zeros(size) if values is None else frozen(values, ndim=1)
    if column.size != size:
        raise InvalidInput(f"Give one {what} for each vendor.")
    return column
