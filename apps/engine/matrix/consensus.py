"""From individual scores to one score a cell; the individual scores are never changed.

The mean or median is only a proposal: what a panel agrees on is a record of its own, and this
module says where it leaves the range of what the evaluators gave (maths.md 1.6).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from apps.engine.errors import InvalidInput, MissingScores
from apps.engine.matrix.inputs import Flags, Floats, Ints, Missing, bounds, frozen

MODES = ("mean", "median")
OUTSIDE = 1e-9


@dataclass(frozen=True, eq=False, kw_only=True)
class Cells:
    """What the evaluators gave in each cell, (V, C), in the unit of the scores; NaN for nobody."""

    mean: Floats
    median: Floats
    least: Floats
    most: Floats
    count: Ints

    @property
    def spread(self) -> Floats:
        return frozen(self.most - self.least)

    def distance(self, agreed: Floats) -> Floats:
        return frozen(np.abs(agreed - self.mean))

    def outside(self, agreed: Floats) -> Flags:
        """Mark agreed scores that no evaluator's range holds."""
        low, high = self.least - OUTSIDE, self.most + OUTSIDE
        return np.asarray((agreed < low) | (agreed > high), dtype=bool)


def cells(scores: ArrayLike) -> Cells:
    """Sum up scores (E, V, C); NaN is an abstention, not a number."""
    given = frozen(scores, ndim=3)
    if given.shape[0] == 0:
        raise MissingScores("Give the scores of at least one evaluator.")
    there = ~np.isnan(given)
    count = np.asarray(there.sum(axis=0), dtype=np.int64)
    none = count == 0
    ordered = np.sort(given, axis=0)  # NaN last
    top = np.maximum(count - 1, 0)

    def at(place: Ints) -> Floats:
        found = np.take_along_axis(ordered, place[None], axis=0)[0]
        return np.where(none, np.nan, found)

    total = np.where(there, given, 0.0).sum(axis=0)
    return Cells(
        mean=frozen(np.where(none, np.nan, total / np.maximum(count, 1))),
        median=frozen((at(top // 2) + at((top + 1) // 2)) / 2),
        least=frozen(ordered[0]),
        most=frozen(at(top)),
        count=count,
    )


@dataclass(frozen=True, eq=False, kw_only=True)
class Consensus:
    """All arrays (V, C); NaN where nobody scored.

    `values` is what counts: the agreed score where one is given, else mean or median. `flags`
    marks agreed scores outside what evaluators gave, `distance` is |values - mean|, `lo` and
    `hi` are the values with every missing one at 0 and at 1.
    """

    values: Floats
    cells: Cells
    spread: Floats
    distance: Floats
    flags: Flags
    lo: Floats
    hi: Floats


def consensus(
    v: ArrayLike,
    mode: str = "mean",
    missing: Missing = Missing.ZERO,
    agreed: ArrayLike | None = None,
) -> Consensus:
    """Put the values 0..1 of evaluators (E, V, C) together under a policy for missing ones."""
    if mode not in MODES:
        raise InvalidInput("Take the mean or the median of the evaluators.")
    seen = cells(v)
    values = seen.mean if mode == "mean" else seen.median
    if agreed is not None:
        values = frozen(agreed, ndim=2)
        if values.shape != seen.mean.shape:
            raise MissingScores("Give an agreed score, or none, for every cell.")
    lo, hi = bounds(values, missing)
    return Consensus(
        values=values,
        cells=seen,
        spread=seen.spread,
        distance=seen.distance(values),
        flags=seen.outside(values),
        lo=lo,
        hi=hi,
    )
