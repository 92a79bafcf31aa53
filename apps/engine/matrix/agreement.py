"""How far evaluators agree: Krippendorff's alpha, intraclass correlation, Kendall's W.

Scores x (E, U): evaluators by units, a unit being one vendor on one criterion (maths.md 4).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from apps.engine.errors import ConventionRequired, InvalidInput, MissingScores
from apps.engine.matrix.inputs import Flags, Floats, Ints, frozen

LEVELS = ("nominal", "ordinal", "interval", "ratio")
RELIABLE, TENTATIVE = 0.8, 0.667  # Krippendorff, Content Analysis
NOTHING = 1e-12


@dataclass(frozen=True)
class Alpha:
    """`value` is None where all scores are equal: agreement beyond chance is undefined then."""

    value: float | None
    level: str
    units: int
    ratings: int

    @property
    def verdict(self) -> str:
        if self.value is None:
            return "no-variation"
        if self.value >= RELIABLE:
            return "reliable"
        return "tentative" if self.value >= TENTATIVE else "unreliable"


def alpha(x: ArrayLike, level: str) -> Alpha:
    """Return Krippendorff's alpha = 1 - (n - 1) sum(o d2) / sum(n_c n_k d2); NaN is no rating.

    Units with one rating are dropped. Ordinal distances are interval distances of mid-ranks, so
    that both need sums and squares only.
    """
    return _alpha(*_coded(x, level), level)


def leave_one_out(x: ArrayLike, level: str) -> tuple[Alpha | None, ...]:
    """Return alpha without each evaluator in turn; None where too few scores are left."""
    levels, codes = _coded(x, level)
    found: list[Alpha | None] = []
    for e in range(codes.shape[0]):
        left = np.delete(codes, e, axis=0)
        comparable = ((left >= 0).sum(axis=0) > 1).any()
        found.append(_alpha(levels, left, level) if comparable else None)
    return tuple(found)


def _coded(x: ArrayLike, level: str) -> tuple[Floats, Ints]:
    """Return the levels in use and, for each score, which one it is; -1 for none."""
    if level not in LEVELS:
        raise ConventionRequired(f"Name the level of the scale: {', '.join(LEVELS)}.")
    scores = frozen(x, ndim=2)
    if level == "ratio" and (scores < 0).any():
        raise InvalidInput("A ratio scale has no scores below 0.")
    levels, codes = np.unique(scores, return_inverse=True)
    return levels, np.where(np.isnan(scores), -1, codes.reshape(scores.shape))


def _alpha(levels: Floats, codes: Ints, level: str) -> Alpha:
    """Return alpha of coded scores (E, U), -1 where there is none."""
    per_unit = (codes >= 0).sum(axis=0)
    codes, per_unit = codes[:, per_unit > 1], per_unit[per_unit > 1]
    given = codes >= 0
    n = int(per_unit.sum())
    if n == 0:
        raise MissingScores("Give at least one unit that two evaluators scored.")
    counts = np.bincount(codes[given], minlength=levels.size).astype(np.float64)
    if level in ("ordinal", "interval"):
        at = np.cumsum(counts) - counts / 2 if level == "ordinal" else levels
        at = np.nan_to_num(at) - np.average(np.nan_to_num(at), weights=counts)
        seen, expected = _squares(at, codes, given, per_unit, counts)
    else:
        seen, expected = _pairs(np.nan_to_num(levels), codes, given, per_unit, counts, level)
    value = None if expected <= NOTHING else 1 - (n - 1) * seen / expected
    return Alpha(value, level, int(per_unit.size), n)


def _squares(
    at: Floats, codes: Ints, given: Flags, per_unit: Ints, counts: Floats
) -> tuple[float, float]:
    """Observed and expected sums of squared differences of positions, from moments."""
    figures = np.where(given, at[codes], 0.0)
    first, second = figures.sum(axis=0), np.square(figures).sum(axis=0)
    seen = 2 * (per_unit * second - first**2) / (per_unit - 1)
    n = counts.sum()
    expected = 2 * (n * float(counts @ np.square(at)) - float(counts @ at) ** 2)
    return float(seen.sum()), float(expected)


def _pairs(
    levels: Floats, codes: Ints, given: Flags, per_unit: Ints, counts: Floats, level: str
) -> tuple[float, float]:
    """Observed and expected sums of distances that are no differences of positions."""

    def apart(a: Floats, b: Floats) -> Floats:
        if level == "nominal":
            return np.asarray(a != b, dtype=np.float64)
        whole = a + b
        return np.square(np.where(whole == 0, 0.0, (a - b) / np.where(whole == 0, 1.0, whole)))

    seen = 0.0
    for e in range(1, codes.shape[0]):
        both = given[e] & given[:e]
        between = apart(levels[codes[e]], levels[codes[:e]])
        seen += 2 * float((np.where(both, between, 0.0) / (per_unit - 1)).sum())
    expected = sum(
        float(count * (counts @ apart(value, levels)))
        for value, count in zip(levels, counts, strict=True)
    )
    return seen, expected


@dataclass(frozen=True)
class Icc:
    """Shrout and Fleiss 1979; `two` and `two_mean` (absolute agreement) are those for panels.

    None where the scores leave the figure undefined; negative estimates stay as they are.
    """

    one: float | None
    two: float | None
    three: float | None
    one_mean: float | None
    two_mean: float | None
    three_mean: float | None


def icc(x: ArrayLike) -> Icc:
    """Return the six intraclass correlations of complete scores (E, U)."""
    scores = _complete(x)
    k, n = scores.shape
    middle = scores.mean()
    targets = k * float(np.square(scores.mean(axis=0) - middle).sum())
    judges = n * float(np.square(scores.mean(axis=1) - middle).sum())
    everything = float(np.square(scores - middle).sum())
    b, j = targets / (n - 1), judges / (k - 1)
    w = (everything - targets) / (n * (k - 1))
    e = max(everything - targets - judges, 0.0) / ((n - 1) * (k - 1))
    return Icc(
        one=_ratio(b - w, b + (k - 1) * w),
        two=_ratio(b - e, b + (k - 1) * e + k * (j - e) / n),
        three=_ratio(b - e, b + (k - 1) * e),
        one_mean=_ratio(b - w, b),
        two_mean=_ratio(b - e, b + (j - e) / n),
        three_mean=_ratio(b - e, b),
    )


def _ratio(above: float, below: float) -> float | None:
    return above / below if abs(below) > NOTHING else None


def kendall_w(x: ArrayLike) -> float | None:
    """Return Kendall's W of complete scores (E, U), ties counted; None if all are tied.

    W = 12 S / (k^2 (n^3 - n) - k sum T), T = sum (t^3 - t) over the ties of each evaluator.
    """
    scores = _complete(x)
    k, n = scores.shape
    ranks = np.empty_like(scores)
    ties = 0.0
    for e, row in enumerate(scores):
        _, places, sizes = np.unique(row, return_inverse=True, return_counts=True)
        ranks[e] = (np.cumsum(sizes) - (sizes - 1) / 2)[places]
        ties += float((sizes.astype(np.float64) ** 3 - sizes).sum())
    sums = ranks.sum(axis=0)
    spread = float(np.square(sums - sums.mean()).sum())
    return _ratio(12 * spread, k * k * (n**3 - n) - k * ties)


def _complete(x: ArrayLike) -> Floats:
    scores = frozen(x, ndim=2)
    if np.isnan(scores).any() or min(scores.shape) < 2:
        raise MissingScores(
            "Give the scores of at least two evaluators for at least two units, none missing."
        )
    return scores
