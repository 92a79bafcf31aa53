"""Locked scores agreed anew: one person asks, another confirms, and what was frozen stays as it was."""

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.bids import selectors as bids
from apps.core import audit, clock, jobs, mail
from apps.core.access import authorise
from apps.core.errors import Incomplete, NotAllowed, WrongState
from apps.core.workflow import move, require
from apps.matrix.models import Assignment, Ranking, Reopening, ScoringRound
from apps.matrix.selectors.reopenings import asked_to_confirm, confirmers_of, obstacle_to
from apps.matrix.states import REOPENING, SCORING, ReopeningState
from apps.matrix.types import SUPERSEDE
from apps.rfp.models import Rfp
from apps.workspace.models import Procurement, Recusal, User
from apps.workspace.states import PROCUREMENT

LONGEST = 2000


@transaction.atomic
def ask(*, scoring_round: ScoringRound, reason: str, actor: User) -> Reopening:
    """Ask for locked scores to be agreed anew; nothing changes until a second person confirms it."""
    authorise(actor, "matrix.ask_reopening", scoring_round)
    _hold(scoring_round)
    _require_possible(scoring_round)
    why = reason.strip()
    if not why or len(why) > LONGEST:
        sentence = _("Say in up to {limit} characters why the scores are agreed anew.").format(
            limit=LONGEST
        )
        raise Incomplete(sentence, fields={"reason": sentence})
    if not confirmers_of(scoring_round.procurement, without=actor):
        raise WrongState(
            _("Nobody else may confirm it. Appoint a lead or an approver to the panel first.")
        )
    if waiting(scoring_round) is not None:
        raise WrongState(_("Somebody has asked for this already. It waits for a second person."))
    return note(scoring_round=scoring_round, reason=why, actor=actor)


def waiting(scoring_round: ScoringRound) -> Reopening | None:
    """Return the request about a round that nobody has decided."""
    held = Reopening.objects.filter(scoring_round=scoring_round, state=ReopeningState.REQUESTED)
    return held.first()


def note(
    *, scoring_round: ScoringRound, reason: str, actor: User, recusal: Recusal | None = None
) -> Reopening:
    """Write a request down; within an act that was allowed."""
    made = Reopening.objects.create(
        organisation_id=scoring_round.organisation_id,
        scoring_round=scoring_round,
        reason=reason,
        recusal=recusal,
        requested_by=actor,
    )
    audit.record(
        action="scoring.ask_reopening",
        actor=actor,
        subject=made,
        procurement_id=scoring_round.procurement_id,
        payload={"round": scoring_round.number, "reason": reason},
    )
    _tell_confirmers(made, actor)
    return made


def _tell_confirmers(made: Reopening, actor: User) -> None:
    """Mail who may decide; the reason stays on the page, because it may speak of a bid."""
    procurement = made.scoring_round.procurement
    people = asked_to_confirm(procurement, without=actor)
    for person in sorted(people, key=lambda one: one.email):
        mail.send(
            to=person.email,
            event=f"matrix.reopening_asked:{made.pk}",
            template="reopening_asked",
            context={
                "name": person.name,
                "procurement": procurement,
                "by": actor.name,
                "path": reverse("matrix:reopenings", args=[procurement.pk]),
            },
            actor=actor,
        )


@transaction.atomic
def confirm(*, reopening: Reopening, actor: User) -> ScoringRound:
    """Begin a new round that goes on from the same scores and agreements; the locked one stays.

    The rankings of the locked round are superseded with it, and so are the reports that print them.
    """
    authorise(actor, "matrix.confirm_reopening", reopening)
    before = reopening.scoring_round
    _hold(before)
    _fresh(reopening)
    require(reopening, REOPENING, "confirm")
    if reopening.requested_by_id == actor.pk:
        raise NotAllowed(_("You asked for this yourself. A second person confirms it."))
    _require_possible(before)
    known = bool(bids.priced_bids(before.rfp))
    move(
        reopening,
        REOPENING,
        "confirm",
        actor=actor,
        payload={
            "round": before.number,
            "reason": reopening.reason,
            "prices_known": known,
            "superseded": _digests(before),
        },
        also={"decided_by": actor, "decided_at": clock.now(), "prices_known": known},
    )
    made = _go_on(before, reopening, actor)
    move(before.procurement, PROCUREMENT, "evaluate quality again", actor=actor)
    jobs.enqueue(kind=SUPERSEDE, subject_id=reopening.pk, actor=actor)
    return made


def _digests(scoring_round: ScoringRound) -> list[str]:
    held = Ranking.objects.filter(scoring_round=scoring_round).order_by("created_at", "pk")
    return list(held.values_list("digest", flat=True))


def _go_on(before: ScoringRound, reopening: Reopening, actor: User) -> ScoringRound:
    made = ScoringRound.objects.create(
        organisation_id=before.organisation_id,
        procurement=before.procurement,
        rfp=before.rfp,
        number=before.number + 1,
        supersedes=before,
        reason=reopening.reason,
    )
    Assignment.objects.bulk_create(
        Assignment(
            organisation_id=made.organisation_id,
            scoring_round=made,
            section_id=one.section_id,
            evaluator_id=one.evaluator_id,
            finished_at=one.finished_at,
        )
        for one in Assignment.objects.filter(scoring_round=before).order_by("pk")
    )
    move(made, SCORING, "open consensus", actor=actor, payload={"supersedes": before.number})
    return made


@transaction.atomic
def drop(*, reopening: Reopening, answer: str, actor: User) -> None:
    """Say no to a request, with a reason, or take one's own back: the lock stands."""
    authorise(actor, "matrix.drop_reopening", reopening)
    _hold(reopening.scoring_round)
    _fresh(reopening)
    own = reopening.requested_by_id == actor.pk
    if reopening.recusal_id and own:
        raise NotAllowed(
            _("A conflict that you settled asks for this. A second person confirms or drops it.")
        )
    if not own:
        authorise(actor, "matrix.confirm_reopening", reopening)
    why = answer.strip()
    if (not own and not why) or len(why) > LONGEST:
        sentence = _("Say in up to {limit} characters why the lock stands.").format(limit=LONGEST)
        raise Incomplete(sentence, fields={"answer": sentence})
    move(
        reopening,
        REOPENING,
        "drop",
        actor=actor,
        payload={"answer": why},
        also={"decided_by": actor, "decided_at": clock.now(), "answer": why},
    )


def _fresh(reopening: Reopening) -> None:
    held = Reopening.objects.select_for_update(of=("self",)).get(pk=reopening.pk)
    reopening.state = held.state


def _hold(scoring_round: ScoringRound) -> None:
    """Hold case, RFP and round, so that no opening, decision or score comes between."""
    case = Procurement.objects.select_for_update(of=("self",)).get(pk=scoring_round.procurement_id)
    Rfp.objects.select_for_update(of=("self",)).get(pk=scoring_round.rfp_id)
    held = ScoringRound.objects.select_for_update(no_key=True).get(pk=scoring_round.pk)
    scoring_round.phase, scoring_round.procurement.phase = held.phase, case.phase


def _require_possible(scoring_round: ScoringRound) -> None:
    if obstacle := obstacle_to(scoring_round):
        raise WrongState(obstacle)
