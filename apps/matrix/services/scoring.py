"""Scoring alone: each evaluator judges each answer against the rubric, with a reason."""

import uuid
from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from apps.bids.models import Bid
from apps.core import audit, clock
from apps.core.access import authorise
from apps.core.errors import Conflict, Incomplete, NotAllowed, WrongState
from apps.matrix import selectors
from apps.matrix.models import Assignment, Score, ScoringRound
from apps.matrix.states import ScoringPhase
from apps.rfp.models import Question, Section
from apps.rfp.states import ScoringMode
from apps.workspace.models import Procurement, User
from apps.workspace.rules import panel_roles
from apps.workspace.states import Phase, Role

LONGEST_REASON = 4000


@transaction.atomic
def begin(
    *,
    procurement: Procurement,
    assignments: Mapping[uuid.UUID, Sequence[uuid.UUID]],
    actor: User,
) -> ScoringRound:
    """Begin a round: every scored section gets its evaluators, the same for every bid."""
    authorise(actor, "matrix.begin", procurement)
    if procurement.phase != Phase.TECHNICAL:
        raise WrongState(_("Scoring begins after the bids have been opened."))
    if selectors.latest_round(procurement) is not None:
        raise WrongState(_("Scoring has begun already."))
    sections = selectors.scored_sections(procurement)
    _check(procurement, sections, assignments)
    scoring_round = ScoringRound.objects.create(
        organisation_id=procurement.organisation_id, procurement=procurement, rfp=procurement.rfp
    )
    Assignment.objects.bulk_create(
        Assignment(
            organisation_id=procurement.organisation_id,
            scoring_round=scoring_round,
            section=section,
            evaluator_id=evaluator,
        )
        for section in sections
        for evaluator in dict.fromkeys(assignments[section.pk])
    )
    audit.record(
        action="scoring.begin",
        actor=actor,
        subject=scoring_round,
        procurement_id=procurement.pk,
        payload={"assignments": {str(s): [str(e) for e in es] for s, es in assignments.items()}},
    )
    return scoring_round


def _check(
    procurement: Procurement,
    sections: Sequence[Section],
    assignments: Mapping[uuid.UUID, Sequence[uuid.UUID]],
) -> None:
    wrong = {
        str(section.pk): _("Choose at least one evaluator for {title}.").format(title=section.title)
        for section in sections
        if not assignments.get(section.pk)
    }
    if wrong:
        raise Incomplete(_("Every section needs an evaluator."), fields=wrong)
    evaluators = {evaluator for people in assignments.values() for evaluator in people}
    for person in User.objects.filter(pk__in=evaluators):
        if Role.EVALUATOR not in panel_roles(person, procurement):
            raise Incomplete(
                _("{name} is not an evaluator on this panel.").format(name=person.name)
            )
    if User.objects.filter(pk__in=evaluators).count() != len(evaluators):
        raise Incomplete(_("One of the evaluators does not exist any more. Choose again."))


def _authorise_scoring(scoring_round: ScoringRound, section: Section, actor: User) -> Assignment:
    authorise(actor, "matrix.score", scoring_round)
    assigned = Assignment.objects.filter(
        scoring_round=scoring_round, section=section, evaluator=actor
    ).first()
    if assigned is None:
        raise NotAllowed(_("This section is not assigned to you."))
    return assigned


def _require_phase(scoring_round: ScoringRound, phase: ScoringPhase, sentence: str) -> None:
    # The lock keeps a score from slipping in while the moderator opens the consensus.
    held = ScoringRound.objects.select_for_update(no_key=True).get(pk=scoring_round.pk)
    if held.phase != phase:
        raise WrongState(sentence)


@transaction.atomic
def save(  # noqa: PLR0913 -- one judgement has these parts
    *,
    scoring_round: ScoringRound,
    bid: Bid,
    question: Question,
    value: Decimal | None,
    reason: str,
    actor: User,
    version: int | None = None,
) -> Score:
    """Record what one evaluator gives one answer; None is an abstention and needs a reason too.

    `version` is the version the evaluator saw: Conflict when another window was faster.
    """
    _authorise_scoring(scoring_round, question.section, actor)
    _require_phase(
        scoring_round, ScoringPhase.INDEPENDENT, _("Scoring alone is over: the consensus is open.")
    )
    check_value(question, value, reason)
    if question.mode != ScoringMode.MANUAL:
        raise WrongState(_("This question is not scored by evaluators."))
    if bid.pk not in selectors.admitted_bids(actor, scoring_round):
        raise WrongState(_("This bid is not scored: it did not pass the knock-out criteria."))
    mine = Score.objects.filter(
        scoring_round=scoring_round, bid=bid, question=question, evaluator=actor
    )
    last = mine.aggregate(last=Max("version"))["last"] or 0
    if version is not None and version != last:
        raise Conflict(_("You changed this score in another window. Reload the page."))
    try:
        with transaction.atomic():
            score = Score.objects.create(
                organisation_id=scoring_round.organisation_id,
                scoring_round=scoring_round,
                bid=bid,
                question=question,
                evaluator=actor,
                version=last + 1,
                value=value,
                reason=reason.strip(),
            )
    except IntegrityError:
        raise Conflict(_("You changed this score in another window. Reload the page.")) from None
    audit.record(
        action="scoring.score",
        actor=actor,
        subject=score,
        procurement_id=scoring_round.procurement_id,
        payload={"version": score.version},
    )
    return score


def check_value(question: Question, value: Decimal | None, reason: str) -> None:
    """Refuse a value outside the question's own scale, between its steps, or without a reason."""
    wrong: dict[str, str] = {}
    low, high = question.scale_min, question.scale_max
    if value is not None and not low <= value <= high:
        wrong["value"] = _("Choose a score from {low} to {high}.").format(
            low=f"{low.normalize():f}", high=f"{high.normalize():f}"
        )
    elif value is not None and value != value.to_integral_value():
        wrong["value"] = _("Choose a whole score: the rubric has no half steps.")
    if not reason.strip():
        wrong["reason"] = _("Give a reason: what in the answer meets which anchor.")
    elif len(reason) > LONGEST_REASON:
        wrong["reason"] = _("Shorten the reason to {limit} characters.").format(
            limit=LONGEST_REASON
        )
    if wrong:
        raise Incomplete(_("This score is not complete."), fields=wrong)


@transaction.atomic
def finish(*, scoring_round: ScoringRound, section: Section, actor: User) -> None:
    """Say that a section is scored; refused while a score is missing."""
    assigned = _authorise_scoring(scoring_round, section, actor)
    _require_phase(
        scoring_round, ScoringPhase.INDEPENDENT, _("Scoring alone is over: the consensus is open.")
    )
    missing = selectors.missing_scores(actor, scoring_round, section)
    if missing:
        raise Incomplete(
            _("{count} scores are missing in this section. The first is {code}.").format(
                count=len(missing), code=missing[0]
            )
        )
    at = clock.now()
    Assignment.objects.filter(pk=assigned.pk).update(finished_at=at)
    audit.record(
        action="scoring.finish",
        actor=actor,
        subject=assigned,
        procurement_id=scoring_round.procurement_id,
        payload={"section": section.code},
    )
