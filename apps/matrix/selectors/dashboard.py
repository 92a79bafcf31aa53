"""What scoring, consensus and ranking ask of a person now."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.bids.selectors import shortlist as shortlists
from apps.bids.selectors.groups import next_group
from apps.bids.states import ShortlistState
from apps.core.access import can
from apps.matrix.models import Reopening, ScoringRound
from apps.matrix.selectors.asking import asks_lead
from apps.matrix.selectors.board import board, unagreed, unscored
from apps.matrix.selectors.calibrating import waits_for
from apps.matrix.selectors.leavers import names_left
from apps.matrix.selectors.progress import progress
from apps.matrix.selectors.ranking_page import freezable
from apps.matrix.selectors.recusals import OPEN, names_waiting
from apps.matrix.selectors.rounds import latest_ranking, latest_round
from apps.matrix.states import ReopeningState, ScoringPhase
from apps.matrix.types import Board, Desk
from apps.rfp.models import Rfp
from apps.rfp.selectors import lots_in, of_lot
from apps.workspace.models import Procurement, User
from apps.workspace.states import Phase
from apps.workspace.types import Todo


def todos(user: User, procurement: Procurement) -> list[Todo]:
    """Return what needs this person in this procurement; nothing outside the evaluation."""
    if procurement.phase == Phase.SHORTLIST:
        found = [*_conflicts(user, procurement), *_reopening(user, procurement)]
        return found + _shortlist(user, procurement)
    if procurement.phase not in OPEN | {Phase.COMMERCIAL}:
        return []
    found = list(_reopening(user, procurement)) if procurement.phase == Phase.COMMERCIAL else []
    if not can(user, "matrix.view_round", procurement):
        return found
    found += _conflicts(user, procurement)
    if procurement.phase in {Phase.TENDERING, Phase.TECHNICAL}:
        found += _calibration(user, procurement)
    if procurement.phase in {Phase.TECHNICAL, Phase.COMMERCIAL}:
        found += _todos(user, procurement, latest_round(procurement))
    return found


def _conflicts(user: User, procurement: Procurement) -> Iterator[Todo]:
    """Ask the lead to settle the conflicts that evaluators named: bids are shut to them meanwhile."""
    if not can(user, "matrix.settle_conflict", procurement):
        return
    names = names_waiting(procurement)
    if names:
        yield _todo(
            procurement,
            "matrix:conflicts",
            _("Settle a conflict with one vendor"),
            _("No bid is open to {names} until then.").format(names=", ".join(names)),
            _("Settle"),
            "flag",
            "warn",
        )


def _reopening(user: User, procurement: Procurement) -> Iterator[Todo]:
    """Ask a second person whether locked scores are agreed anew: a decision waits for the answer."""
    if not can(user, "matrix.confirm_reopening", procurement):
        return
    waiting = Reopening.objects.filter(
        scoring_round__procurement=procurement, state=ReopeningState.REQUESTED
    ).select_related("requested_by")
    for one in waiting.exclude(requested_by=user):
        yield _todo(
            procurement,
            "matrix:reopenings",
            _("Decide whether the scores are re-opened"),
            _("{name} asks for it.").format(name=one.requested_by.name),
            _("Read and decide"),
            "flag",
            "warn",
        )


def _leavers(user: User, procurement: Procurement, scoring_round: ScoringRound) -> Iterator[Todo]:
    """Ask the lead whether the scores of who left count: the consensus and the lock wait for it."""
    if scoring_round.phase == ScoringPhase.LOCKED or not can(
        user, "matrix.substitute", procurement
    ):
        return
    if names := names_left(scoring_round):
        yield _todo(
            procurement,
            "matrix:substitutes",
            _("Decide about an evaluator who left"),
            _("Say whether the scores of {names} count.").format(names=", ".join(names)),
            _("Decide"),
            "users",
            "warn",
        )


def _release(user: User, procurement: Procurement, scoring_round: ScoringRound) -> Iterator[Todo]:
    """Ask the lead to release the next group once those that read have scored."""
    if scoring_round.phase != ScoringPhase.INDEPENDENT or not can(
        user, "bids.arrange_groups", procurement
    ):
        return
    group = next_group(procurement)
    if group and not any(row.left for row in progress(board(user, scoring_round))):
        yield _todo(
            procurement,
            "bids:groups",
            _("Release the group {name}").format(name=group.name),
            _("Whoever reads before it has scored everything."),
            _("Release"),
            "users",
        )


def _asks(user: User, procurement: Procurement, scoring_round: ScoringRound) -> Iterator[Todo]:
    """Ask the lead to send what the panel wants to know of one vendor."""
    if not can(user, "matrix.send_question", procurement):
        return
    if count := asks_lead(scoring_round):
        words = ngettext("Send a question to a vendor", "Send {count} questions to vendors", count)
        yield _todo(
            procurement,
            "matrix:vendor_questions",
            words.format(count=count),
            _("The panel asks about a bid. No vendor reads it before you send it."),
            _("Read and send"),
            "messages-square",
        )


def _calibration(user: User, procurement: Procurement) -> Iterator[Todo]:
    """Ask evaluators to score the mock bid, and whoever leads it to show what they gave."""
    tries = can(user, "matrix.try_scores", procurement)
    arranges = can(user, "matrix.calibrate", procurement)
    waits = waits_for(user, procurement) if tries or arranges else None
    if waits is None:
        return
    if tries and (left := waits.left):
        words = ngettext("Score {count} mock answer", "Score {count} mock answers", left)
        yield _todo(
            procurement,
            "matrix:calibration",
            words.format(count=left),
            _("So that the panel learns how it reads the rubric. Nothing of it counts."),
            _("Score"),
        )
    elif arranges and waits.complete:
        yield _todo(
            procurement,
            "matrix:calibration",
            _("Show the scores of the mock bid"),
            _("Every evaluator has scored it."),
            _("Show"),
            "users",
        )


def _shortlist(user: User, procurement: Procurement) -> list[Todo]:
    """Ask the lead to propose the shortlist, and a second person to confirm it."""
    rfp = Rfp.objects.filter(procurement=procurement).first()
    held = shortlists.standing_shortlist(rfp) if rfp else None
    if held is None and can(user, "bids.propose_shortlist", procurement):
        title, text = _("Propose the shortlist"), _("The published rule says who is taken.")
    elif (
        held is not None
        and held.state == ShortlistState.REQUESTED
        and held.requested_by_id != user.pk
        and can(user, "bids.confirm_shortlist", procurement)
    ):
        title, text = _("Confirm the shortlist"), _("No vendor is told before.")
    else:
        return []
    return [_todo(procurement, "matrix:shortlist", title, text, _("Open"), "flag", "seal")]


def _todos(
    user: User, procurement: Procurement, scoring_round: ScoringRound | None
) -> Iterator[Todo]:
    if scoring_round is None:
        if can(user, "matrix.begin", procurement):
            yield _todo(
                procurement,
                "matrix:scoring",
                _("Begin scoring"),
                _("The bids are open. Assign evaluators to sections."),
                _("Assign evaluators"),
            )
        return
    yield from _leavers(user, procurement, scoring_round)
    if scoring_round.phase == ScoringPhase.LOCKED:
        yield from _freeze(user, procurement, scoring_round)
        return
    yield from _release(user, procurement, scoring_round)
    yield from _asks(user, procurement, scoring_round)
    judges = can(user, "matrix.score", procurement)
    moderates = can(user, "matrix.open_consensus", procurement)
    if judges or moderates:
        held = board(user, scoring_round)
        if scoring_round.phase == ScoringPhase.INDEPENDENT:
            yield from _alone(user, procurement, held, judges=judges, moderates=moderates)
        elif moderates:
            yield _agree(procurement, len(unagreed(held)))


def _alone(
    user: User, procurement: Procurement, held: Board, *, judges: bool, moderates: bool
) -> Iterator[Todo]:
    mine = next((row for row in progress(held) if row.evaluator == user), None) if judges else None
    if mine and mine.left:
        words = ngettext("{count} score left", "{count} scores left", mine.left)
        yield _todo(
            procurement,
            "matrix:scoring",
            words.format(count=mine.left),
            _("You score alone: nobody sees a score before the consensus."),
            _("Score"),
        )
    elif mine and mine.finished < mine.sections:
        yield _todo(
            procurement,
            "matrix:scoring",
            _("Finish your sections"),
            _("Everything is scored. Say that your sections are done."),
            _("Finish"),
        )
    if moderates and not unscored(held):
        yield _todo(
            procurement,
            "matrix:consensus",
            _("Open the consensus"),
            _("Every score is in."),
            _("Open consensus"),
            "handshake",
        )


def _agree(procurement: Procurement, left: int) -> Todo:
    if not left:
        return _todo(
            procurement,
            "matrix:consensus",
            _("Lock the scores"),
            _("Every score is agreed. Locking freezes the ranking on quality."),
            _("Lock"),
            "lock",
            "seal",
        )
    words = ngettext("{count} score to agree", "{count} scores to agree", left)
    return _todo(
        procurement,
        "matrix:consensus",
        words.format(count=left),
        _("The consensus is open."),
        _("Agree"),
        "handshake",
    )


def _freeze(user: User, procurement: Procurement, scoring_round: ScoringRound) -> Iterator[Todo]:
    if not can(user, "matrix.freeze", procurement):
        return
    for lot in lots_in(procurement) or (None,):
        ranking = latest_ranking(user, procurement, lot)
        if ranking and freezable(user, Desk(procurement, scoring_round), ranking):
            found = _todo(
                procurement,
                "matrix:ranking",
                _("Freeze the ranking with prices"),
                _("A price comparison is adopted."),
                _("See the ranking"),
                "scale",
            )
            yield of_lot(found, lot)


def _todo(  # noqa: PLR0913, PLR0917 -- the parts of a line of the dashboard
    procurement: Procurement,
    page: str,
    title: str,
    text: str,
    action: str,
    icon: str = "clipboard-check",
    tone: str = "",
) -> Todo:
    url = reverse(page, args=[procurement.pk])
    return Todo(title=title, text=text, url=url, action=action, icon=icon, tone=tone)
