"""The scoring pages: own progress for an evaluator, counts for who leads, never another's value."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from apps.bids import selectors as bids
from apps.bids.models import Bid
from apps.bids.selectors.groups import members_by_section
from apps.core.access import can
from apps.matrix.models import Score
from apps.matrix.selectors import reading
from apps.matrix.selectors.asking import Explained, explained, may_ask
from apps.matrix.selectors.board import board, readable, why_not_asked
from apps.matrix.selectors.case import text
from apps.matrix.selectors.holding import hold_beside
from apps.matrix.selectors.marking import written
from apps.matrix.selectors.nudges import comparison_in
from apps.matrix.selectors.own_progress import Own, own_sections
from apps.matrix.selectors.progress import Progress, progress
from apps.matrix.selectors.recusals import waiting_in
from apps.matrix.selectors.rounds import assignments_of, own_scores, scored_sections
from apps.matrix.selectors.rubric import Anchor, anchors_of, scale_of, shown_value
from apps.matrix.states import ScoringPhase
from apps.matrix.types import Board, Desk, Hold, Item, Missed
from apps.rfp.models import Question, Section
from apps.workspace.models import User
from apps.workspace.selectors import Declared, own_declaration, panel_of
from apps.workspace.states import Interest, Phase, Role


@dataclass(frozen=True)
class Removed:
    """A bid that is not scored, by letter, and which knock-outs it did not pass."""

    letter: str
    missed: tuple[Missed, ...]


@dataclass(frozen=True)
class ScoringPage:
    desk: Desk
    sections: tuple[Section, ...]
    evaluators: tuple[User, ...]
    may_begin: bool
    due: bool
    of_groups: Mapping[str, list[str]]  # whom to tick at first: a group's section is its members'
    declared: Declared
    judges: bool
    has_conflicts: bool
    shut: bool  # a conflict the person named waits for the lead
    own: tuple[Own, ...]
    team: tuple[Progress, ...]
    removed: tuple[Removed, ...]
    bids: tuple[Bid, ...]
    questions: tuple[str, ...]
    waiting: tuple[Section, ...]
    alone: bool

    @property
    def first(self) -> str:
        """The question to read first, one's own sections before others."""
        mine = next((one.first for one in self.own if one.first), "")
        return mine or (self.questions[0] if self.questions else "")

    @property
    def scored(self) -> int:
        return sum(one.scored for one in self.own)

    @property
    def cells(self) -> int:
        return sum(one.cells for one in self.own)


def scoring_page(user: User, desk: Desk) -> ScoringPage:
    procurement, scoring_round = desk.procurement, desk.scoring_round
    held = board(user, scoring_round) if scoring_round else None
    declared = own_declaration(user, procurement)
    counts = can(user, "matrix.view_progress", procurement)
    return ScoringPage(
        desk=desk,
        sections=tuple(scored_sections(procurement)) if not held else held.sections,
        evaluators=evaluators_of(desk) if can(user, "matrix.begin", procurement) else (),
        may_begin=can(user, "matrix.begin", procurement),
        due=procurement.phase == Phase.TECHNICAL,
        of_groups=members_by_section(procurement.rfp) if not held else {},
        declared=declared,
        judges=can(user, "matrix.score", procurement),
        has_conflicts=can(user, "matrix.view_conflicts", procurement),
        shut=waiting_in(procurement).filter(user=user).exists(),
        own=own_sections(user, held) if held and can(user, "matrix.score", procurement) else (),
        team=tuple(progress(held)) if held and counts else (),
        removed=tuple(Removed(bid.letter, missed) for bid, missed in held.removed.items())
        if held
        else (),
        bids=tuple(held.bids.values()) if held else (),
        questions=tuple(one.code for one in readable(user, held)) if held else (),
        waiting=tuple(one for one in held.sections if one.pk in held.waiting) if held else (),
        alone=bool(scoring_round and scoring_round.phase == ScoringPhase.INDEPENDENT),
    )


def evaluators_of(desk: Desk) -> tuple[User, ...]:
    """Return the evaluators on the panel who declared no conflict."""
    held = panel_of(desk.procurement).filter(role=Role.EVALUATOR)
    return tuple(member.user for member in held.exclude(interest=Interest.CONFLICT))


@dataclass(frozen=True)
class Step:
    """A question in the list on the left: own scores given, of bids to score."""

    code: str
    topic: str
    scored: tuple[bool, ...]
    current: bool

    @property
    def done(self) -> int:
        return sum(self.scored)


@dataclass(frozen=True)
class Column:
    """One bid's answer to the question, with the person's own judgement of it."""

    bid: Bid
    name: str
    asked: bool
    not_asked: str  # why, where it was not asked; an answer left blank is another thing
    answer: reading.Reading
    value: str | None  # as its control names it; None where nothing was given
    reason: str
    version: int
    nudge: str
    saved_at: dt.datetime | None
    hold: Hold | None  # a higher score counts as its level
    explained: tuple[Explained, ...]  # what the panel asked its vendor about it

    @property
    def marks(self) -> str:
        """The marked passages as a browser counts them, for the form."""
        return written(self.answer.paragraphs)


@dataclass(frozen=True)
class QuestionPage:
    item: Item
    anchors: tuple[Anchor, ...]
    scale: tuple[str, ...]
    columns: tuple[Column, ...]
    steps: tuple[Step, ...]
    previous: str
    next: str
    assigned: bool
    editable: bool
    may_ask: bool  # its vendor, what an answer means
    hidden: bool
    points: str
    of_points: str
    section_weight: str
    scored: int
    cells: int

    @property
    def saved_at(self) -> dt.datetime | None:
        """When the newest judgement on this page was saved."""
        return max((one.saved_at for one in self.columns if one.saved_at), default=None)


def question_page(user: User, item: Item) -> QuestionPage:
    held = board(user, item.scoring_round)
    mine = set(
        assignments_of(item.scoring_round)
        .filter(evaluator=user)
        .values_list("section_id", flat=True)
    )
    judges = can(user, "matrix.score", item.scoring_round)
    assigned = judges and item.question.section_id in mine
    shown = [q for q in readable(user, held) if not judges or not mine or q.section_id in mine]
    own = {(s.bid_id, s.question_id): s for s in own_scores(user, item.scoring_round)}
    steps = tuple(_step(held, question, item, own, pips=judges) for question in shown)
    codes = [question.code for question in shown]
    at = codes.index(item.question.code) if item.question.code in codes else -1
    inside = [(b, q) for b, q in held.cells if q.section_id in mine - held.waiting]
    return QuestionPage(
        item=item,
        anchors=anchors_of(item.question),
        scale=scale_of(item.question),
        columns=_columns(user, held, item, own),
        steps=steps,
        previous=codes[at - 1] if at > 0 else "",
        next=codes[at + 1] if 0 <= at < len(codes) - 1 else "",
        assigned=assigned,
        editable=assigned and item.scoring_round.phase == ScoringPhase.INDEPENDENT,
        may_ask=may_ask(user, item.scoring_round),
        hidden=reading.names_hidden(item.scoring_round),
        points=text(item.question.weight) or "",
        of_points=text(_points_of(item.question)) or "",
        section_weight=text(item.question.section.weight) or "",
        scored=sum((b.pk, q.pk) in own for b, q in inside),
        cells=len(inside),
    )


def _points_of(question: Question) -> Decimal:
    """Return all points of a question's section, those scored by rule included."""
    scored = Question.objects.filter(section=question.section_id, weight__gt=0)
    return sum(scored.values_list("weight", flat=True), Decimal(0))


Judged = dict[tuple[uuid.UUID, uuid.UUID], Score]


def _step(held: Board, question: Question, item: Item, own: Judged, *, pips: bool) -> Step:
    asked = [bid for bid in held.bids.values() if (bid.pk, question.pk) in held.keys]
    return Step(
        code=question.code,
        topic=question.topic,
        scored=tuple((bid.pk, question.pk) in own for bid in asked) if pips else (),
        current=question.pk == item.question.pk,
    )


def _columns(user: User, held: Board, item: Item, own: Judged) -> tuple[Column, ...]:
    files: reading.Files = bids.attachments_of(user, item.scoring_round.rfp)
    said = explained(item.scoring_round, item.question)
    return tuple(
        _column(held, item, bid, files, own.get((bid.pk, item.question.pk)), said.get(bid.pk, ()))
        for bid in held.bids.values()
    )


def _column(
    held: Board,
    item: Item,
    bid: Bid,
    files: reading.Files,
    score: Score | None,
    said: tuple[Explained, ...],
) -> Column:
    question, hide = item.question, reading.names_hidden(item.scoring_round)
    asked = (bid.pk, question.pk) in held.keys
    beside = [
        *files.get(bid.pk, {}).get(question.code, ()),
        *(one.file for one in said if one.file),
    ]
    return Column(
        bid=bid,
        name=reading.name_of(item.scoring_round, bid),
        asked=asked,
        not_asked="" if asked else why_not_asked(held, bid, question),
        answer=reading.read(
            question,
            bid,
            held.given.get(bid.pk, {}).get(question.code),
            beside,
            hide=hide,
            marks=reading.marks_of(score) if score else (),
        ),
        value=shown_value(score.value) if score else None,
        reason=score.reason if score else "",
        version=score.version if score else 0,
        nudge=comparison_in(score.reason, bid.letter) if score else "",
        saved_at=score.created_at if score else None,
        hold=hold_beside(item.scoring_round, question, beside) if asked else None,
        explained=said,
    )
