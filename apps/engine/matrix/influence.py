"""Whether one evaluator, one score or chance moved the award (maths.md 6.5 and 6.6).

Values x (E, V, K) of the criteria that people scored, weights w (K,). Under mean consensus the
total of a vendor is `factor` * (w . mean of x) + `fixed`, where `fixed` (V,) carries what nobody
scored, such as price points.
"""

from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike

from apps.engine.errors import InvalidInput, MissingScores, WeightsError
from apps.engine.matrix import product
from apps.engine.matrix.inputs import Flags, Floats, frozen
from apps.engine.matrix.spaces import generator
from apps.engine.numbers import SNAP_DECIMALS

ENUMERATED = 12  # up to so many evaluators every subset is tried
SAMPLED = 4096
BOOTSTRAP = 10_000
SLICE = 256
LEVEL = 1e-12  # sums of leads nearer to 0 than this are float noise


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

    @cached_property
    def complete(self) -> bool:
        return not bool(np.isnan(self.x).any())

    @cached_property
    def own(self) -> Floats:
        """Weighted sums (E, V) of each evaluator's complete scores."""
        return np.asarray(np.einsum("evk,k->ev", self.x, self.w), dtype=np.float64)

    def totals(self, members: Flags) -> Floats:
        """Return totals (S, V) under the mean of the members (S, E); a cell without any counts 0."""
        if self.complete:
            mean = product.totals(members.astype(np.float64), self.own.T).T
            mean = mean / members.sum(axis=1, keepdims=True)
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
    """Delta = gap * E / w, E the evaluators of the cell; only if it stays on the scale.

    Either a rival gains, or the winner loses so much that the nearest rival draws level.
    """
    a = int(np.argmax(totals))
    gaps = totals[a] - totals
    gaps[a] = np.inf
    if totals.size < 2:
        return None
    given = ~np.isnan(board.x)
    room_up = 1 - np.where(given, board.x, np.inf).min(axis=0)
    room_down = np.where(given, board.x, -np.inf).max(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        per_gap = given.sum(axis=0) / (board.w * board.factor[:, None])
        gain = gaps[:, None] * per_gap
        loss = gaps.min() * per_gap[a]
    gain = np.where(gain <= room_up, gain, np.inf)
    loss = np.where(loss <= room_down[a], loss, np.inf)
    b, k = (int(i) for i in np.unravel_index(np.argmin(gain), gain.shape))
    if np.isfinite(gain[b, k]) and gain[b, k] <= loss.min():
        e = int(np.nanargmin(board.x[:, b, k]))
        return OneScore(e, b, k, float(gain[b, k]), b)
    k = int(np.argmin(loss))
    if not np.isfinite(loss[k]):
        return None
    e = int(np.nanargmax(board.x[:, a, k]))
    return OneScore(e, a, k, -float(loss[k]), int(np.argmin(gaps)))


def _banzhaf(board: Panel, seed: int | None) -> Floats:
    if board.size == 1:
        return np.ones(1)
    if board.size <= ENUMERATED:
        return _banzhaf_of_all(board)
    if seed is None:
        raise InvalidInput(f"Name a seed: above {ENUMERATED} evaluators subsets are sampled.")
    drawn = generator(seed).random((SAMPLED, board.size)) < 0.5
    shares = np.zeros(board.size)
    for e in range(board.size):
        without = drawn[~drawn[:, e] & drawn.any(axis=1)]
        joined = without.copy()
        joined[:, e] = True
        changed = first(board.totals(joined)) != first(board.totals(without))
        shares[e] = float(changed.any(axis=1).mean())
    return shares


def _banzhaf_of_all(board: Panel) -> Floats:
    """Try every subset once; the bits of a code say who is in it."""
    codes = np.arange(1, 2**board.size)
    members = (codes[:, None] >> np.arange(board.size)) & 1 == 1
    winners = np.packbits(first(board.totals(members)), axis=1)  # bits are cheap to compare
    shares = np.zeros(board.size)
    for e in range(board.size):
        without = codes[(codes >> e) & 1 == 0]
        joined = without | (1 << e)
        shares[e] = float((winners[joined - 1] != winners[without - 1]).any(axis=1).mean())
    return shares


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
    if not board.complete:
        raise MissingScores("Give the scores of every evaluator for every cell.")
    own = board.own * board.factor + board.fixed
    a, size = int(np.argmax(own.mean(axis=0))), board.size
    lead = own[:, [a]] - own
    none = np.full(lead.shape[1], np.nan)
    if size < 3:
        return MarginNoise(winner=a, t=none, ahead=none, judged=False, draws=0)
    spread = lead.std(axis=0, ddof=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        t = lead.mean(axis=0) / (spread / np.sqrt(size))
    means = product.totals(_resampled(size, seed), lead.T)
    wins = np.count_nonzero(means > LEVEL, axis=1)
    level = np.count_nonzero(np.abs(means) <= LEVEL, axis=1)
    ahead = (wins + 0.5 * level) / BOOTSTRAP
    t[a] = ahead[a] = np.nan
    return MarginNoise(winner=a, t=t, ahead=ahead, judged=True, draws=BOOTSTRAP)


def _resampled(size: int, seed: int) -> Floats:
    """Return how often each evaluator sits on each resampled panel, (BOOTSTRAP, E)."""
    drawn = generator(seed).integers(0, size, (BOOTSTRAP, size))
    cells = drawn + size * np.arange(BOOTSTRAP)[:, None]
    counts = np.bincount(cells.ravel(), minlength=size * BOOTSTRAP)
    return np.asarray(counts.reshape(BOOTSTRAP, size), dtype=np.float64)
