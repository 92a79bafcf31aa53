"""How far weights can move before the award does, in exact closed form (maths.md 6.2, 6.3).

All functions take values (V, C) without gaps and weights (C,) that add up to 1, and mean the
weighted sum. `winner` is the row of the vendor in first place; without it, the largest total.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from apps.engine.errors import InvalidInput, WeightsError
from apps.engine.matrix.inputs import Floats, Ints, checked_values, checked_weights, frozen

FLAT = 1e-12  # gaps that change less than this over the whole range of a weight do not change
NOBODY = -1


def additive(values: ArrayLike, weights: ArrayLike) -> tuple[Floats, Floats]:
    """Return checked values (V, C) and weights (C,) of a weighted sum."""
    v, w = checked_values(values), checked_weights(weights)
    if v.shape[1] != w.size:
        raise WeightsError("Give one weight for each criterion.")
    return v, w


def _winner(v: Floats, w: Floats, winner: int | None) -> int:
    if winner is None:
        return int(np.argmax(v @ w))
    if not 0 <= winner < v.shape[0]:
        raise InvalidInput("Name a winner that is one of the vendors.")
    return winner


@dataclass(frozen=True, eq=False)
class WeightIntervals:
    """Range (C,) of each weight, the others keeping their proportions, in which the award stands.

    `rival_lo` and `rival_hi` name who wins beyond, NOBODY where the end is 0 or 1. A criterion
    that carries all the weight has NaN: the others have no proportions to keep.
    """

    lo: Floats
    hi: Floats
    rival_lo: Ints
    rival_hi: Ints


def weight_intervals(
    values: ArrayLike, weights: ArrayLike, winner: int | None = None
) -> WeightIntervals:
    """Intersect, over all rivals, where t d1 + (1 - t) d0 >= 0 (maths.md 6.2); O(V C)."""
    v, w = additive(values, weights)
    a = _winner(v, w, winner)
    rivals = np.delete(np.arange(v.shape[0]), a)
    all_of_it = w >= 1
    d = v[a] - v[rivals]
    with np.errstate(divide="ignore", invalid="ignore"):
        rest = ((d @ w)[:, None] - w * d) / (1 - w)
        crossing = rest / (rest - d)
    moving = np.abs(rest - d) > FLAT
    upper = np.where(moving & (d < rest), crossing, np.inf)
    lower = np.where(moving & (d > rest), crossing, -np.inf)
    hi, rival_hi = _nearest(upper, rivals, 1.0)
    lo, rival_lo = _nearest(-lower, rivals, 0.0)
    lo, hi = np.minimum(0.0 - lo, w), np.maximum(hi, w)  # float noise must not push the weight out
    lo[all_of_it], hi[all_of_it] = np.nan, np.nan
    rival_lo[all_of_it], rival_hi[all_of_it] = NOBODY, NOBODY
    return WeightIntervals(frozen(lo), frozen(hi), rival_lo, rival_hi)


def _nearest(bounds: Floats, rivals: Ints, limit: float) -> tuple[Floats, Ints]:
    """Return the smallest bound of each column and whose it is; `limit` where none is nearer."""
    if rivals.size == 0:
        return np.full(bounds.shape[1], limit), np.full(bounds.shape[1], NOBODY)
    row = np.argmin(bounds, axis=0)
    nearest = bounds[row, np.arange(bounds.shape[1])]
    binds = nearest < limit
    return np.where(binds, nearest, limit), np.where(binds, rivals[row], NOBODY)


@dataclass(frozen=True, eq=False)
class Move:
    """The least weight that has to move for a rival to draw level with the winner.

    `moved` is None where the winner dominates: no weighting puts the rival ahead. At
    `tie_only` the rival can draw level and never get ahead. `gives` (C,) is what each
    criterion loses, `to` the criterion that receives it.
    """

    rival: int
    moved: float | None
    weights: Floats
    gives: Floats
    to: int
    tie_only: bool

    @property
    def dominates(self) -> bool:
        return self.moved is None


def least_move(values: ArrayLike, weights: ArrayLike, a: int, b: int) -> Move:
    """Return the smallest move of weight at which b draws level with a (maths.md 6.3).

    Fractional knapsack: take from the criteria that favour a most, give to the one that favours
    a least; this is the optimum of the linear programme.
    """
    v, w = additive(values, weights)
    return _least_move(v[_winner(v, w, a)] - v[_winner(v, w, b)], w, b)


def _least_move(d: Floats, w: Floats, b: int) -> Move:
    """Move weight until the leads d (C,) of the winner over b add up to 0."""
    gap, to = float(w @ d), int(np.argmin(d))
    if gap <= 0:
        return Move(b, 0.0, w, frozen(np.zeros(w.size)), to, tie_only=False)
    if d[to] > 0:
        return Move(b, None, w, frozen(np.zeros(w.size)), to, tie_only=False)
    order = np.argsort(-d, kind="stable")
    closes = (d[order] - d[to]) * w[order]  # what each criterion closes if it gives everything
    before = np.cumsum(closes) - closes
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(closes > 0, np.clip((gap - before) / closes, 0, 1), 0.0)
    gives = np.zeros(w.size)
    gives[order] = share * w[order]
    after = w - gives
    after[to] += gives.sum()
    return Move(b, float(gives.sum()), frozen(after), frozen(gives), to, tie_only=bool(d[to] == 0))


def award_move(values: ArrayLike, weights: ArrayLike, winner: int | None = None) -> Move | None:
    """Return the least move over all rivals, or None where no weighting changes the award.

    At that point no third vendor is ahead of both: it would have needed a smaller move.
    """
    v, w = additive(values, weights)
    a = _winner(v, w, winner)
    rivals = [i for i in range(v.shape[0]) if i != a]
    moves = [_least_move(v[a] - v[b], w, b) for b in rivals]
    possible = [move for move in moves if move.moved is not None]
    return min(possible, key=lambda move: (move.moved, move.tie_only), default=None)
