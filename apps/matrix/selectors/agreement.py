"""How far a panel agrees, from its scores: the engine's figures, cell by cell and overall."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from apps.engine.errors import InvalidInput
from apps.engine.matrix.consensus import cells
from apps.engine.matrix.inputs import Floats, normalise
from apps.engine.matrix.panel import alpha
from apps.engine.numbers import text
from apps.matrix.models import Consensus, Score
from apps.matrix.types import Board, Cell

LEVEL = "ordinal"

Key = tuple[uuid.UUID, uuid.UUID]


@dataclass(frozen=True)
class Spread:
    """What the evaluators gave one answer. Figures are rubric points; `scores` counts them."""

    scores: int
    least: float | None
    most: float | None
    mean: float | None

    @property
    def points(self) -> float:
        """Points between the lowest and the highest."""
        return 0.0 if self.most is None or self.least is None else self.most - self.least


@dataclass(frozen=True)
class Agreement:
    """Krippendorff's alpha, ordinal, over all scores; None where it cannot be told."""

    alpha: str | None
    verdict: str
    spreads: dict[Key, Spread]
    outside: frozenset[Key]


def agreement(held: Board, scores: Iterable[Score], agreed: Iterable[Consensus]) -> Agreement:
    """Put the individual scores of a round together; the scores stay as they are."""
    given = list(scores)
    bids, questions = list(held.bids), [question.pk for question in held.questions]
    people = list(dict.fromkeys(score.evaluator_id for score in given))
    if not (bids and questions and people):
        return Agreement(None, "", {}, frozenset())
    raw = np.full((len(people), len(bids), len(questions)), np.nan)
    for score in given:
        if score.value is not None and (score.bid_id, score.question_id) in held.keys:
            place = bids.index(score.bid_id), questions.index(score.question_id)
            raw[(people.index(score.evaluator_id), *place)] = float(score.value)
    decided = np.full(raw.shape[1:], np.nan)
    for row in agreed:
        if row.value is not None and (row.bid_id, row.question_id) in held.keys:
            decided[bids.index(row.bid_id), questions.index(row.question_id)] = float(row.value)
    return _told(held, raw, decided)


def _told(held: Board, raw: Floats, decided: Floats) -> Agreement:
    seen = cells(raw)
    outside = seen.outside(decided)
    spreads: dict[Key, Spread] = {}
    beyond: set[Key] = set()
    for v, bid in enumerate(held.bids):
        for c, question in enumerate(held.questions):
            least, most, mean = (
                _maybe(figures[v, c]) for figures in (seen.least, seen.most, seen.mean)
            )
            spreads[bid, question.pk] = Spread(int(seen.count[v, c]), least, most, mean)
            if outside[v, c]:
                beyond.add((bid, question.pk))
    value, verdict = _alpha(held, raw)
    return Agreement(value, verdict, spreads, frozenset(beyond))


def _maybe(figure: float) -> float | None:
    return None if np.isnan(figure) else float(figure)


def _alpha(held: Board, raw: Floats) -> tuple[str | None, str]:
    ends = [(float(q.scale_min), float(q.scale_max)) for q in held.questions]
    try:
        seen = alpha(normalise(raw, ends).reshape(raw.shape[0], -1), LEVEL)
    except InvalidInput:  # nothing was scored twice
        return None, ""
    return None if seen.value is None else text(seen.value), seen.verdict


def is_outside(spread: Spread | None, value: Decimal | None) -> bool:
    """Whether an agreed score lies outside what any evaluator gave."""
    if spread is None or value is None or spread.least is None or spread.most is None:
        return False
    return not spread.least <= float(value) <= spread.most


def widest(spreads: dict[Key, Spread], every: Iterable[Cell]) -> list[Cell]:
    """Sort cells by spread, the widest first; equal ones stay in the order of the questionnaire."""
    return sorted(every, key=lambda cell: -spreads[cell[0].pk, cell[1].pk].points)
