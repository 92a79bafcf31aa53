"""A round on a mock bid as each person sees it: one's own scores, until all are shown."""

import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from apps.core.access import can
from apps.core.charts.panel_spread import PanelSpread
from apps.matrix.models import Calibration, MockAnswer, TrialScore
from apps.matrix.selectors.consensus_rows import WIDE, panel_chart
from apps.matrix.selectors.rounds import latest_round, scored_questions
from apps.matrix.selectors.rubric import Anchor, anchors_of, scale_of, shown_value
from apps.matrix.states import CalibrationState, ScoringPhase
from apps.matrix.types import Mock
from apps.rfp.models import Question
from apps.workspace.models import Procurement, User
from apps.workspace.selectors import panel_of, procurement_for
from apps.workspace.states import Phase, Role


def newest(procurement: Procurement, *, hold: bool = False) -> Calibration | None:
    """Return the newest round; `hold` locks it until the caller's transaction ends."""
    found = Calibration.objects.filter(procurement=procurement).order_by("-number")
    return (found.select_for_update() if hold else found).first()


def possible(procurement: Procurement) -> bool:
    """Whether a mock bid may be written and scored: from publication until the consensus."""
    if procurement.phase not in {Phase.TENDERING, Phase.TECHNICAL}:
        return False
    scoring_round = latest_round(procurement)
    return scoring_round is None or scoring_round.phase == ScoringPhase.INDEPENDENT


def scorers_of(procurement: Procurement) -> list[User]:
    """Return the evaluators on the panel, by name."""
    held = panel_of(procurement).filter(role=Role.EVALUATOR)
    return sorted((member.user for member in held), key=lambda user: (user.name, user.pk))


@dataclass(frozen=True)
class Trial:
    """One mock answer; `given` and `chart` are empty until the scores are shown."""

    answer: MockAnswer
    anchors: tuple[Anchor, ...]
    scale: tuple[str, ...]
    value: str | None  # one's own
    reason: str
    given: tuple[TrialScore, ...]
    chart: PanelSpread | None
    points: Decimal  # between the lowest and the highest that were given

    @property
    def question(self) -> Question:
        return self.answer.question

    @property
    def name(self) -> str:
        """What a refusal is about."""
        return self.question.code

    @property
    def wide(self) -> bool:
        return self.points >= WIDE


@dataclass(frozen=True)
class Done:
    """How many mock answers an evaluator has scored."""

    name: str
    scored: int


@dataclass(frozen=True)
class Round:
    """One mock bid; the answers stand in the order of the RFP, once shown the widest first."""

    calibration: Calibration
    trials: tuple[Trial, ...]
    done: tuple[Done, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """Who has not scored all of it."""
        return tuple(one.name for one in self.done if one.scored < len(self.trials))


@dataclass(frozen=True)
class CalibrationPage:
    procurement: Procurement
    now: Round | None  # the one that is written or scored
    shown: tuple[Round, ...]  # the newest first
    questions: tuple[Question, ...]  # of which the mock bid may answer more
    may_arrange: bool
    may_score: bool
    possible: bool


def calibration_page(user: User, procurement: Procurement) -> CalibrationPage:
    may_arrange = can(user, "matrix.calibrate", procurement)
    people = scorers_of(procurement)
    rounds = [_round(user, one, people) for one in _rounds(procurement)]
    now = next((r for r in rounds if r.calibration.state != CalibrationState.SHOWN), None)
    allowed = possible(procurement)
    writes = now is None or now.calibration.state == CalibrationState.WRITING
    used = {trial.question.pk for trial in now.trials} if now else set()
    asked = scored_questions(procurement) if may_arrange and allowed and writes else []
    return CalibrationPage(
        procurement=procurement,
        now=now,
        shown=tuple(r for r in rounds if r is not now),
        questions=tuple(question for question in asked if question.pk not in used),
        may_arrange=may_arrange,
        may_score=can(user, "matrix.try_scores", procurement),
        possible=allowed,
    )


def _rounds(procurement: Procurement) -> Iterable[Calibration]:
    answers = MockAnswer.objects.select_related("question__section").order_by(
        "question__section__position", "question__position"
    )
    scores = TrialScore.objects.select_related("evaluator").order_by("evaluator__name", "pk")
    return (
        Calibration.objects.filter(procurement=procurement)
        .prefetch_related(Prefetch("answers", answers), Prefetch("answers__scores", scores))
        .order_by("-number")
    )


def _round(user: User, calibration: Calibration, people: Iterable[User]) -> Round:
    shown = calibration.state == CalibrationState.SHOWN
    answers = list(calibration.answers.all())
    trials = [_trial(user, answer, shown=shown) for answer in answers]
    if shown:
        trials.sort(key=lambda trial: -trial.points)
    scored = [score.evaluator_id for answer in answers for score in answer.scores.all()]
    return Round(
        calibration=calibration,
        trials=tuple(trials),
        done=tuple(Done(person.name, scored.count(person.pk)) for person in people),
    )


def _trial(user: User, answer: MockAnswer, *, shown: bool) -> Trial:
    question = answer.question
    every = tuple(answer.scores.all())
    mine = next((one for one in every if one.evaluator_id == user.pk), None)
    given = every if shown else ()
    values = [one.value for one in given]
    title = _("Scores for the mock answer to question {code}").format(code=question.code)
    return Trial(
        answer=answer,
        anchors=anchors_of(question),
        scale=scale_of(question),
        value=shown_value(mine.value) if mine else None,
        reason=mine.reason if mine else "",
        given=given,
        chart=panel_chart(title, question, [(one.evaluator, one.value) for one in given])
        if given
        else None,
        points=max(values) - min(values) if values else Decimal(0),
    )


@dataclass(frozen=True)
class Waits:
    """What a round that is being scored waits for."""

    left: int  # mock answers that the person who asks has not scored
    complete: bool  # every evaluator on the panel has scored all of them


def waits_for(user: User, procurement: Procurement) -> Waits | None:
    """Return how far the scoring of a mock bid is, in counts; None while none is scored.

    One query while none is, and three more otherwise. Who left the panel is not waited for.
    """
    held = Calibration.objects.filter(procurement=procurement, state=CalibrationState.SCORING)
    calibration = held.first()
    if calibration is None:
        return None
    answers = MockAnswer.objects.filter(calibration=calibration)
    scored = Counter(answers.exclude(scores=None).values_list("scores__evaluator", flat=True))
    people, count = scorers_of(procurement), answers.count()
    return Waits(
        left=count - scored[user.pk],
        complete=all(scored[person.pk] == count for person in people),
    )


def mock_for(user: User, *, procurement_id: uuid.UUID, code: str) -> Mock:
    return Mock(procurement_for(user, procurement_id=procurement_id), code)
