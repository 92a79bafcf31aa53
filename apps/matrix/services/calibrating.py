"""A round on a mock bid: written by who leads, scored by each evaluator alone, then shown to all."""

import uuid
from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.core import audit
from apps.core.access import authorise
from apps.core.errors import DomainError, Incomplete, NotFound, WrongState
from apps.core.wording import plain_text
from apps.core.workflow import move, require
from apps.matrix import selectors
from apps.matrix.models import Calibration, MockAnswer, TrialScore
from apps.matrix.selectors.calibrating import newest, possible, scorers_of
from apps.matrix.services.judging import check_judgement
from apps.matrix.states import CALIBRATION, CalibrationState
from apps.matrix.types import Tried
from apps.rfp.models import Question
from apps.workspace.models import Procurement, User

MOST_CHARACTERS = 5000
FEWEST_EVALUATORS = 2


@transaction.atomic
def write(*, procurement: Procurement, code: str, text: str, actor: User) -> MockAnswer:
    """Write what the mock bid says to one question; what it said before is replaced.

    The first answer begins a round; after one that was shown, the next.
    """
    authorise(actor, "matrix.calibrate", procurement)
    _require_possible(procurement)
    question = _question(procurement, code)
    said = plain_text(text, "text", MOST_CHARACTERS, needed=_("Write what the mock bid answers."))
    calibration = _writing(procurement)
    made, _new = MockAnswer.objects.update_or_create(
        calibration=calibration,
        question=question,
        defaults={"text": said},
        create_defaults={"text": said, "organisation_id": procurement.organisation_id},
    )
    _record("write", calibration, actor, {"question": code, "number": calibration.number})
    return made


@transaction.atomic
def remove(*, procurement: Procurement, code: str, actor: User) -> None:
    """Take an answer out of a mock bid that nobody scores yet."""
    authorise(actor, "matrix.calibrate", procurement)
    calibration = _held(procurement)
    require(calibration, CALIBRATION, "start")
    gone, _rows = MockAnswer.objects.filter(calibration=calibration, question__code=code).delete()
    if not gone:
        raise NotFound(_("The mock bid has no such answer."))
    _record("remove", calibration, actor, {"question": code, "number": calibration.number})


@transaction.atomic
def start(*, procurement: Procurement, actor: User) -> None:
    """Give the mock bid to the evaluators. It stands from now on."""
    authorise(actor, "matrix.calibrate", procurement)
    _require_possible(procurement)
    calibration = _held(procurement)
    if not MockAnswer.objects.filter(calibration=calibration).exists():
        raise WrongState(_("Write an answer of the mock bid first."))
    if len(scorers_of(procurement)) < FEWEST_EVALUATORS:
        raise WrongState(
            _("A calibration compares evaluators. Appoint a second one to the panel first.")
        )
    move(calibration, CALIBRATION, "start", actor=actor, payload={"number": calibration.number})


@transaction.atomic
def score(
    *, procurement: Procurement, given: Mapping[uuid.UUID, Tried], actor: User
) -> dict[uuid.UUID, DomainError]:
    """Save what an evaluator gives the mock answers, each for itself; return what was refused."""
    authorise(actor, "matrix.try_scores", procurement)
    calibration = _held(procurement)
    if calibration.state != CalibrationState.SCORING:
        raise WrongState(_("The mock bid is not scored now. Reload the page."))
    refused: dict[uuid.UUID, DomainError] = {}
    for answer in MockAnswer.objects.filter(calibration=calibration).select_related("question"):
        if (tried := given.get(answer.pk)) is None:
            continue
        try:
            check_judgement(answer.question, tried.value, tried.reason)
        except Incomplete as error:
            refused[answer.pk] = error
            continue
        kept = {"value": tried.value, "reason": tried.reason.strip()}
        TrialScore.objects.update_or_create(
            answer=answer,
            evaluator=actor,
            defaults=kept,
            create_defaults={**kept, "organisation_id": procurement.organisation_id},
        )
    if len(refused) < len(given):
        _record("score", calibration, actor, {"number": calibration.number})
    return refused


@transaction.atomic
def show(*, procurement: Procurement, actor: User) -> None:
    """Show everybody on the panel what each evaluator gave, and why. Nothing changes afterwards."""
    authorise(actor, "matrix.calibrate", procurement)
    calibration = _held(procurement)
    if not TrialScore.objects.filter(answer__calibration=calibration).exists():
        raise WrongState(_("Nobody has scored the mock bid yet."))
    move(calibration, CALIBRATION, "show", actor=actor, payload={"number": calibration.number})


def _require_possible(procurement: Procurement) -> None:
    if not possible(procurement):
        raise WrongState(
            _("A mock bid is scored from publication until the consensus on the real ones.")
        )


def _held(procurement: Procurement) -> Calibration:
    """Return the newest round, held until the caller's transaction ends."""
    found = newest(procurement, hold=True)
    if found is None:
        raise NotFound(_("There is no mock bid in this procurement."))
    return found


def _writing(procurement: Procurement) -> Calibration:
    found = newest(procurement, hold=True)
    if found and found.state != CalibrationState.SHOWN:
        require(found, CALIBRATION, "start")
        return found
    try:
        with transaction.atomic():
            return Calibration.objects.create(
                organisation_id=procurement.organisation_id,
                procurement=procurement,
                number=found.number + 1 if found else 1,
            )
    except IntegrityError:
        raise WrongState(_("Somebody began a mock bid just now. Reload the page.")) from None


def _question(procurement: Procurement, code: str) -> Question:
    for question in selectors.scored_questions(procurement):
        if question.code == code:
            return question
    sentence = _("Choose one of the questions that evaluators score.")
    raise Incomplete(sentence, fields={"question": sentence})


def _record(
    act: str, calibration: Calibration, actor: User, payload: Mapping[str, audit.Plain]
) -> None:
    audit.record(
        action=f"calibration.{act}",
        actor=actor,
        subject=calibration,
        procurement_id=calibration.procurement_id,
        payload=payload,
    )
