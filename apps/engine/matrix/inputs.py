"""What the matrix calculates with: criteria, values between 0 and 1, methods.

Arrays are float64 and read-only. V vendors, C criteria, E evaluators; NaN marks a missing score.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from apps.engine.errors import InvalidInput, MissingScores, ScaleError, WeightsError

Floats: TypeAlias = NDArray[np.float64]
Flags: TypeAlias = NDArray[np.bool_]
Ints: TypeAlias = NDArray[np.int64]

WEIGHTS_TOLERANCE = 1e-9
VALUE_TOLERANCE = 1e-12


class Missing(Enum):
    """What a missing score counts; published before opening."""

    ZERO = "zero"
    EXCLUDE = "exclude"
    BLOCK = "block"


def frozen(values: ArrayLike, *, ndim: int | None = None) -> Floats:
    """Return a read-only float array; NaN may stand in it, infinity may not."""
    array = _table(values, ndim)
    if np.isinf(array).any():
        raise InvalidInput("Give finite numbers; one of these is infinite.")
    return array


def _table(values: ArrayLike, ndim: int | None = None) -> Floats:
    try:
        array = np.array(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise InvalidInput("Give a table of numbers in which all rows are equally long.") from None
    if ndim is not None and array.ndim != ndim:
        raise InvalidInput(f"Give a table with {ndim} dimensions; this one has {array.ndim}.")
    array.flags.writeable = False
    return array


def checked_weights(weights: ArrayLike) -> Floats:
    """Return weights that are not negative and add up to 1; they are never rescaled in silence."""
    array = _table(weights, 1)
    if array.size == 0:
        raise WeightsError("Give at least one weight.")
    if not np.minimum.reduce(array) >= 0:
        raise WeightsError("Give weights of 0 or more.")
    total = float(np.add.reduce(array))
    if not abs(total - 1) <= WEIGHTS_TOLERANCE:
        raise WeightsError(f"Weights add up to {total:.12g}; they must add up to 1.")
    return array


def checked_values(values: ArrayLike, *, missing: bool = False) -> Floats:
    """Return values (V, C) inside 0..1; NaN only where `missing` allows it."""
    array = _table(values, 2)
    if array.size == 0:
        raise InvalidInput("Give at least one vendor and one criterion.")
    if _inside(array):
        return array
    absent = np.isnan(array)
    if absent.any() and not missing:
        raise MissingScores("A score is missing; choose how missing scores count first.")
    if ((array < -VALUE_TOLERANCE) | (array > 1 + VALUE_TOLERANCE)).any():
        raise ScaleError("Give values between 0 and 1.")
    return array


def _inside(values: Floats) -> bool:
    """Whether all values are plain, in two passes: no comparison with NaN is true."""
    low, high = np.minimum.reduce(values, axis=None), np.maximum.reduce(values, axis=None)
    return bool(low >= 0 and high <= 1)


def _plain(values: Floats, weights: Floats) -> bool:
    """Whether values and weights need no second look."""
    if values.size == 0 or not _inside(values) or not np.minimum.reduce(weights) >= 0:
        return False
    return abs(float(np.add.reduce(weights)) - 1) <= WEIGHTS_TOLERANCE


@dataclass(frozen=True)
class ValueFunction:
    """Piecewise-linear value of a raw score: linear between cut-offs, clipped outside."""

    cutoffs: tuple[float, ...]
    values: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.cutoffs) != len(self.values) or len(self.cutoffs) < 2:
            raise ScaleError("Give two or more cut-offs, each with its value.")
        if not all(np.isfinite(self.cutoffs)) or not all(0 <= v <= 1 for v in self.values):
            raise ScaleError("Give finite cut-offs and values between 0 and 1.")
        if any(b <= a for a, b in zip(self.cutoffs, self.cutoffs[1:], strict=False)):
            raise ScaleError("Give the cut-offs in increasing order.")
        steps = [b - a for a, b in zip(self.values, self.values[1:], strict=False)]
        if any(s < 0 for s in steps) and any(s > 0 for s in steps):
            raise ScaleError("Let the values only rise or only fall from one cut-off to the next.")

    def __call__(self, raw: Floats) -> Floats:
        return np.where(np.isnan(raw), np.nan, np.interp(raw, self.cutoffs, self.values))


def normalise(
    raw: ArrayLike, scale: ArrayLike, value_fn: Sequence[ValueFunction | None] | None = None
) -> Floats:
    """Return values 0..1 of raw rubric scores (..., V, C) on the end points of the rubric.

    `scale` (C, 2) holds worst and best of each criterion, so that a scale on which less is
    better is written (5, 0). A score outside its scale raises `ScaleError`; a value function
    replaces the straight line and clips outside its cut-offs (maths.md 1.1).
    """
    scores, ends = frozen(raw), frozen(scale, ndim=2)
    functions = tuple(value_fn) if value_fn is not None else (None,) * ends.shape[0]
    if scores.ndim < 2 or ends.shape != (scores.shape[-1], 2) or len(functions) != ends.shape[0]:
        raise ScaleError("Give one scale with two end points for each criterion.")
    values = np.empty_like(scores)
    for j, function in enumerate(functions):
        column = scores[..., j]
        values[..., j] = _straight(column, *ends[j]) if function is None else function(column)
    values.flags.writeable = False
    return values


def _straight(column: Floats, worst: float, best: float) -> Floats:
    if worst == best or np.isnan(worst) or np.isnan(best):
        raise ScaleError("Give a scale with two different end points.")
    if ((column < min(worst, best)) | (column > max(worst, best))).any():
        raise ScaleError(f"Give scores between {min(worst, best):g} and {max(worst, best):g}.")
    # + 0.0: the worst score of a falling scale is 0, not minus 0
    return np.asarray((column - worst) / (best - worst) + 0.0, dtype=np.float64)


def bounds(values: ArrayLike, policy: Missing) -> tuple[Floats, Floats]:
    """Return the values with every missing one at 0, and at 1 (maths.md 1.4)."""
    array = checked_values(values, missing=True)
    absent = np.isnan(array)
    if policy is Missing.BLOCK and absent.any():
        raise MissingScores("A score is missing, and the published rule allows no ranking then.")
    return np.where(absent, 0.0, array), np.where(absent, 1.0, array)


@dataclass(frozen=True, eq=False, kw_only=True)
class Matrix:
    """Values of the admitted and the other vendors under published weights; valid once built."""

    vendors: tuple[str, ...]
    criteria: tuple[str, ...]
    values: Floats
    weights: Floats
    admitted: Flags = field(default_factory=lambda: np.empty(0, dtype=bool))  # empty: everybody

    def __post_init__(self) -> None:
        values, weights = checked_values(self.values), checked_weights(self.weights)
        if values.shape != (len(self.vendors), len(self.criteria)):
            raise InvalidInput("Give one row for each vendor and one column for each criterion.")
        if weights.size != len(self.criteria):
            raise WeightsError("Give one weight for each criterion.")
        for names in (self.vendors, self.criteria):
            if len(set(names)) != len(names):
                raise InvalidInput("Give every vendor and every criterion a name of its own.")
        admitted = np.array(self.admitted, dtype=bool)
        if admitted.size == 0:
            admitted = np.ones(len(self.vendors), dtype=bool)
        if admitted.shape != (len(self.vendors),):
            raise InvalidInput("Say for each vendor whether it is admitted.")
        admitted.flags.writeable = False
        object.__setattr__(self, "values", values)
        object.__setattr__(self, "weights", weights)
        object.__setattr__(self, "admitted", admitted)


@dataclass(frozen=True)
class Method:
    """A way from values (V, C) and weights (C,) to totals (V,), all three 0..1, more is better."""

    slug: str
    name: str
    totals: Callable[[Floats, Floats], Floats]
    source: str
    version: str = "1"
    award_rule: bool = False
    additive: bool = False
    reverses_rank: bool = False

    def score(self, values: ArrayLike, weights: ArrayLike) -> Floats:
        """Return totals (V,) of values (V, C) and weights (C,) that nobody has checked yet."""
        v, w = np.asarray(values, np.float64), np.asarray(weights, np.float64)
        if v.ndim != 2 or w.shape != v.shape[1:] or not _plain(v, w):
            v, w = checked_values(values), checked_weights(weights)
            if w.size != v.shape[1]:
                raise WeightsError("Give one weight for each criterion.")
        return self.totals(v, w)
