"""Evaluators who left midway: what they gave, and whether somebody said what becomes of it."""

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from apps.core.access import can
from apps.matrix.models import Assignment, ScoringRound, Substitution
from apps.matrix.selectors.counting import counting_scores, recused_in, substitutions_in
from apps.matrix.states import ScoringPhase
from apps.matrix.types import Board, Desk
from apps.rfp.models import Section
from apps.workspace.models import PanelMember, User
from apps.workspace.states import Interest, Role


def judging(scoring_round: ScoringRound) -> set[uuid.UUID]:
    """Return the evaluators who are on the panel and have no conflict."""
    held = PanelMember.objects.filter(
        procurement=scoring_round.procurement_id, role=Role.EVALUATOR, active=True
    ).exclude(interest=Interest.CONFLICT)
    return set(held.values_list("user_id", flat=True))


def scored_by(scoring_round: ScoringRound) -> set[tuple[uuid.UUID, uuid.UUID, uuid.UUID]]:
    """Return who gave which bid and question a score that counts."""
    found = counting_scores(scoring_round)
    return set(found.values_list("evaluator_id", "bid_id", "question_id").distinct())


def _left(scoring_round: ScoringRound) -> list[Assignment]:
    """Return the assignments of who judges no more and about whom nothing was said."""
    held = Assignment.objects.filter(scoring_round=scoring_round)
    gone = held.exclude(evaluator__in=judging(scoring_round))
    rows = list(
        gone.select_related("evaluator", "section").order_by(
            "evaluator__name", "evaluator", "section__position"
        )
    )
    if not rows:
        return []
    said = {(one.replaced_id, one.section_id) for one in substitutions_in(scoring_round)}
    return [row for row in rows if (row.evaluator_id, row.section_id) not in said]


def names_left(scoring_round: ScoringRound) -> list[str]:
    """Return who left with scores that still count and of which nobody has said whether they do."""
    rows = _left(scoring_round)
    if not rows:
        return []
    gave = counting_scores(scoring_round).filter(evaluator__in={row.evaluator_id for row in rows})
    scored = set(gave.values_list("evaluator_id", "question__section_id").distinct())
    names = (row.evaluator.name for row in rows if (row.evaluator_id, row.section_id) in scored)
    return list(dict.fromkeys(names))


@dataclass(frozen=True)
class LeftSection:
    """A section of who left: answers scored, of those to score."""

    section: Section
    scored: int
    cells: int

    @property
    def whole(self) -> bool:
        """Whether nothing of it is left to score."""
        return bool(self.cells) and self.scored == self.cells


@dataclass(frozen=True)
class Leaver:
    """An evaluator who left, with the sections about which nothing was said."""

    user: User
    member: uuid.UUID  # the row of the panel
    sections: tuple[LeftSection, ...]


def leavers(held: Board) -> list[Leaver]:
    """Return who left, by name, with how far they were."""
    rows = _left(held.scoring_round)
    if not rows:
        return []
    done = scored_by(held.scoring_round)
    recused = {(one.evaluator, one.bid) for one in recused_in(held.scoring_round)}
    people = dict.fromkeys(row.evaluator for row in rows)
    seats = PanelMember.objects.filter(
        procurement=held.scoring_round.procurement_id, role=Role.EVALUATOR, user__in=people
    )
    seat_of = dict(seats.values_list("user_id", "pk"))
    return [
        Leaver(
            user,
            seat_of[user.pk],
            tuple(_left_section(held, row, done, recused) for row in rows if row.evaluator == user),
        )
        for user in people
    ]


def _left_section(
    held: Board,
    row: Assignment,
    done: Collection[tuple[uuid.UUID, uuid.UUID, uuid.UUID]],
    recused: Collection[tuple[uuid.UUID, uuid.UUID]],
) -> LeftSection:
    cells = [
        (row.evaluator_id, bid.pk, question.pk)
        for bid, question in held.cells
        if question.section_id == row.section_id and (row.evaluator_id, bid.pk) not in recused
    ]
    return LeftSection(row.section, sum(cell in done for cell in cells), len(cells))


@dataclass(frozen=True)
class Replaced:
    """What was decided about one who left: their sections that count, and those that do not."""

    user: User
    counted: tuple[Section, ...]
    left_out: tuple[Section, ...]
    substitute: User | None
    reason: str
    decided_by: User


def replaced_in(rows: Iterable[Substitution]) -> list[Replaced]:
    """Put the rows of each decision together, in their order."""
    acts: dict[tuple[uuid.UUID, uuid.UUID, str], list[Substitution]] = {}
    for row in rows:
        acts.setdefault((row.scoring_round_id, row.replaced_id, row.reason), []).append(row)
    return [
        Replaced(
            user=held[0].replaced,
            counted=tuple(one.section for one in held if one.counts),
            left_out=tuple(one.section for one in held if not one.counts),
            substitute=next((one.substitute for one in held if one.substitute), None),
            reason=held[0].reason,
            decided_by=held[0].decided_by,
        )
        for held in acts.values()
    ]


@dataclass(frozen=True)
class SubstitutesPage:
    """Who left and waits for a word, and what was decided before."""

    desk: Desk
    leavers: tuple[Leaver, ...]
    replaced: tuple[Replaced, ...]
    may_decide: bool
    alone: bool  # a substitute can score only while everybody scores alone


def substitutes_page(user: User, desk: Desk, held: Board | None) -> SubstitutesPage:
    scoring_round = desk.scoring_round
    if scoring_round is None or held is None:
        return SubstitutesPage(desk, (), (), may_decide=False, alone=False)
    going = scoring_round.phase != ScoringPhase.LOCKED
    return SubstitutesPage(
        desk=desk,
        leavers=tuple(leavers(held)) if going else (),
        replaced=tuple(replaced_in(substitutions_in(scoring_round))),
        may_decide=going and can(user, "matrix.substitute", desk.procurement),
        alone=scoring_round.phase == ScoringPhase.INDEPENDENT,
    )
