"""The consensus as the panel sees it: who gave what and why, what was agreed, what is left."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from apps.bids.models import Bid
from apps.core.access import can
from apps.core.charts.panel_spread import PanelScore, PanelSpread
from apps.core.errors import WrongState
from apps.core.templatetags.formats import initials
from apps.matrix.models import Consensus, Score, ScoringRound
from apps.matrix.selectors import reading
from apps.matrix.selectors.agreement import Agreement, Spread, agreement, widest
from apps.matrix.selectors.board import board, unanimous, unscored
from apps.matrix.selectors.findings import VERDICTS
from apps.matrix.selectors.nudges import comparison_in, member_in
from apps.matrix.selectors.recusals import recused_in
from apps.matrix.selectors.rounds import assignments_of, current_consensus, scores_visible_to
from apps.matrix.selectors.rubric import Anchor, anchors_of, scale_of, shown_value
from apps.matrix.states import ScoringPhase
from apps.matrix.types import Board, Cell, Desk, Item
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
    value: str
    outside: bool
    compares: str
    names: str  # who of the panel the reason names: vendors read it
    tone: str

    @property
    def wide(self) -> bool:
        return self.spread.points >= WIDE

    @property
    def reason(self) -> str:
        return self.agreed.reason if self.agreed else ""

    @property
    def version(self) -> int:
        return self.agreed.version if self.agreed else 0


@dataclass(frozen=True)
class ConsensusPage:
    """`rows` stay empty until the consensus is open and the person may read the panel's scores."""

    desk: Desk
    may_moderate: bool
    phase: str
    missing: tuple[str, ...] = ()
    alpha: str | None = None
    verdict: str = ""
    rows: tuple[Row, ...] = ()
    unanimous: int = 0
    may_read: bool = False

    @property
    def scale(self) -> tuple[str, ...]:
        """The scale of the charts, where all questions share one."""
        scales = {scale_of(row.question) for row in self.rows}
        return scales.pop() if len(scales) == 1 else ()

    @property
    def agreed(self) -> int:
        return sum(row.agreed is not None for row in self.rows)

    @property
    def left(self) -> int:
        return len(self.rows) - self.agreed

    @property
    def outside(self) -> int:
        return sum(row.outside for row in self.rows)

    @property
    def comparing(self) -> int:
        return sum(bool(row.compares) for row in self.rows)


def consensus_page(user: User, desk: Desk) -> ConsensusPage:
    scoring_round = desk.scoring_round
    may = can(user, "matrix.open_consensus", desk.procurement)
    if scoring_round is None:
        return ConsensusPage(desk=desk, may_moderate=may, phase="")
    if scoring_round.phase == ScoringPhase.INDEPENDENT:
        missing = tuple(unscored(board(user, scoring_round))) if may else ()
        return ConsensusPage(
            desk=desk, may_moderate=may, phase=scoring_round.phase, missing=missing
        )
    if not can(user, "matrix.view_scores", desk.procurement):
        return ConsensusPage(desk=desk, may_moderate=False, phase=scoring_round.phase)
    held, table = _table(user, scoring_round)
    seen = table.seen
    ordered = widest(seen.spreads, held.cells) if seen.spreads else list(held.cells)
    return ConsensusPage(
        desk=desk,
        may_moderate=may,
        phase=scoring_round.phase,
        alpha=seen.alpha,
        verdict=str(VERDICTS[seen.verdict]) if seen.verdict else "",
        rows=tuple(_row(held, table, cell) for cell in ordered),
        unanimous=len(unanimous(user, held)) if may else 0,
        may_read=True,
    )


@dataclass(frozen=True)
class _Table:
    """Scores and agreements of a round by bid and question."""

    seen: Agreement
    given: dict[Key, list[Score]]
    agreed: dict[Key, Consensus]
    panel: tuple[str, ...]
    conflicted: dict[Key, list[str]]  # names of evaluators who would score, by bid and section


def _table(user: User, scoring_round: ScoringRound) -> tuple[Board, _Table]:
    held = board(user, scoring_round)
    scores = list(scores_visible_to(user, scoring_round).order_by("evaluator__name", "pk"))
    agreed = list(current_consensus(scoring_round))
    given: dict[Key, list[Score]] = {}
    for score in scores:
        given.setdefault((score.bid_id, score.question_id), []).append(score)
    rows = {(row.bid_id, row.question_id): row for row in agreed}
    panel = tuple({one.user.name for one in panel_of(scoring_round.procurement)})
    seen = agreement(held, scores, agreed)
    return held, _Table(seen, given, rows, panel, _conflicted(scoring_round))


def _conflicted(scoring_round: ScoringRound) -> dict[Key, list[str]]:
    """Return who is assigned to a section and recused from a bid, by name."""
    found: dict[Key, list[str]] = {}
    recused = recused_in(scoring_round)
    for row in assignments_of(scoring_round) if recused else ():
        for one in recused:
            if one.evaluator == row.evaluator_id:
                found.setdefault((one.bid, row.section_id), []).append(row.evaluator.name)
    return found


def _row(held: Board, table: _Table, cell: Cell) -> Row:
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
            *(_voice(score, bid) for score in given),
            *(
                Voice(name, None, conflicted=True)
                for name in table.conflicted.get((bid.pk, question.section_id), ())
            ),
        ),
        spread=table.seen.spreads.get(key, Spread(0, None, None, None)),
        chart=_chart(bid, question, given, value),
        agreed=agreed,
        value=shown_value(value) if agreed else "",
        outside=key in table.seen.outside,
        compares=comparison_in(agreed.reason, bid.letter) if agreed else "",
        names=member_in(agreed.reason, table.panel) if agreed else "",
        tone=_tone(question, value),
    )


def _voice(score: Score, bid: Bid) -> Voice:
    return Voice(
        name=score.evaluator.name,
        value=score.value,
        reason=score.reason,
        compares=comparison_in(score.reason, bid.letter),
    )


def _tone(question: Question, value: Decimal | None) -> str:
    score = None if value is None else shown_value(value)
    return next((one.tone for one in anchors_of(question) if one.score == score), "")


def _chart(
    bid: Bid, question: Question, given: Iterable[Score], agreed: Decimal | None
) -> PanelSpread:
    return PanelSpread(
        title=_("Scores for question {code}, bid {letter}").format(
            code=question.code, letter=bid.letter
        ),
        scores=tuple(
            PanelScore(float(score.value), initials(score.evaluator.name), score.evaluator.name)
            for score in given
            if score.value is not None
        ),
        agreed=None if agreed is None else float(agreed),
        low=float(question.scale_min),
        high=float(question.scale_max),
    )


@dataclass(frozen=True)
class AgreeingPage:
    """One question in the consensus: its anchors, and a row for every bid that was asked it."""

    item: Item
    anchors: tuple[Anchor, ...]
    scale: tuple[str, ...]
    rows: tuple[Row, ...]
    editable: bool
    place: int
    count: int
    previous: str
    next: str
    widest: Row | None


def agreeing_page(user: User, item: Item) -> AgreeingPage:
    """Return one question for the panel; WrongState while evaluators score alone."""
    scoring_round = item.scoring_round
    if scoring_round.phase == ScoringPhase.INDEPENDENT:
        raise WrongState(_("Evaluators score alone now. Scores are shown in the consensus."))
    held, table = _table(user, scoring_round)
    mine = [cell for cell in held.cells if cell[1].pk == item.question.pk]
    rows = tuple(_row(held, table, cell) for cell in mine)
    codes = list(dict.fromkeys(q.code for q in held.questions if _is_asked(held, q)))
    at = codes.index(item.question.code) if item.question.code in codes else -1
    wide = max(rows, key=lambda row: row.spread.points, default=None)
    return AgreeingPage(
        item=item,
        anchors=anchors_of(item.question),
        scale=scale_of(item.question),
        rows=rows,
        editable=scoring_round.phase == ScoringPhase.CONSENSUS
        and can(user, "matrix.agree", scoring_round),
        place=at + 1,
        count=len(codes),
        previous=codes[at - 1] if at > 0 else "",
        next=codes[at + 1] if 0 <= at < len(codes) - 1 else "",
        widest=wide if wide and wide.spread.points else None,
    )


def _is_asked(held: Board, question: Question) -> bool:
    return any((bid, question.pk) in held.keys for bid in held.bids)
