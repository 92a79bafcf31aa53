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
class Consensus:
    """All arrays (V, C); NaN where nobody scored.

    `values` is what counts: the agreed score where one is given, else mean or median. `flags`
    marks agreed scores outside what evaluators gave, `distance` is |values - mean|, `lo` and
    `hi` are the values with every missing one at 0 and at 1.
    """

    values: Floats
    mean: Floats
    median: Floats
    least: Floats
    most: Floats
    spread: Floats
    count: Ints
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
    """Put the values of evaluators (E, V, C) together; NaN is an abstention, not a number."""
    scores = frozen(v, ndim=3)
    if mode not in MODES or scores.shape[0] == 0:
        raise InvalidInput("Give the scores of at least one evaluator, and mean or median.")
    mean, median, least, most, count = _cells(scores)
    values = mean if mode == "mean" else median
    if agreed is not None:
        values = frozen(agreed, ndim=2)
        if values.shape != mean.shape:
            raise MissingScores("Give an agreed score, or none, for every cell.")
    lo, hi = bounds(values, missing)
    return Consensus(
        values=frozen(values),
        mean=mean,
        median=median,
        least=least,
        most=most,
        spread=frozen(most - least),
        count=count,
        distance=frozen(np.abs(values - mean)),
        flags=np.asarray((values < least - OUTSIDE) | (values > most + OUTSIDE), dtype=bool),
        lo=lo,
        hi=hi,
    )


def _cells(scores: Floats) -> tuple[Floats, Floats, Floats, Floats, Ints]:
    """Return mean, median, least, most and number of the scores of each cell."""
    given = ~np.isnan(scores)
    count = given.sum(axis=0)
    none = count == 0
    ordered = np.sort(scores, axis=0)  # NaN last
    top = np.maximum(count - 1, 0)

    def at(place: Ints) -> Floats:
        found = np.take_along_axis(ordered, place[None], axis=0)[0]
        return np.where(none, np.nan, found)

    total = np.where(given, scores, 0.0).sum(axis=0)
    mean = np.where(none, np.nan, total / np.maximum(count, 1))
    median = (at(top // 2) + at((top + 1) // 2)) / 2
    return frozen(mean), frozen(median), frozen(ordered[0]), frozen(at(top)), count
