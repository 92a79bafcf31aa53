"""Assess the buyer's own organisation: begin, answer with evidence, sign off and freeze."""

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from apps.core import audit, clock, seeds
from apps.core.access import authorise
from apps.core.errors import Incomplete, WrongState
from apps.core.workflow import move, require
from apps.engine.readiness.framework import parse
from apps.readiness import selectors
from apps.readiness.models import Assessment, AssessmentAnswer
from apps.readiness.states import ASSESSMENT, AssessmentState
from apps.workspace.models import Procurement, User

FOLDER = "readiness/frameworks"
HIGHEST = 5
LONGEST = 4000


@transaction.atomic
def begin(*, procurement: Procurement, framework: str, actor: User) -> Assessment:
    """Begin an assessment: the framework's content is copied, so that later edits change nothing."""
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


@transaction.atomic
def answer(
    *, assessment: Assessment, question: str, level: int | None, evidence: str, actor: User
) -> AssessmentAnswer:
    """Record a level 0 to 5 with its evidence; None takes the answer back."""
    authorise(actor, "readiness.assess", assessment)
    require(assessment, ASSESSMENT, "sign off")
    known = {q.slug for d in parse(assessment.content).dimensions for q in d.questions}
    wrong: dict[str, str] = {}
    if question not in known:
        raise Incomplete(_("There is no such question in this framework."))
    if level is not None and not 0 <= level <= HIGHEST:
        wrong["level"] = _("Choose a level from 0 to 5.")
    if level is not None and not evidence.strip():
        wrong["evidence"] = _("Say what shows this level: a document, a figure, a name.")
    if len(evidence) > LONGEST:
        wrong["evidence"] = _("Shorten the evidence to {limit} characters.").format(limit=LONGEST)
    if wrong:
        raise Incomplete(_("This answer is not complete."), fields=wrong)
    given, _made = AssessmentAnswer.objects.update_or_create(
        assessment=assessment,
        question=question,
        defaults={
            "organisation_id": assessment.organisation_id,
            "level": level,
            "evidence": evidence.strip(),
            "saved_by": actor,
        },
    )
    audit.record(
        action="assessment.answer",
        actor=actor,
        subject=assessment,
        procurement_id=assessment.procurement_id,
        payload={"question": question, "level": level, "evidence": evidence.strip()},
    )
    return given


@transaction.atomic
def sign_off(*, assessment: Assessment, actor: User) -> Assessment:
    """Freeze the engine's record; missing answers widen its bounds, they do not stop it."""
    authorise(actor, "readiness.sign_off", assessment)
    require(assessment, ASSESSMENT, "sign off")
    record = selectors.record_of(assessment)
    move(
        assessment,
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
    if assessment.supersedes and assessment.supersedes.state == AssessmentState.SIGNED_OFF:
        move(assessment.supersedes, ASSESSMENT, "supersede", actor=actor)
    return assessment
