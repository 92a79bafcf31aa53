"""Where one quote becomes cheaper than another: every break-even, not just one.

Costs are functions of volume, known at nodes and straight between them; nodes lie on every
volume at which a price changes its slope, and on both sides of one at which it jumps.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise

import numpy as np

from apps.engine.errors import InvalidInput
from apps.engine.pricing.erlang_b import Floats

EQUAL = 1e-9  # relative to the larger cost
JUMP = 1e-8  # nodes closer than this, relative, are the two sides of a jump

MOST_BREAKS = 600

Cost = Callable[[Floats], Floats]


@dataclass(frozen=True, kw_only=True)
class Crossing:
    """Where the cheaper of two changes: at a volume of equal cost, or by a jump of a price.

    `until` lies above `volume` where both cost the same over a range.
    """

    volume: float
    until: float
    cost: float
    cheaper_below: int
    cheaper_above: int
    jump: bool = False


@dataclass(frozen=True, kw_only=True)
class Range:
    """The volumes over which one quote is the cheapest."""

    low: float
    high: float
    cheapest: int


def nodes(low: float, high: float, breaks: Sequence[Floats], even: int = 101) -> Floats:
    """Return volumes to evaluate: evenly spaced ones, and both sides of every break.

    Of more than MOST_BREAKS breaks every so-manieth is kept: so many bends are a smooth curve.
    """
    points = np.unique(np.concatenate([np.empty(0), *breaks]))
    points = points[(points > low) & (points < high)]
    points = points[:: 1 + len(points) // MOST_BREAKS]
    beside = np.concatenate([points * (1 - JUMP / 4), points, points * (1 + JUMP / 4)])
    return np.unique(np.concatenate([np.linspace(low, high, even), beside]))


def crossings(first: Cost | Floats, second: Cost | Floats, volumes: Floats) -> list[Crossing]:
    """Return every change of the cheaper of two costs, given as functions or at the nodes."""
    x = _rising(volumes)
    a, b = (
        costs(x) if callable(costs) else np.asarray(costs, dtype=float) for costs in (first, second)
    )
    gap = a - b
    gap = np.where(np.abs(gap) <= EQUAL * np.maximum(np.abs(a), np.abs(b)), 0.0, gap)
    signs = np.sign(gap)
    apart = np.flatnonzero(signs)
    found = []
    for left, right in pairwise(apart):
        if signs[left] != signs[right]:
            below = 0 if signs[left] < 0 else 1
            found.append(_crossing(x, a, gap, int(left), int(right), below))
    return found


def _crossing(x: Floats, a: Floats, gap: Floats, left: int, right: int, below: int) -> Crossing:
    """The change between two nodes with costs apart; nodes between them, if any, are equal."""
    jump = False
    if right == left + 1:
        part = gap[left] / (gap[left] - gap[right])
        volume = until = float(x[left] + part * (x[right] - x[left]))
        cost = float(a[left] + part * (a[right] - a[left]))
        jump = bool(x[right] - x[left] <= JUMP * x[right])
    else:
        volume, until, cost = float(x[left + 1]), float(x[right - 1]), float(a[left + 1])
    return Crossing(
        volume=volume,
        until=until,
        cost=cost,
        cheaper_below=below,
        cheaper_above=1 - below,
        jump=jump,
    )


def all_crossings(costs: Floats, volumes: Floats) -> list[tuple[int, int, Crossing]]:
    """Return the crossings of every pair of costs (Q, V), each with the pair, by volume."""
    found = [
        (a, b, crossing)
        for a, b in combinations(range(len(costs)), 2)
        for crossing in crossings(costs[a], costs[b], volumes)
    ]
    return sorted(found, key=lambda entry: (entry[2].volume, entry[0], entry[1]))


def cheapest_ranges(costs: Floats, volumes: Floats) -> list[Range]:
    """Return the cheapest of the costs (Q, V) over the whole range of volumes, without gaps.

    Where several cost the same, the one that was cheapest just below stays, else the first.
    """
    x = _rising(volumes)
    cuts = np.unique(np.append(x, [crossing.volume for _, _, crossing in all_crossings(costs, x)]))
    middles = (cuts[:-1] + cuts[1:]) / 2
    here = np.array([np.interp(middles, x, cost) for cost in costs])
    least = here.min(axis=0)
    cheapest = here <= least + EQUAL * np.abs(least)
    ranges: list[Range] = []
    for place, (low, high) in enumerate(pairwise(cuts.tolist())):
        if ranges and cheapest[ranges[-1].cheapest, place]:
            ranges[-1] = replace(ranges[-1], high=high)
        else:
            best = int(np.argmax(cheapest[:, place]))
            ranges.append(Range(low=low, high=high, cheapest=best))
    return ranges


def _rising(volumes: Floats) -> Floats:
    x = np.asarray(volumes, dtype=float)
    if x.ndim != 1 or len(x) < 2 or np.any(np.diff(x) <= 0):
        raise InvalidInput("Give at least two volumes, each above the one before.")
    return x


def cheapest_map(costs: Floats) -> np.ndarray[tuple[int, ...], np.dtype[np.intp]]:
    """Return which of the costs (Q, ...) is least at every node; the first of equal ones."""
    return np.asarray(np.argmin(costs, axis=0))


@dataclass(frozen=True, kw_only=True, eq=False)
class Regret:
    """What an award costs beyond the best one, over scenarios; in money."""

    largest: Floats  # (Q,)
    expected: Floats  # (Q,)
    minimax: int  # the award whose largest regret is least


def regret(costs: Floats, chances: Floats | None = None) -> Regret:
    """Return the regret of each cost (Q, S); scenarios are equally likely unless chances say."""
    weights = np.full(costs.shape[1], 1 / costs.shape[1]) if chances is None else chances
    loss = costs - costs.min(axis=0)
    largest = loss.max(axis=1)
    return Regret(largest=largest, expected=loss @ weights, minimax=int(np.argmin(largest)))
