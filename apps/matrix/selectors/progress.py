"""How far each evaluator of a round is: counts, never a value."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass

from apps.matrix.models import Assignment
from apps.matrix.selectors.counting import recused_in
from apps.matrix.selectors.leavers import judging, scored_by
from apps.matrix.selectors.rounds import assignments_of
from apps.matrix.types import Board
from apps.workspace.models import User


@dataclass(frozen=True)
class Progress:
    """How far one evaluator is: cells scored of cells assigned. Counts, never values.

    `waits` is False for who left the panel or declared a conflict: nobody waits for them.
    """

    evaluator: User
    scored: int
    assigned: int
    sections: int
    finished: int
    waits: bool

    @property
    def left(self) -> int:
        return self.assigned - self.scored


def progress(held: Board) -> list[Progress]:
    """Return each evaluator's progress, by name, without a single score."""
    rows = list(assignments_of(held.scoring_round))
    recused = {(one.evaluator, one.bid) for one in recused_in(held.scoring_round)}
    judges = judging(held.scoring_round)
    done = scored_by(held.scoring_round)
    people = sorted({row.evaluator for row in rows}, key=lambda user: (user.name, user.pk))
    return [
        _progress(
            held,
            user,
            rows,
            done,
            waits=user.pk in judges,
            recused={bid for person, bid in recused if person == user.pk},
        )
        for user in people
    ]


def _progress(
    held: Board,
    user: User,
    rows: list[Assignment],
    done: set[tuple[uuid.UUID, uuid.UUID, uuid.UUID]],
    *,
    waits: bool,
    recused: Collection[uuid.UUID],
) -> Progress:
    mine = [
        row for row in rows if row.evaluator_id == user.pk and row.section_id not in held.waiting
    ]
    sections = {row.section_id for row in mine}
    wanted = {
        (user.pk, b.pk, q.pk)
        for b, q in held.cells
        if q.section_id in sections and b.pk not in recused
    }
    return Progress(
        evaluator=user,
        scored=len(wanted & done),
        assigned=len(wanted),
        sections=len(mine),
        finished=sum(row.finished_at is not None for row in mine),
        waits=waits,
    )
