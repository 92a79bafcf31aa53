"""One answer in the consensus: who gave what and why, what was agreed, and what was locked before."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from apps.bids.models import Bid
from apps.core.charts.panel_spread import PanelScore, PanelSpread
from apps.core.templatetags.formats import initials
from apps.matrix.models import Consensus, Score, ScoringRound
from apps.matrix.selectors import reading
from apps.matrix.selectors.agreement import Agreement, Spread, agreement
from apps.matrix.selectors.asking import Explained
from apps.matrix.selectors.board import board
from apps.matrix.selectors.counting import recused_in
from apps.matrix.selectors.holding import holds_of
from apps.matrix.selectors.marking import Passage, quotes
from apps.matrix.selectors.nudges import comparison_in, member_in
from apps.matrix.selectors.rounds import assignments_of, current_consensus, scores_visible_to
from apps.matrix.selectors.rubric import anchors_of, shown_value
from apps.matrix.types import Board, Cell, Hold
from apps.rfp.models import Question
from apps.workspace.models import User
from apps.workspace.selectors import panel_of

Key = tuple[uuid.UUID, uuid.UUID]
WIDE = 2  # points between evaluators that ask for a talk


@dataclass(frozen=True)
class Voice:
    """What one evaluator gave one answer and wrote about it; `conflicted` is no score at all."""

    name: str
    value: Decimal | None
    reason: str = ""
    compares: str = ""
    conflicted: bool = False
    quotes: tuple[tuple[Passage, ...], ...] = ()  # what was marked in the answer


@dataclass(frozen=True)
class Row:
    """One answer to agree on."""

    bid: Bid
    question: Question
    name: str
    asked: bool
    voices: tuple[Voice, ...]
    spread: Spread
    chart: PanelSpread
    agreed: Consensus | None
    earlier: Consensus | None  # what the superseded round had locked
    value: str
    outside: bool
    compares: str
    names: str  # who of the panel the reason names: vendors read it
    tone: str
    hold: Hold | None = None  # what is agreed counts as its level at most
    explained: tuple[Explained, ...] = ()  # what the panel asked its vendor about this answer

    @property
    def held(self) -> bool:
        """Whether what was agreed counts less for want of evidence."""
        given = self.agreed.value if self.agreed else None
        return bool(self.hold and given is not None and given > self.hold.level)

    @property
    def wide(self) -> bool:
        return self.spread.points >= WIDE

    @property
    def reason(self) -> str:
        return self.agreed.reason if self.agreed else ""

    @property
    def version(self) -> int:
        return self.agreed.version if self.agreed else 0

    marks = ""  # a panel agrees on a score; what each marked stays with them

    @property
    def changed_from(self) -> str:
        """What was locked before, where something else stands now; empty where the same does."""
        if self.earlier is None or self.earlier.value == (self.agreed and self.agreed.value):
            return ""
        return shown_value(self.earlier.value)


@dataclass(frozen=True)
class Table:
    """Scores and agreements of a round by bid and question."""

    seen: Agreement
    given: dict[Key, list[Score]]
    agreed: dict[Key, Consensus]
    earlier: dict[Key, Consensus]
    panel: tuple[str, ...]
    holds: Mapping[Key, Hold]
    conflicted: dict[Key, list[str]]  # names of evaluators who would score, by bid and section


def table_of(user: User, scoring_round: ScoringRound) -> tuple[Board, Table]:
    held = board(user, scoring_round)
    scores = list(scores_visible_to(user, scoring_round).order_by("evaluator__name", "pk"))
    agreed = list(current_consensus(scoring_round))
    given: dict[Key, list[Score]] = {}
    for score in scores:
        given.setdefault((score.bid_id, score.question_id), []).append(score)
    return held, Table(
        agreement(held, scores, agreed),
        given,
        _by_key(agreed),
        _earlier(scoring_round),
        tuple({one.user.name for one in panel_of(scoring_round.procurement)}),
        holds_of(user, held),
        _conflicted(scoring_round),
    )


def _by_key(rows: Iterable[Consensus]) -> dict[Key, Consensus]:
    return {(row.bid_id, row.question_id): row for row in rows}


def _earlier(scoring_round: ScoringRound) -> dict[Key, Consensus]:
    if scoring_round.supersedes is None:
        return {}
    return _by_key(current_consensus(scoring_round.supersedes))


def _conflicted(scoring_round: ScoringRound) -> dict[Key, list[str]]:
    """Return who is assigned to a section and recused from a bid, by name."""
    found: dict[Key, list[str]] = {}
    recused = recused_in(scoring_round)
    for row in assignments_of(scoring_round) if recused else ():
        for one in recused:
            if one.evaluator == row.evaluator_id:
                found.setdefault((one.bid, row.section_id), []).append(row.evaluator.name)
    return found


def row_of(held: Board, table: Table, cell: Cell) -> Row:
    bid, question = cell
    key = bid.pk, question.pk
    given, agreed = table.given.get(key, []), table.agreed.get(key)
    value = agreed.value if agreed else None
    return Row(
        bid=bid,
        question=question,
        name=reading.name_of(held.scoring_round, bid),
        asked=key in held.keys,
        voices=(
            *(_voice(held, score, cell) for score in given),
            *(
                Voice(name, None, conflicted=True)
                for name in table.conflicted.get((bid.pk, question.section_id), ())
            ),
        ),
        spread=table.seen.spreads.get(key, Spread(0, None, None, None)),
        chart=panel_chart(
            _("Scores for question {code}, bid {letter}").format(
                code=question.code, letter=bid.letter
            ),
            question,
            [(score.evaluator, score.value) for score in given],
            value,
        ),
        agreed=agreed,
        earlier=table.earlier.get(key),
        value=shown_value(value) if agreed else "",
        outside=key in table.seen.outside,
        compares=comparison_in(agreed.reason, bid.letter) if agreed else "",
        names=member_in(agreed.reason, table.panel) if agreed else "",
        tone=_tone(question, value),
        hold=table.holds.get(key),
    )


def _voice(held: Board, score: Score, cell: Cell) -> Voice:
    bid, question = cell
    value = held.given.get(bid.pk, {}).get(question.code)
    hide, marks = reading.names_hidden(held.scoring_round), reading.marks_of(score)
    return Voice(
        name=score.evaluator.name,
        value=score.value,
        reason=score.reason,
        compares=comparison_in(score.reason, bid.letter),
        quotes=quotes(reading.read(question, bid, value, (), hide=hide, marks=marks).paragraphs)
        if marks
        else (),
    )


def _tone(question: Question, value: Decimal | None) -> str:
    score = None if value is None else shown_value(value)
    return next((one.tone for one in anchors_of(question) if one.score == score), "")


def panel_chart(
    title: str,
    question: Question,
    given: Iterable[tuple[User, Decimal | None]],
    agreed: Decimal | None = None,
) -> PanelSpread:
    """Return the picture of what evaluators gave one answer, on the question's own scale."""
    return PanelSpread(
        title=title,
        scores=tuple(
            PanelScore(float(value), initials(person.name), person.name)
            for person, value in given
            if value is not None
        ),
        agreed=None if agreed is None else float(agreed),
        low=float(question.scale_min),
        high=float(question.scale_max),
    )
