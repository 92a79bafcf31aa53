"""SMAA: how often each vendor is in each place when the weights are not known exactly.

Lahdelma and Salminen, Operations Research 49(3), 2001; Tervonen and Figueira, 2008.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.random import Generator
from numpy.typing import ArrayLike

from apps.engine.errors import InvalidInput, WeightsError
from apps.engine.matrix.inputs import Floats, checked_values, frozen
from apps.engine.matrix.methods.topsis import closeness, unit_columns
from apps.engine.matrix.product import totals
from apps.engine.matrix.spaces import WeightSpace, chunk_sizes, generator
from apps.engine.matrix.tally import MOST_VENDORS, Tally
from apps.engine.numbers import SNAP_DECIMALS

Z95 = 1.959963984540054
SMAA_METHODS = ("weighted-sum", "topsis")
CERTAIN = 1 - 1e-9
NOISE_STREAM = 1_000_003  # keeps score noise apart from the weights of the same seed

Scorer: TypeAlias = Callable[[Floats], Floats]


@dataclass(frozen=True, eq=False, kw_only=True)
class Smaa:
    """Shares of the sampled weights; V vendors, C criteria.

    `acceptability` (V, V): vendor by place. `pairwise` (V, V): row ahead of column. `central`
    (V, C): mean weights with which a vendor is first; `confidence` (V,): how often it is first
    with these; both NaN if it never is. `first_low`, `first_high` (V,): 95 % Wilson interval of
    the share of first places.
    """

    acceptability: Floats
    pairwise: Floats
    central: Floats
    confidence: Floats
    first_low: Floats
    first_high: Floats
    draws: int
    seed: int


def wilson(share: ArrayLike, n: int) -> tuple[Floats, Floats]:
    """Return the 95 % interval of a share of n draws (Wilson, 1927)."""
    p = np.asarray(share, dtype=np.float64)
    middle = (p + Z95**2 / (2 * n)) / (1 + Z95**2 / n)
    half = Z95 * np.sqrt(p * (1 - p) / n + Z95**2 / (4 * n * n)) / (1 + Z95**2 / n)
    return np.clip(middle - half, 0, 1), np.clip(middle + half, 0, 1)


def smaa(
    values: ArrayLike,
    space: WeightSpace,
    n: int,
    seed: int,
    score_noise: ArrayLike | None = None,
    *,
    method: str = "weighted-sum",
) -> Smaa:
    """Rank the vendors under n sampled weights; ties inside a sample share their places.

    `score_noise` (V, C) holds standard deviations of independent normal errors of the values.
    """
    v = checked_values(values)
    noise = None if score_noise is None else frozen(score_noise, ndim=2)
    _check(v, space, n, noise, method)
    scorer = _weighted_sum(v) if method == "weighted-sum" else _topsis(v)
    tally = Tally(v.shape[0], v.shape[1])
    add = tally.add_ties if _may_tie(v, space) else tally.add
    chunks = space.prepare(n, seed)
    for i in range(len(chunk_sizes(n))):
        weights = chunks(i)
        scores = scorer(weights)
        if noise is not None:
            scores += _shake(weights, noise, generator(seed, NOISE_STREAM, i))
        add(weights, scores)
    return _result(tally, n, seed, scorer, noise)


def _check(v: Floats, space: WeightSpace, n: int, noise: Floats | None, method: str) -> None:
    if n < 1 or v.shape[0] > MOST_VENDORS:
        raise InvalidInput(f"Draw at least one sample, for at most {MOST_VENDORS} vendors.")
    if space.criteria != v.shape[1]:
        raise WeightsError("Give a weight space over the same criteria as the values.")
    if method not in SMAA_METHODS:
        raise InvalidInput(f"Sample weights with one of: {', '.join(SMAA_METHODS)}.")
    if noise is None:
        return
    if method != "weighted-sum":
        raise InvalidInput("Score noise goes with the weighted sum only.")
    if noise.shape != v.shape or not (noise >= 0).all():
        raise InvalidInput("Give a standard deviation of 0 or more for each score.")


def _may_tie(v: Floats, space: WeightSpace) -> bool:
    """Whether two vendors can have equal totals in floats.

    They do once all weights on which they differ are lost in the noise of 1e-16 of the total,
    which happens with 1e-16 to the power of the sum of the shapes of these weights.
    """
    shape = space.shape
    return any(bool(((v[i] != v[i + 1 :]) @ shape < CERTAIN).any()) for i in range(len(v)))


def _weighted_sum(v: Floats) -> Scorer:
    return lambda weights: totals(weights, v)


def _topsis(v: Floats) -> Scorer:
    """Two products for a whole chunk: for w >= 0 the ideal is w times the best of each column.

    The share of squared distances orders vendors as TOPSIS does, without any root.
    """
    unit = unit_columns(v)
    to_best = np.square(unit - unit.max(axis=0))
    to_worst = np.square(unit - unit.min(axis=0))

    def scores(weights: Floats) -> Floats:
        squared = np.square(weights)
        return closeness(totals(squared, to_worst), totals(squared, to_best))

    return scores


def _shake(weights: Floats, noise: Floats, rng: Generator) -> Floats:
    """Errors of the totals: a weighted sum of independent normal errors is normal itself."""
    spread = np.sqrt(totals(np.square(weights), np.square(noise)))
    return np.asarray(spread * rng.standard_normal(spread.shape), dtype=np.float64)


def _result(tally: Tally, n: int, seed: int, scorer: Scorer, noise: Floats | None) -> Smaa:
    acceptability = tally.acceptability()
    first = acceptability[:, 0]
    with np.errstate(invalid="ignore"):
        central = np.where(first[:, None] > 0, tally.central / (first[:, None] * n), np.nan)
    low, high = wilson(first, n)
    return Smaa(
        acceptability=frozen(acceptability),
        pairwise=frozen(tally.pairwise()),
        central=frozen(central),
        confidence=frozen(_confidence(central, scorer, noise, n, seed)),
        first_low=frozen(low),
        first_high=frozen(high),
        draws=n,
        seed=seed,
    )


def _confidence(central: Floats, scorer: Scorer, noise: Floats | None, n: int, seed: int) -> Floats:
    """How often each vendor is first at its own central weights."""
    found = np.full(central.shape[0], np.nan)
    ever = np.flatnonzero(~np.isnan(central[:, 0]))
    scores = scorer(central[ever])
    for place, i in enumerate(ever):
        column = scores[:, place : place + 1]
        if noise is not None:
            weights = np.broadcast_to(central[i], (n, central.shape[1]))
            column = column + _shake(weights, noise, generator(seed, NOISE_STREAM))
        column = np.round(column, SNAP_DECIMALS)
        best = column == column.max(axis=0)
        found[i] = float((best[i] / best.sum(axis=0)).mean())
    return found
