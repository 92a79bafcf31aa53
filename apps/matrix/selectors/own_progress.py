"""How far one evaluator is, by section, and where to go on."""

import uuid
from dataclasses import dataclass

from apps.matrix.models import Assignment, ScoringRound
from apps.matrix.selectors.rounds import assignments_of, own_scores
from apps.matrix.types import Board
from apps.rfp.models import Section
from apps.workspace.models import User


@dataclass(frozen=True)
class Own:
    """A section assigned to the person on the page: how far, and where to go on."""

    section: Section
    scored: int
    cells: int
    finished: bool
    waits: bool  # for the release of its group
    first: str  # code of the first question to open
    open: str  # code of the first question with a score to give, empty when there is none


def own_sections(user: User, held: Board) -> tuple[Own, ...]:
    mine = assignments_of(held.scoring_round).filter(evaluator=user)
    done = _done(user, held.scoring_round)
    return tuple(_section(held, assigned, done) for assigned in mine)


def _done(user: User, scoring_round: ScoringRound) -> frozenset[tuple[uuid.UUID, uuid.UUID]]:
    return frozenset(own_scores(user, scoring_round).values_list("bid_id", "question_id"))


def _section(
    held: Board, assigned: Assignment, done: frozenset[tuple[uuid.UUID, uuid.UUID]]
) -> Own:
    open_now = {assigned.section_id} - held.waiting
    cells = [(b, q) for b, q in held.cells if q.section_id in open_now]
    asked = {question.pk for _bid, question in cells}
    left = {question.pk for bid, question in cells if (bid.pk, question.pk) not in done}
    inside = [q for q in held.questions if q.section_id == assigned.section_id and q.pk in asked]
    return Own(
        section=assigned.section,
        scored=sum((bid.pk, question.pk) in done for bid, question in cells),
        cells=len(cells),
        finished=assigned.finished_at is not None,
        waits=assigned.section_id in held.waiting,
        first=inside[0].code if inside else "",
        open=next((question.code for question in inside if question.pk in left), ""),
    )
