"""Weight spaces for SMAA: where weights are drawn from when nobody knows them exactly.

A space prepares `n` samples from a seed and hands them out in chunks. Rows are positive and not
scaled to 1, because a positive factor changes no rank; chunk i has a generator of its own, so
that the same seed gives the same samples in whatever order the chunks are made.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np
from numpy.random import SFC64, Generator, SeedSequence

from apps.engine.errors import WeightsError
from apps.engine.matrix.inputs import Flags, Floats, checked_weights, frozen

CHUNK = 2048  # 3 MB of weights at 200 criteria; with 512 the calls into numpy cost a third more
BLOCK = 256
LEAST_SHAPE = 1e-300  # below it every variate underflows to 0, and 1 / shape might overflow
LEAST_ACCEPTANCE = 0.05
PILOT = 4096

Chunks: TypeAlias = Callable[[int], Floats]


def generator(seed: int, *stream: int) -> Generator:
    return Generator(SFC64(SeedSequence((seed, *stream))))


def chunk_sizes(n: int) -> list[int]:
    whole, rest = divmod(n, CHUNK)
    return [CHUNK] * whole + [rest] * (rest > 0)


class WeightSpace(Protocol):
    @property
    def criteria(self) -> int: ...

    @property
    def shape(self) -> Floats:
        """Gamma shape (C,) of each weight: it is a share e of the total or less with e ** shape."""
        ...

    def prepare(self, n: int, seed: int) -> Chunks: ...


@dataclass(frozen=True)
class Simplex:
    """All weights that add up to 1, equally likely: exponentials over their sum."""

    criteria: int

    def __post_init__(self) -> None:
        if self.criteria < 1:
            raise WeightsError("Give at least one criterion.")

    @property
    def shape(self) -> Floats:
        return np.ones(self.criteria)

    def prepare(self, n: int, seed: int) -> Chunks:
        sizes = chunk_sizes(n)
        return lambda i: generator(seed, i).standard_exponential((sizes[i], self.criteria))


@dataclass(frozen=True)
class Ordered:
    """All weights that keep an order: `order` lists the criteria, the most important first."""

    order: tuple[int, ...]

    def __post_init__(self) -> None:
        if not self.order or sorted(self.order) != list(range(len(self.order))):
            raise WeightsError("List every criterion once, the most important first.")

    @property
    def criteria(self) -> int:
        return len(self.order)

    @property
    def shape(self) -> Floats:
        return np.ones(self.criteria)

    def prepare(self, n: int, seed: int) -> Chunks:
        uniform = Simplex(self.criteria).prepare(n, seed)

        def chunk(i: int) -> Floats:
            falling = -np.sort(-uniform(i), axis=1)
            weights = np.empty_like(falling)
            weights[:, self.order] = falling
            return weights

        return chunk


@dataclass(frozen=True, eq=False)
class Dirichlet:
    """Around stated weights; the standard deviation of w is sqrt(w (1 - w) / (k + 1))."""

    weights: Floats
    concentration: float = 60.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "weights", checked_weights(self.weights))
        if not 0 < self.concentration < np.inf:
            raise WeightsError("Give a concentration above 0.")

    @property
    def criteria(self) -> int:
        return int(self.weights.size)

    @property
    def shape(self) -> Floats:
        return frozen(self.weights * self.concentration)

    def prepare(self, n: int, seed: int) -> Chunks:
        sizes = chunk_sizes(n)

        def chunk(i: int) -> Floats:
            drawn = gammas(generator(seed, i), self.shape, sizes[i])
            drawn[drawn.sum(axis=1) == 0] = self.weights  # all of it underflowed
            return drawn

        return chunk


def gammas(rng: Generator, shape: Floats, rows: int) -> Floats:
    """Return gamma variates (rows, C) of shapes (C,); a shape of 0 gives 0.

    A variate of shape a < 1 is one of shape a + 1 times U ** (1 / a), exactly (Marsaglia and
    Tsang, ACM TOMS 26(3), 2000, section 6): numpy's own way for these shapes takes 1.4 times as
    long. Blocks keep the uniform numbers in the processor's cache.
    """
    small = (shape > 0) & (shape < 1)
    if not small.any():
        return np.asarray(rng.standard_gamma(shape, (rows, shape.size)), dtype=np.float64)
    raised = shape + small
    power = np.where(small, 1 / np.maximum(shape, LEAST_SHAPE), 0.0)
    drawn = np.empty((rows, shape.size))
    for start in range(0, rows, BLOCK):
        block = drawn[start : start + BLOCK]
        rng.standard_gamma(raised, out=block)
        logs = np.log(1 - rng.random(block.shape))
        logs *= power
        block *= np.exp(logs, out=logs)
    return drawn


@dataclass(frozen=True, eq=False)
class Bounds:
    """All weights inside given bounds (C, 2), equally likely.

    Lower bounds only shrink the simplex; upper bounds reject samples, and once fewer than 5 %
    pass, a hit-and-run walk takes over (Tervonen and others, 2013).
    """

    ends: Floats

    def __post_init__(self) -> None:
        ends = frozen(self.ends, ndim=2)
        object.__setattr__(self, "ends", ends)
        if ends.shape[0] == 0 or ends.shape[1] != 2 or np.isnan(ends).any():
            raise WeightsError("Give a lower and an upper bound for each weight.")
        low, high = ends.T
        if (low < 0).any() or (high > 1).any() or (low > high).any():
            raise WeightsError("Give bounds between 0 and 1, the lower one first.")
        if low.sum() > 1 or high.sum() < 1:
            raise WeightsError("No weights inside these bounds add up to 1; widen them.")

    @property
    def criteria(self) -> int:
        return int(self.ends.shape[0])

    @property
    def shape(self) -> Floats:
        return np.asarray(self.ends[:, 1] > 0, dtype=np.float64)

    def prepare(self, n: int, seed: int) -> Chunks:
        rng = generator(seed)
        cloud = self._reject(rng, n)
        if cloud is None:
            cloud = hit_and_run(self.ends, n, rng)
        return lambda i: cloud[i * CHUNK : (i + 1) * CHUNK]

    def _reject(self, rng: Generator, n: int) -> Floats | None:
        kept: list[Floats] = []
        found = drawn = 0
        while found < n:
            inside = self._inside(rng, max(PILOT, min(n, 8 * CHUNK)))
            drawn += max(PILOT, min(n, 8 * CHUNK))
            found += inside.shape[0]
            kept.append(inside)
            if found < LEAST_ACCEPTANCE * drawn:
                return None
        return np.asarray(np.concatenate(kept)[:n], dtype=np.float64)

    def _inside(self, rng: Generator, size: int) -> Floats:
        low, high = self.ends.T
        raw = rng.standard_exponential((size, self.criteria))
        weights = low + (1 - low.sum()) * raw / raw.sum(axis=1, keepdims=True)
        return np.asarray(weights[(weights <= high).all(axis=1)], dtype=np.float64)


def hit_and_run(ends: Floats, n: int, rng: Generator) -> Floats:
    """Return n samples (n, C) of the simplex between bounds, from CHUNK walks side by side.

    Each step takes a random direction in which the sum stays 1 and a uniform point of the
    segment that the bounds leave. Walks start inside and run 20 C steps before and 2 C steps
    between samples.
    """
    low, high = ends.T
    slack = float(high.sum() - low.sum())
    start = low + (high - low) * ((1 - low.sum()) / slack if slack > 0 else 0.0)
    free = high > low
    if free.sum() < 2:
        return np.tile(start, (n, 1))
    here = np.tile(start, (CHUNK, 1))
    samples: list[Floats] = []
    steps = 20 * low.size
    while len(samples) * CHUNK < n:
        for _ in range(steps):
            here = _step(here, ends, free, rng)
        samples.append(here)
        steps = 2 * low.size
    return np.asarray(np.concatenate(samples)[:n], dtype=np.float64)


def _step(here: Floats, ends: Floats, free: Flags, rng: Generator) -> Floats:
    low, high = ends.T
    direction = rng.standard_normal(here.shape) * free
    direction -= free * (direction.sum(axis=1, keepdims=True) / free.sum())
    with np.errstate(divide="ignore", invalid="ignore"):
        to_low, to_high = (low - here) / direction, (high - here) / direction
    back = np.where(free, np.minimum(to_low, to_high), -np.inf).max(axis=1)
    forth = np.where(free, np.maximum(to_low, to_high), np.inf).min(axis=1)
    length = back + np.maximum(forth - back, 0.0) * rng.random(here.shape[0])
    return np.asarray(np.clip(here + length[:, None] * direction, low, high), dtype=np.float64)


def order_of(weights: Sequence[float]) -> Ordered:
    """Return the space that keeps the order of stated weights."""
    return Ordered(tuple(int(j) for j in np.argsort(-checked_weights(weights), kind="stable")))
