"""Scores agreed anew: who asks for it, what stands against it, and what was superseded."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from apps.bids import selectors as bids
from apps.bids.models import OfferRound, Shortlist
from apps.bids.states import OfferState, ShortlistState
from apps.core.access import authorise, can
from apps.core.errors import NotFound, WrongState
from apps.matrix.models import Ranking, Reopening, ScoringRound
from apps.matrix.selectors.recusals import LATE, names_waiting
from apps.matrix.selectors.rounds import latest_round
from apps.matrix.states import ReopeningState, ScoringPhase
from apps.matrix.types import Desk
from apps.rfp.selectors import decided_lots
from apps.workspace.models import Procurement, User
from apps.workspace.selectors import panel_of, procurement_for
from apps.workspace.states import Role

CONFIRMERS = frozenset({Role.LEAD, Role.APPROVER})


def obstacle_to(scoring_round: ScoringRound) -> str:
    """Return why the scores of a round cannot be agreed anew now, in a sentence; empty when they can."""
    procurement = scoring_round.procurement
    if scoring_round.phase != ScoringPhase.LOCKED or procurement.phase not in LATE:
        return _("Only locked scores are re-opened, and only before a decision.")
    if decided_lots(scoring_round.rfp):
        return _("A lot is decided on these scores, and its vendors were told. They stay locked.")
    offers = OfferRound.objects.filter(
        rfp=scoring_round.rfp_id, state__in=(OfferState.REQUESTED, OfferState.RUNNING)
    )
    if offers.exists():
        return _(
            "Final offers are asked for on this ranking. Drop the request, or wait until they are"
            " opened."
        )
    lists = Shortlist.objects.filter(rfp=scoring_round.rfp_id)
    if lists.filter(state=ShortlistState.CONFIRMED).exists():
        return _("The shortlist is confirmed, and the vendors were told. The scores stay locked.")
    if lists.filter(state=ShortlistState.REQUESTED).exists():
        return _("A shortlist is proposed on this ranking. Drop it first.")
    return ""


def confirmers_of(procurement: Procurement, *, without: User) -> list[str]:
    """Return the names of who may confirm somebody's request, each once."""
    return sorted({person.name for person in asked_to_confirm(procurement, without=without)})


def asked_to_confirm(procurement: Procurement, *, without: User) -> set[User]:
    """Return who may confirm somebody's request: one query."""
    return {
        member.user
        for member in panel_of(procurement)
        if member.role in CONFIRMERS and member.user_id != without.pk
    }


def require_standing(procurement: Procurement, *, since: dt.datetime | None = None) -> None:
    """Refuse what rests on locked scores while they are, or may soon be, agreed anew.

    `since`: when the act that is judged now was made; scores re-opened later make it outdated.
    """
    if names := names_waiting(procurement):
        raise WrongState(
            _("{names} named a conflict with one vendor. Settle it first.").format(
                names=", ".join(names)
            )
        )
    newest = latest_round(procurement)
    if newest is None:
        return
    if newest.phase != ScoringPhase.LOCKED:
        raise WrongState(
            _("The scores were re-opened. Lock them, and freeze the ranking again.")
            if newest.supersedes_id
            else _("Lock the quality scores first.")
        )
    if since is not None and newest.supersedes_id and newest.created_at > since:
        raise WrongState(_("The scores were re-opened after this was proposed. Send it back."))
    held = Reopening.objects.filter(scoring_round=newest, state=ReopeningState.REQUESTED)
    if held.exists():
        raise WrongState(
            _("Somebody asks to re-open the scores. Confirm or drop the request first.")
        )


def confirmed_after(procurement: Procurement, moment: dt.datetime) -> bool:
    """Whether scores were re-opened after a moment: what was frozen until then is superseded."""
    held = Reopening.objects.filter(
        scoring_round__procurement=procurement, state=ReopeningState.CONFIRMED
    )
    return held.filter(decided_at__gte=moment).exists()


def reopenings_of(procurement: Procurement) -> list[Reopening]:
    """Return every request about the scores of a procurement, oldest first."""
    held = Reopening.objects.filter(scoring_round__procurement=procurement)
    held = held.select_related("scoring_round", "requested_by", "decided_by")
    return list(held.order_by("created_at", "pk"))


def reopening_behind(scoring_round: ScoringRound) -> Reopening | None:
    """Return what a round goes on from locked scores by; None for the first round."""
    if scoring_round.supersedes_id is None:
        return None
    held = Reopening.objects.filter(
        scoring_round=scoring_round.supersedes_id, state=ReopeningState.CONFIRMED
    )
    return held.select_related("requested_by", "decided_by").first()


def reopening_for(user: User, *, procurement_id: uuid.UUID, reopening_id: uuid.UUID) -> Reopening:
    procurement = procurement_for(user, procurement_id=procurement_id)
    authorise(user, "matrix.view_ranking", procurement)
    held = Reopening.objects.filter(scoring_round__procurement=procurement, pk=reopening_id)
    found = held.select_related("scoring_round__procurement", "scoring_round__rfp__procurement")
    one = found.first()
    if one is None:
        raise NotFound(_("There is no such request in this procurement."))
    return one


def superseded_for(user: User, *, procurement_id: uuid.UUID, ranking_id: uuid.UUID) -> Ranking:
    """Return a ranking of this procurement that stands no more; the one that stands is elsewhere."""
    procurement = procurement_for(user, procurement_id=procurement_id)
    authorise(user, "matrix.view_ranking", procurement)
    found = next((one for one in superseded_in(procurement) if one.pk == ranking_id), None)
    if found is None:
        raise NotFound(_("There is no such superseded ranking."))
    return found


def superseded_in(procurement: Procurement) -> list[Ranking]:
    """Return the rankings of rounds that another one superseded, oldest first."""
    gone = ScoringRound.objects.filter(procurement=procurement, supersedes__isnull=False)
    held = Ranking.objects.filter(
        procurement=procurement, scoring_round__in=gone.values("supersedes")
    )
    held = held.select_related("scoring_round", "lot", "frozen_by")
    return list(held.order_by("created_at", "pk"))


@dataclass(frozen=True)
class ReopeningsPage:
    """Requests to agree locked scores anew, and what became superseded by them.

    `obstacle` says why nobody can ask or confirm now; `known` whether a price was opened meanwhile.
    """

    desk: Desk
    waiting: Reopening | None
    past: tuple[Reopening, ...]
    superseded: tuple[Ranking, ...]
    confirmers: tuple[str, ...]
    obstacle: str
    known: bool
    again: bool
    may_ask: bool
    may_confirm: bool
    may_drop: bool


def reopenings_page(user: User, desk: Desk) -> ReopeningsPage:
    procurement, newest = desk.procurement, desk.scoring_round
    every = reopenings_of(procurement)
    waiting = _waiting(every)
    obstacle = obstacle_to(newest) if newest else _("Scoring has not begun in this procurement.")
    confirms = can(user, "matrix.confirm_reopening", procurement)
    asked_myself = waiting is not None and waiting.requested_by_id == user.pk
    return ReopeningsPage(
        desk=desk,
        waiting=waiting,
        past=tuple(one for one in every if one is not waiting),
        superseded=tuple(superseded_in(procurement)),
        confirmers=tuple(confirmers_of(procurement, without=waiting.requested_by))
        if waiting
        else (),
        obstacle=obstacle,
        known=bool(newest and bids.priced_bids(newest.rfp)),
        again=bool(newest and newest.supersedes_id and newest.phase != ScoringPhase.LOCKED),
        may_ask=not waiting and not obstacle and can(user, "matrix.ask_reopening", procurement),
        may_confirm=confirms and waiting is not None and not asked_myself and not obstacle,
        may_drop=_may_drop(waiting, asked_myself=asked_myself, confirms=confirms),
    )


def _may_drop(waiting: Reopening | None, *, asked_myself: bool, confirms: bool) -> bool:
    """Whether a person may drop what waits: their own request, or as one who may confirm it."""
    if waiting is None:
        return False
    return waiting.recusal_id is None if asked_myself else confirms


def _waiting(every: Iterable[Reopening]) -> Reopening | None:
    return next((one for one in every if one.state == ReopeningState.REQUESTED), None)
