"""Scoring alone: each evaluator judges each answer against the rubric, with a reason."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.bids import selectors as bids
from apps.bids.models import Bid
from apps.bids.selectors.groups import grouped, require_released
from apps.core import audit, clock
from apps.core.access import authorise
from apps.core.errors import Conflict, Incomplete, NotAllowed, WrongState
from apps.matrix import selectors
from apps.matrix.models import Assignment, Score, ScoringRound
from apps.matrix.selectors.counting import substitutions_in, up_to
from apps.matrix.services.judging import Judgement, check_judgement, kept_marks, require_cell
from apps.matrix.states import ScoringPhase
from apps.matrix.types import Mark
from apps.rfp.models import Question, Section
from apps.workspace.models import PanelMember, Procurement, User
from apps.workspace.states import Interest, Phase, Role


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
    if not bids.bids_visible_to(actor, procurement.rfp).exists():
        raise WrongState(_("No bid was opened, so there is nothing to score."))
    sections = selectors.scored_sections(procurement)
    _check(procurement, sections, assignments)
    scoring_round = _open_round(procurement)
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
        payload={
            "assignments": {
                section.code: [str(person) for person in dict.fromkeys(assignments[section.pk])]
                for section in sections
            }
        },
    )
    return scoring_round


def _open_round(procurement: Procurement) -> ScoringRound:
    try:
        with transaction.atomic():
            return ScoringRound.objects.create(
                organisation_id=procurement.organisation_id,
                procurement=procurement,
                rfp=procurement.rfp,
            )
    except IntegrityError:
        raise WrongState(_("Scoring has begun already.")) from None


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
    if set(assignments) - {section.pk for section in sections}:
        raise Incomplete(_("Assign evaluators to the sections that people score, and to no other."))
    for person in {one for people in assignments.values() for one in people}:
        check_evaluator(procurement, person)
    _check_groups(procurement, sections, assignments)


def _check_groups(
    procurement: Procurement,
    sections: Sequence[Section],
    assignments: Mapping[uuid.UUID, Sequence[uuid.UUID]],
) -> None:
    """Refuse an evaluator for a section whose group they are not in."""
    held = grouped(procurement.rfp)
    wrong = {
        str(one.pk): _("{title} is scored by its group. Choose its members.").format(
            title=one.title
        )
        for one in sections
        if one.pk in held and not held[one.pk].issuperset(assignments[one.pk])
    }
    if wrong:
        raise Incomplete(_("Sections of a group are scored by its members."), fields=wrong)


def check_evaluator(procurement: Procurement, person: uuid.UUID) -> None:
    """Refuse who is no evaluator of this panel, or has a conflict."""
    held = PanelMember.objects.filter(
        procurement=procurement, user_id=person, role=Role.EVALUATOR, active=True
    )
    member = held.select_related("user").first()
    if member is None:
        raise Incomplete(_("Choose evaluators of this panel. One of these people is none."))
    if member.interest == Interest.CONFLICT:
        raise Incomplete(
            _("{name} declared a conflict of interest. Choose another evaluator.").format(
                name=member.user.name
            )
        )


@transaction.atomic
def assign(
    *, scoring_round: ScoringRound, section: Section, evaluator: uuid.UUID, actor: User
) -> Assignment:
    """Add an evaluator to a section, for every bid alike: for one who left or cannot judge."""
    authorise(actor, "matrix.begin", scoring_round)
    _require_alone(scoring_round)
    check_evaluator(scoring_round.procurement, evaluator)
    gone = substitutions_in(scoring_round)
    if any((one.replaced_id, one.section_id) == (evaluator, section.pk) for one in gone):
        raise Incomplete(_("This evaluator was replaced in this section. Choose another one."))
    assigned, made = Assignment.objects.get_or_create(
        scoring_round=scoring_round,
        section=section,
        evaluator_id=evaluator,
        defaults={"organisation_id": scoring_round.organisation_id},
    )
    if made:
        audit.record(
            action="scoring.assign",
            actor=actor,
            subject=assigned,
            procurement_id=scoring_round.procurement_id,
            payload={"section": section.code, "evaluator": str(evaluator)},
        )
    return assigned


def _assigned(scoring_round: ScoringRound, section: Section, actor: User) -> Assignment:
    authorise(actor, "matrix.score", scoring_round)
    assigned = Assignment.objects.filter(
        scoring_round=scoring_round, section=section, evaluator=actor
    ).first()
    if assigned is None:
        raise NotAllowed(_("This section is not assigned to you."))
    return assigned


def _require_alone(scoring_round: ScoringRound) -> None:
    # The lock keeps a score from slipping in while the moderator opens the consensus.
    held = ScoringRound.objects.select_for_update(no_key=True).get(pk=scoring_round.pk)
    if held.phase != ScoringPhase.INDEPENDENT:
        raise WrongState(_("Scoring alone is over: the consensus is open."))


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
    marks: Sequence[Mark] | None = None,
) -> Score:
    """Record what one evaluator gives one answer; None is an abstention and needs a reason too.

    `marks` are the passages that prove it, as the page counts them; None leaves those that stand.
    `version` is the version the evaluator saw: Conflict when another window was faster. The same
    judgement again is no change, whatever version it names.
    """
    _assigned(scoring_round, question.section, actor)
    _require_alone(scoring_round)
    check_judgement(question, value, reason)
    require_cell(actor, scoring_round, (bid, question))
    mine = Score.objects.filter(**up_to(scoring_round), bid=bid, question=question, evaluator=actor)
    last = mine.order_by("-version").first()
    kept = kept_marks(actor, scoring_round, (bid, question), marks, last)
    if last is not None and (last.value, last.reason, last.marks) == (value, reason.strip(), kept):
        return last
    score = _write(
        Score(
            organisation_id=scoring_round.organisation_id,
            scoring_round=scoring_round,
            bid=bid,
            question=question,
            evaluator=actor,
            version=last.version + 1 if last else 1,
            value=value,
            reason=reason.strip(),
            marks=kept,
        ),
        seen=version,
    )
    audit.record(
        action="scoring.score",
        actor=actor,
        subject=score,
        procurement_id=scoring_round.procurement_id,
        payload={"version": score.version},
    )
    return score


@transaction.atomic
def save_sheet(
    *,
    scoring_round: ScoringRound,
    question: Question,
    given: Iterable[Judgement],
    actor: User,
) -> dict[uuid.UUID, Incomplete | Conflict]:
    """Save the scores of one question, each for itself; returns what was refused, by bid.

    A wrong one keeps nothing back: the others are saved.
    """
    refused: dict[uuid.UUID, Incomplete | Conflict] = {}
    for one in given:
        try:
            save(
                scoring_round=scoring_round,
                bid=one.bid,
                question=question,
                value=one.value,
                reason=one.reason,
                actor=actor,
                version=one.version,
                marks=one.marks,
            )
        except (Incomplete, Conflict) as error:
            refused[one.bid.pk] = error
    return refused


def _write(score: Score, *, seen: int | None) -> Score:
    sentence = _("You changed this score in another window. Reload the page.")
    if seen is not None and seen != score.version - 1:
        raise Conflict(sentence, current={"version": score.version - 1})
    try:
        with transaction.atomic():
            score.save(force_insert=True)
    except IntegrityError:
        raise Conflict(sentence) from None
    return score


@transaction.atomic
def finish(*, scoring_round: ScoringRound, section: Section, actor: User) -> None:
    """Say that a section is scored; refused while a score is missing."""
    assigned = _assigned(scoring_round, section, actor)
    _require_alone(scoring_round)
    require_released(section.pk)
    missing = selectors.missing_scores(actor, selectors.board(actor, scoring_round), section)
    if missing:
        words = ngettext(
            "{count} score is missing in this section: {first}.",
            "{count} scores are missing in this section. The first is {first}.",
            len(missing),
        )
        raise Incomplete(words.format(count=len(missing), first=missing[0]))
    if assigned.finished_at is not None:
        return  # pressed twice
    Assignment.objects.filter(pk=assigned.pk).update(finished_at=clock.now())
    audit.record(
        action="scoring.finish",
        actor=actor,
        subject=assigned,
        procurement_id=scoring_round.procurement_id,
        payload={"section": section.code},
    )
