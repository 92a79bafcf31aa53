"""Stages beside the written bid: each with a rubric of its own, its vendors and its scores."""

import uuid

from django.conf import settings
from django.db import models

from apps.bids.models.invitation import Invitation
from apps.bids.states import StageKind, StageState
from apps.rfp.models import Question, Rfp
from apps.workspace.models import Owned

LEAST, MOST = 0, 5


class Stage(Owned):
    """A demonstration, a visit, a call …: scored 0 to 5.

    With a `question` of the published weights its scores count in the ranking, under that
    question's rubric; without one they are recorded beside it. `rubric` says what a score means:
    "0" … "5" → text, at least both ends.
    """

    rfp = models.ForeignKey(Rfp, models.PROTECT, related_name="stages")
    kind = models.CharField(max_length=14, choices=StageKind)
    state = models.CharField(max_length=8, choices=StageState, default=StageState.OPEN)
    title = models.CharField(max_length=120)
    first_day = models.DateField()
    last_day = models.DateField()
    rubric = models.JSONField()
    question = models.ForeignKey(Question, models.PROTECT, null=True, related_name="stages")
    # Why opened bids are not invited, where the stage counts: they get no rank.
    left_out_because = models.TextField(default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["question"], name="one_stage_per_question"),
            models.CheckConstraint(
                condition=models.Q(state__in=StageState.values), name="stage_state_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=StageKind.values), name="stage_kind_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(first_day__lte=models.F("last_day")), name="stage_days_in_order"
            ),
        ]

    @property
    def procurement_id(self) -> uuid.UUID:
        """Whose record its moves belong to; read the RFP along with the stage."""
        return self.rfp.procurement_id

    def __str__(self) -> str:
        return f"Stage {self.pk}: {self.kind} {self.state}"


class StageGuest(Owned):
    """A vendor that takes part in a stage."""

    stage = models.ForeignKey(Stage, models.CASCADE, related_name="guests")
    invitation = models.ForeignKey(Invitation, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stage", "invitation"], name="one_seat_per_vendor")
        ]

    def __str__(self) -> str:
        return f"StageGuest {self.pk}"


class StageScore(Owned):
    """What one evaluator gave one vendor in a stage, with the reason. Append-only: the last counts."""

    guest = models.ForeignKey(StageGuest, models.PROTECT, related_name="scores")
    number = models.PositiveSmallIntegerField()
    value = models.PositiveSmallIntegerField()
    reason = models.TextField()
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["guest", "given_by", "number"], name="stage_scores_are_numbered"
            ),
            models.CheckConstraint(
                condition=models.Q(value__gte=LEAST, value__lte=MOST),
                name="stage_score_within_its_scale",
            ),
        ]

    def __str__(self) -> str:
        return f"StageScore {self.pk}: {self.number}"


class StageAgreement(Owned):
    """What the panel agreed on where its scores of one vendor differ. Append-only: the last counts."""

    guest = models.ForeignKey(StageGuest, models.PROTECT, related_name="agreements")
    number = models.PositiveSmallIntegerField()
    value = models.PositiveSmallIntegerField()
    reason = models.TextField()
    agreed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["guest", "number"], name="stage_agreements_are_numbered"
            ),
            models.CheckConstraint(
                condition=models.Q(value__gte=LEAST, value__lte=MOST),
                name="stage_agreement_within_its_scale",
            ),
        ]

    def __str__(self) -> str:
        return f"StageAgreement {self.pk}: {self.number}"
