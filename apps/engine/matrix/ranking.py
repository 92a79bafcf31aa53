"""Ranks vendors: who is admitted, totals, contributions, ties (maths.md 1.5 and 1.7)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import ArrayLike

from apps.engine.errors import InvalidInput
from apps.engine.matrix.inputs import Flags, Floats, Matrix, Method, frozen
from apps.engine.numbers import round_half_up

AWARD_DECIMALS = 9


@dataclass(frozen=True)
class Reason:
    """Why a vendor is out: which requirement (by position), and whether it was answered."""

    requirement: int
    answered: bool


@dataclass(frozen=True, eq=False)
class Admission:
    admitted: Flags
    reasons: tuple[tuple[Reason, ...], ...]


def admit(answers: ArrayLike, thresholds: ArrayLike | None = None) -> Admission:
    """Admit vendors that meet every requirement.

    `answers` (V, K): 1 passed, 0 failed, NaN not answered. With `thresholds` (K,) the answers
    are figures, and one passes at its threshold or above, unrounded. No answer is no pass.
    """
    given = frozen(answers, ndim=2)
    least = np.ones(given.shape[1]) if thresholds is None else frozen(thresholds, ndim=1)
    if least.shape != (given.shape[1],):
        raise InvalidInput("Give one threshold for each requirement.")
    passed = given >= least
    reasons = tuple(
        tuple(
            Reason(int(k), answered=not np.isnan(given[vendor, k]))
            for k in np.flatnonzero(~passed[vendor])
        )
        for vendor in range(given.shape[0])
    )
    return Admission(np.asarray(passed.all(axis=1), dtype=bool), reasons)


@dataclass(frozen=True, eq=False, kw_only=True)
class Ranking:
    """Places by award value; `rank` is None for a vendor that is not admitted.

    `award` holds the rounded values on which ties are decided, `broken_by` the index of the
    tie-break that separated a vendor from one with the same award value.
    """

    total: Floats
    contribution: Floats
    award: tuple[Decimal | None, ...]
    rank: tuple[int | None, ...]
    tied_with: tuple[tuple[int, ...], ...]
    broken_by: tuple[int | None, ...]

    @property
    def winners(self) -> tuple[int, ...]:
        return tuple(i for i, place in enumerate(self.rank) if place == 1)


def places(
    award: Sequence[Decimal | None], tie_breaks: Sequence[Sequence[Decimal]] = ()
) -> tuple[tuple[int | None, ...], tuple[tuple[int, ...], ...], tuple[int | None, ...]]:
    """Return rank (1 + number ahead), who is tied, and which tie-break separated equals.

    More is better in `award` and in every tie-break (one sequence over all vendors each).
    """
    inside = [i for i, value in enumerate(award) if value is not None]
    keys = {i: (award[i], *(order[i] for order in tie_breaks)) for i in inside}
    rank: list[int | None] = [None] * len(award)
    tied: list[tuple[int, ...]] = [()] * len(award)
    broken: list[int | None] = [None] * len(award)
    for i in inside:
        rank[i] = 1 + sum(_ahead(keys[j], keys[i]) for j in inside)
        tied[i] = tuple(j for j in inside if j != i and keys[j] == keys[i])
        broken[i] = _first_difference(keys, i)
    return tuple(rank), tuple(tied), tuple(broken)


def _ahead(one: tuple[Decimal | None, ...], other: tuple[Decimal | None, ...]) -> bool:
    for a, b in zip(one, other, strict=True):
        if a is not None and b is not None and a != b:
            return a > b
    return False


def _first_difference(keys: Mapping[int, tuple[Decimal | None, ...]], i: int) -> int | None:
    found = [
        next(k for k, (a, b) in enumerate(zip(keys[i], other, strict=True)) if a != b) - 1
        for j, other in keys.items()
        if j != i and other[0] == keys[i][0] and other != keys[i]
    ]
    return max(found, default=None)


def rank(
    matrix: Matrix,
    method: Method,
    award_decimals: int = AWARD_DECIMALS,
    *,
    scale: float = 100.0,
    tie_breaks: ArrayLike | None = None,
) -> Ranking:
    """Rank the admitted vendors of a matrix; totals and contributions are on 0..`scale`.

    `tie_breaks` (K, V), more is better, in their published order. Contributions are NaN for a
    method that does not add them up.
    """
    values, inside = matrix.values, matrix.admitted
    total = np.full(inside.size, np.nan)
    if inside.any():
        total[inside] = method.totals(values[inside], matrix.weights) * scale
    contribution = values * matrix.weights * scale if method.additive else values * np.nan
    award = tuple(
        round_half_up(float(value), award_decimals) if ok else None
        for value, ok in zip(total, inside, strict=True)
    )
    orders = np.empty((0, inside.size)) if tie_breaks is None else frozen(tie_breaks, ndim=2)
    keys = [[round_half_up(float(x), award_decimals) for x in order] for order in orders]
    rank_, tied, broken = places(award, keys)
    return Ranking(
        total=frozen(total), contribution=frozen(contribution), award=award,
        rank=rank_, tied_with=tied, broken_by=broken,
    )  # fmt: skip
