"""The consensus as the panel sees it: who gave what and why, what was agreed, what is left."""

from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from apps.core.access import can
from apps.core.errors import WrongState
from apps.matrix.models import Reopening
from apps.matrix.selectors.agreement import widest
from apps.matrix.selectors.asking import explained
from apps.matrix.selectors.board import board, unanimous, unscored
from apps.matrix.selectors.consensus_rows import Row, row_of, table_of
from apps.matrix.selectors.counting import substitutions_in
from apps.matrix.selectors.findings import VERDICTS
from apps.matrix.selectors.leavers import Replaced, replaced_in
from apps.matrix.selectors.reopenings import reopening_behind
from apps.matrix.selectors.rubric import Anchor, anchors_of, scale_of
from apps.matrix.states import ScoringPhase
from apps.matrix.types import Board, Desk, Item
from apps.rfp.models import Question
from apps.workspace.models import User


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
    replaced: tuple[Replaced, ...] = ()  # evaluators who left, and what became of their scores
    reopened: Reopening | None = None  # what this round goes on from locked scores by

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
    reopened = reopening_behind(scoring_round)
    if scoring_round.phase == ScoringPhase.INDEPENDENT:
        missing = tuple(unscored(board(user, scoring_round))) if may else ()
        return ConsensusPage(
            desk=desk,
            may_moderate=may,
            phase=scoring_round.phase,
            missing=missing,
            reopened=reopened,
        )
    if not can(user, "matrix.view_scores", desk.procurement):
        return ConsensusPage(desk=desk, may_moderate=False, phase=scoring_round.phase)
    held, table = table_of(user, scoring_round)
    seen = table.seen
    ordered = widest(seen.spreads, held.cells) if seen.spreads else list(held.cells)
    return ConsensusPage(
        desk=desk,
        may_moderate=may,
        phase=scoring_round.phase,
        alpha=seen.alpha,
        verdict=str(VERDICTS[seen.verdict]) if seen.verdict else "",
        rows=tuple(row_of(held, table, cell) for cell in ordered),
        unanimous=len(unanimous(user, held)) if may else 0,
        may_read=True,
        replaced=tuple(replaced_in(substitutions_in(scoring_round))),
        reopened=reopened,
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
    held, table = table_of(user, scoring_round)
    mine = [cell for cell in held.cells if cell[1].pk == item.question.pk]
    said = explained(scoring_round, item.question)
    rows = tuple(
        replace(row_of(held, table, cell), explained=said.get(cell[0].pk, ())) for cell in mine
    )
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
