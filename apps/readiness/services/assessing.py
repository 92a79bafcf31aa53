"""Assess the buyer's own organisation: begin, answer with evidence, sign off and freeze."""

from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from apps.core import audit, clock, seeds
from apps.core.access import authorise
from apps.core.errors import Conflict, Incomplete, WrongState
from apps.core.workflow import move, require
from apps.engine.readiness.framework import Question, parse
from apps.readiness import selectors
from apps.readiness.models import Assessment, AssessmentAnswer
from apps.readiness.states import ASSESSMENT, AssessmentState
from apps.readiness.types import Given
from apps.workspace.models import Procurement, User

FOLDER = "readiness/frameworks"
LONGEST = 4000


@transaction.atomic
def begin(*, procurement: Procurement, framework: str, actor: User) -> Assessment:
    """Begin an assessment: the framework's content is copied, so that later edits change nothing.

    A draft that is under way is returned instead; a signed-off one stands until the new one is
    signed off.
    """
    authorise(actor, "readiness.assess", procurement)
    if framework not in seeds.names(FOLDER):
        sentence = _("There is no such framework. Choose one of the list.")
        raise Incomplete(sentence, fields={"framework": sentence})
    content = seeds.load(FOLDER, framework)
    before = selectors.newest(procurement, framework)
    if before is not None and before.state == AssessmentState.DRAFT:
        return before
    numbers = Assessment.objects.filter(procurement=procurement, framework=framework)
    try:
        with transaction.atomic():
            assessment = Assessment.objects.create(
                organisation_id=procurement.organisation_id,
                procurement=procurement,
                framework=framework,
                framework_version=str(content["version"]),
                content=content,
                number=(numbers.aggregate(last=Max("number"))["last"] or 0) + 1,
                supersedes=before,
            )
    except IntegrityError:
        raise WrongState(_("Somebody began this assessment just now. Reload the page.")) from None
    audit.record(
        action="assessment.begin",
        actor=actor,
        subject=assessment,
        procurement_id=procurement.pk,
        payload={"framework": framework, "version": assessment.framework_version},
    )
    return assessment


def answer(
    *, assessment: Assessment, question: str, level: int | None, evidence: str, actor: User
) -> None:
    """Record one answer; level None takes it back."""
    answer_all(assessment=assessment, answers={question: Given(level, evidence)}, actor=actor)


@transaction.atomic
def answer_all(
    *, assessment: Assessment, answers: Mapping[str, Given], actor: User, seen: str = ""
) -> None:
    """Record several answers, all or none; the fields of a refusal are `question.level` and `.evidence`.

    `seen` names the answers the person saw (`selectors.seen`): Conflict when others stand by now.
    """
    authorise(actor, "readiness.assess", assessment)
    held = _hold(assessment)
    questions = {q.slug: q for d in parse(held.content).dimensions for q in d.questions}
    wrong: dict[str, str] = {}
    for slug, given in answers.items():
        wrong |= _faults(slug, given, questions.get(slug))
    if wrong:
        raise Incomplete(_("Some answers need another look."), fields=wrong)
    before = selectors.answers_of(held)
    if seen and seen != selectors.seen(before, answers):
        raise Conflict(_("Somebody answered here meanwhile. Reload the page to see it."))
    for slug, given in answers.items():
        stood = before.get(slug)
        stands = (stood.level, stood.evidence) if stood else (None, "")
        if stands != (given.level, given.evidence.strip()):
            _keep(held, slug, given, actor)


def _hold(assessment: Assessment) -> Assessment:
    """Lock the row, so that nothing is answered while it is signed off."""
    held = (
        Assessment.objects.select_for_update(of=("self",))
        .select_related("procurement", "supersedes")
        .get(pk=assessment.pk)
    )
    require(held, ASSESSMENT, "sign off")
    return held


def _faults(slug: str, given: Given, question: Question | None) -> dict[str, str]:
    if question is None:
        return {slug: _("There is no such question in this framework.")}
    wrong: dict[str, str] = {}
    if given.level is not None and not 0 <= given.level <= question.top:
        wrong[f"{slug}.level"] = _("Choose a level from 0 to {top}.").format(top=question.top)
    if given.level is not None and not given.evidence.strip():
        wrong[f"{slug}.evidence"] = _("Say what shows this level: a document, a figure, a name.")
    if len(given.evidence) > LONGEST:
        sentence = _("Shorten the evidence to {limit} characters.").format(limit=LONGEST)
        wrong[f"{slug}.evidence"] = sentence
    return wrong


def _keep(assessment: Assessment, slug: str, given: Given, actor: User) -> None:
    AssessmentAnswer.objects.update_or_create(
        assessment=assessment,
        question=slug,
        defaults={
            "organisation_id": assessment.organisation_id,
            "level": given.level,
            "evidence": given.evidence.strip(),
            "saved_by": actor,
        },
    )
    audit.record(
        action="assessment.answer",
        actor=actor,
        subject=assessment,
        procurement_id=assessment.procurement_id,
        payload={"question": slug, "level": given.level, "evidence": given.evidence.strip()},
    )


@transaction.atomic
def sign_off(*, assessment: Assessment, actor: User) -> Assessment:
    """Freeze the engine's record; missing answers widen its bounds, they do not stop it."""
    authorise(actor, "readiness.sign_off", assessment)
    held = _hold(assessment)
    record = selectors.record_of(held)
    move(
        held,
        ASSESSMENT,
        "sign off",
        actor=actor,
        payload={"digest": record.digest},
        also={
            "record": record.to_bytes().decode(),
            "digest": record.digest,
            "signed_off_by": actor,
            "signed_off_at": clock.now(),
        },
    )
    if held.supersedes and held.supersedes.state == AssessmentState.SIGNED_OFF:
        move(held.supersedes, ASSESSMENT, "supersede", actor=actor)
    return held
