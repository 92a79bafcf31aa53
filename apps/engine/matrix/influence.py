"""Whether one evaluator, one score or chance moved the award (maths.md 6.5 and 6.6).

Values x (E, V, K) of the criteria that people scored, weights w (K,). Under mean consensus the
total of a vendor is `factor` * (w . mean of x) + `fixed`, where `fixed` (V,) carries what nobody
scored, such as price points.
"""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike

from apps.engine.errors import InvalidInput, MissingScores, WeightsError
from apps.engine.matrix.inputs import Flags, Floats, Ints, frozen
from apps.engine.matrix.spaces import generator
from apps.engine.numbers import SNAP_DECIMALS

ENUMERATED = 12  # up to so many evaluators every subset is tried
SAMPLED = 4096
BOOTSTRAP = 10_000
SLICE = 256


@dataclass(frozen=True, eq=False, kw_only=True)
class Panel:
    """Scores and award rule of a panel; valid once built."""

    x: Floats
    w: Floats
    fixed: Floats
    factor: Floats

    @property
    def size(self) -> int:
        return int(self.x.shape[0])

    def totals(self, members: Flags) -> Floats:
        """Return totals (S, V) under the mean of the members (S, E); a cell without any counts 0."""
        if not np.isnan(self.x).any():
            own = self.x @ self.w  # (E, V)
            mean = members.astype(np.float64) @ own / members.sum(axis=1, keepdims=True)
            return np.asarray(mean * self.factor + self.fixed, dtype=np.float64)
        parts = [
            self._gappy(members[start : start + SLICE]) for start in range(0, len(members), SLICE)
        ]
        return np.concatenate(parts)

    def _gappy(self, members: Flags) -> Floats:
        given = ~np.isnan(self.x)
        picked = members.astype(np.float64)
        flat = (self.size, -1)
        sums = picked @ np.where(given, self.x, 0.0).reshape(flat)
        counts = picked @ given.astype(np.float64).reshape(flat)
        means = (sums / np.maximum(counts, 1)).reshape(-1, *self.x.shape[1:])
        return np.asarray((means @ self.w) * self.factor + self.fixed, dtype=np.float64)


def panel(
    x: ArrayLike, w: ArrayLike, fixed: ArrayLike | None = None, factor: ArrayLike | None = None
) -> Panel:
    scores, weights = frozen(x, ndim=3), frozen(w, ndim=1)
    vendors = scores.shape[1]
    if 0 in scores.shape or weights.size != scores.shape[2]:
        raise WeightsError("Give scores, and one weight for each criterion that was scored.")
    if not (weights >= 0).all():
        raise WeightsError("Give weights of 0 or more.")
    offset = frozen(np.zeros(vendors) if fixed is None else fixed, ndim=1)
    scale = frozen(np.ones(vendors) if factor is None else factor, ndim=1)
    if offset.size != vendors or scale.size != vendors:
        raise InvalidInput("Give one figure for each vendor.")
    return Panel(x=scores, w=weights, fixed=offset, factor=scale)


def first(totals: Floats) -> Flags:
    """Mark who is first in each row (S, V); equal totals are first together."""
    shares = np.round(totals, SNAP_DECIMALS)
    return np.asarray(shares == shares.max(axis=1, keepdims=True), dtype=bool)


@dataclass(frozen=True)
class Dropped:
    """The award without some evaluators: who wins, and by how much."""

    evaluators: tuple[int, ...]
    winners: tuple[int, ...]
    margin: float
    changed: bool


@dataclass(frozen=True)
class OneScore:
    """The smallest change of one score that makes the winner share the first place."""

    evaluator: int
    vendor: int
    criterion: int
    change: float
    rival: int


@dataclass(frozen=True, eq=False, kw_only=True)
class Influence:
    """`banzhaf` (E,): share of the other subsets in which joining changes who wins."""

    winners: tuple[int, ...]
    margin: float
    singles: tuple[Dropped, ...]
    pairs: tuple[Dropped, ...]
    one_score: OneScore | None
    banzhaf: Floats

    @property
    def pivotal(self) -> tuple[int, ...]:
        """Evaluators without whom the award would be another."""
        return tuple(one.evaluators[0] for one in self.singles if one.changed)


def influence(
    x: ArrayLike,
    w: ArrayLike,
    fixed: ArrayLike | None = None,
    factor: ArrayLike | None = None,
    seed: int | None = None,
) -> Influence:
    """Drop each evaluator and each pair, look for one decisive score, count pivotal subsets.

    More than 12 evaluators need a seed: subsets are then sampled.
    """
    board = panel(x, w, fixed, factor)
    everybody = np.ones((1, board.size), dtype=bool)
    totals = board.totals(everybody)[0]
    singles, pairs = (_drop(board, totals, size) for size in (1, 2))
    return Influence(
        winners=_places(first(totals[None])[0]),
        margin=_margin(totals),
        singles=singles,
        pairs=pairs,
        one_score=_one_score(board, totals),
        banzhaf=frozen(_banzhaf(board, seed)),
    )


def _places(marks: Flags) -> tuple[int, ...]:
    return tuple(int(i) for i in np.flatnonzero(marks))


def _margin(totals: Floats) -> float:
    """Distance between the first two."""
    ordered = np.sort(totals)
    return float(ordered[-1] - ordered[-2]) if ordered.size > 1 else 0.0


def _drop(board: Panel, totals: Floats, size: int) -> tuple[Dropped, ...]:
    if board.size <= size:
        return ()
    groups = list(combinations(range(board.size), size))
    members = np.ones((len(groups), board.size), dtype=bool)
    for row, group in zip(members, groups, strict=True):
        row[list(group)] = False
    found = board.totals(members)
    now, then = first(totals[None])[0], first(found)
    return tuple(
        Dropped(group, _places(then[i]), _margin(found[i]), bool((then[i] != now).any()))
        for i, group in enumerate(groups)
    )


def _one_score(board: Panel, totals: Floats) -> OneScore | None:
    """Delta = gap * E / w, E the evaluators of the cell; only if it stays on the scale."""
    a = int(np.argmax(totals))
    given = ~np.isnan(board.x)
    count = given.sum(axis=0)
    highest = np.where(given, board.x, -np.inf)
    lowest = np.where(given, board.x, np.inf)
    best: OneScore | None = None
    for b in (i for i in range(totals.size) if i != a):
        gap = float(totals[a] - totals[b])
        for vendor, sign in ((b, 1.0), (a, -1.0)):
            with np.errstate(divide="ignore", invalid="ignore"):
                change = gap * count[vendor] / (board.w * board.factor[vendor])
            at = lowest[:, vendor] if sign > 0 else 1 - highest[:, vendor]
            change = np.where((count[vendor] > 0) & (at.min(axis=0) + change <= 1), change, np.inf)
            k = int(np.argmin(change))
            if np.isfinite(change[k]) and (best is None or change[k] < abs(best.change)):
                e = int(np.argmin(at[:, k]))
                best = OneScore(e, vendor, k, sign * float(change[k]), b)
    return best


def _banzhaf(board: Panel, seed: int | None) -> Floats:
    if board.size == 1:
        return np.ones(1)
    without = _subsets(board.size, seed)
    shares = np.zeros(board.size)
    before = first(board.totals(without))
    for e in range(board.size):
        outside = ~without[:, e]
        joined = without[outside].copy()
        joined[:, e] = True
        changed = (first(board.totals(joined)) != before[outside]).any(axis=1)
        shares[e] = float(changed.mean()) if changed.size else 0.0
    return shares


def _subsets(size: int, seed: int | None) -> Flags:
    """Return non-empty subsets (S, E): all of them, or a sample where there are too many."""
    if size <= ENUMERATED:
        codes: Ints = np.arange(1, 2**size)
        return np.asarray((codes[:, None] >> np.arange(size)) & 1, dtype=bool)
    if seed is None:
        raise InvalidInput(f"Name a seed: above {ENUMERATED} evaluators subsets are sampled.")
    drawn = generator(seed).random((SAMPLED, size)) < 0.5
    return np.asarray(drawn[drawn.any(axis=1)], dtype=bool)


@dataclass(frozen=True, eq=False, kw_only=True)
class MarginNoise:
    """The winner against every vendor: t (V,) and P(winner ahead) (V,) over resampled panels.

    NaN against itself. `judged` is False with fewer than three evaluators: nothing can be said.
    """

    winner: int
    t: Floats
    ahead: Floats
    judged: bool
    draws: int


def margin_noise(
    x: ArrayLike,
    w: ArrayLike,
    seed: int,
    fixed: ArrayLike | None = None,
    factor: ArrayLike | None = None,
) -> MarginNoise:
    """Compare the winner's lead with how much the evaluators differ about it.

    d_e is the lead in the totals of evaluator e; t = mean / (s / sqrt(E)); evaluators are
    bootstrapped 10,000 times. Complete scores only.
    """
    board = panel(x, w, fixed, factor)
    if np.isnan(board.x).any():
        raise MissingScores("Give the scores of every evaluator for every cell.")
    own = (board.x @ board.w) * board.factor + board.fixed
    a, size = int(np.argmax(own.mean(axis=0))), board.size
    lead = own[:, [a]] - own
    none = np.full(lead.shape[1], np.nan)
    if size < 3:
        return MarginNoise(winner=a, t=none, ahead=none, judged=False, draws=0)
    spread = lead.std(axis=0, ddof=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        t = lead.mean(axis=0) / (spread / np.sqrt(size))
    counts = generator(seed).multinomial(size, np.full(size, 1 / size), BOOTSTRAP)
    means = np.round(counts @ lead, SNAP_DECIMALS)
    ahead = ((means > 0) + 0.5 * (means == 0)).mean(axis=0)
    t[a] = ahead[a] = np.nan
    return MarginNoise(winner=a, t=t, ahead=ahead, judged=True, draws=BOOTSTRAP)
