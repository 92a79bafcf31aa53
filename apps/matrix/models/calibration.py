from django.conf import settings
from django.db import models

from apps.matrix.states import CalibrationState
from apps.rfp.models import Question
from apps.workspace.models import Owned, Procurement


class Calibration(Owned):
    """A mock bid that the panel scores to learn how it reads the rubric. Nothing of it counts."""

    procurement = models.ForeignKey(Procurement, models.PROTECT, related_name="calibrations")
    number = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(
        max_length=10, choices=CalibrationState, default=CalibrationState.WRITING
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["procurement", "number"], name="one_calibration_number"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=CalibrationState.values),
                name="calibration_state_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"Calibration {self.pk}: {self.state}"


class MockAnswer(Owned):
    """What the mock bid says to one question of the RFP; it stands once the panel scores it."""

    calibration = models.ForeignKey(Calibration, models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, models.PROTECT, related_name="+")
    text = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["calibration", "question"], name="one_mock_answer_per_question"
            )
        ]

    def __str__(self) -> str:
        return f"MockAnswer {self.pk}"


class TrialScore(Owned):
    """What one evaluator gives a mock answer; theirs alone until all are shown."""

    answer = models.ForeignKey(MockAnswer, models.CASCADE, related_name="scores")
    evaluator = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    value = models.DecimalField(max_digits=6, decimal_places=2)
    reason = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["answer", "evaluator"], name="one_trial_score")
        ]

    def __str__(self) -> str:
        return f"TrialScore {self.pk}"
