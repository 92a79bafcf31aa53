from django.conf import settings
from django.db import models

from apps.readiness.states import AssessmentState
from apps.workspace.models import Owned, Procurement


class Assessment(Owned):
    """A framework applied to one procurement: its content is copied when the assessment begins.

    Signing off freezes the engine's record.
    """

    procurement = models.ForeignKey(Procurement, models.PROTECT, related_name="assessments")
    framework = models.CharField(max_length=60)  # slug of the shipped file
    framework_version = models.CharField(max_length=20)
    content = models.JSONField()
    number = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=12, choices=AssessmentState, default=AssessmentState.DRAFT)
    record = models.TextField(default="", blank=True)
    digest = models.CharField(max_length=64, default="", blank=True)
    signed_off_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    signed_off_at = models.DateTimeField(null=True)
    supersedes = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["procurement", "framework", "number"], name="one_assessment_number"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=AssessmentState.values),
                name="assessment_state_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(state="draft", digest="")
                | (~models.Q(state="draft") & ~models.Q(digest="")),
                name="signed_off_assessment_has_a_record",
            ),
        ]

    def __str__(self) -> str:
        return f"Assessment {self.pk}: {self.framework} {self.state}"


class AssessmentAnswer(Owned):
    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="answers")
    question = models.CharField(max_length=40)
    level = models.PositiveSmallIntegerField(null=True)  # None: not answered
    evidence = models.TextField(default="", blank=True)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "question"], name="one_level_per_question"
            )
        ]

    def __str__(self) -> str:
        return f"AssessmentAnswer {self.pk}"
