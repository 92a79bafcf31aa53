import datetime as dt
from functools import cached_property

from django.conf import settings
from django.db import models

from apps.matrix.states import ScoringPhase
from apps.rfp.models import Rfp, Section
from apps.workspace.models import Owned, Procurement


class ScoringRound(Owned):
    """One round of scoring of the opened bids of an RFP. A second round names the first."""

    procurement = models.ForeignKey(Procurement, models.PROTECT, related_name="scoring_rounds")
    rfp = models.ForeignKey(Rfp, models.PROTECT, related_name="scoring_rounds")
    number = models.PositiveSmallIntegerField(default=1)
    phase = models.CharField(max_length=12, choices=ScoringPhase, default=ScoringPhase.INDEPENDENT)
    supersedes = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    reason = models.TextField(default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rfp", "number"], name="one_round_number"),
            models.CheckConstraint(
                condition=models.Q(phase__in=ScoringPhase.values), name="scoring_phase_is_known"
            ),
        ]

    @cached_property
    def first_frozen_at(self) -> dt.datetime | None:
        """When its first ranking was frozen, which is the moment of the lock; None before it."""
        rankings = self.rankings.order_by("created_at")
        return rankings.values_list("created_at", flat=True).first()

    def __str__(self) -> str:
        return f"ScoringRound {self.pk}: {self.phase}"


class Assignment(Owned):
    """Who scores which section: fixed before scoring, for every bid alike."""

    scoring_round = models.ForeignKey(ScoringRound, models.CASCADE, related_name="assignments")
    section = models.ForeignKey(Section, models.PROTECT, related_name="+")
    evaluator = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    # An evaluator says "done" for a section; scores stay changeable until consensus opens.
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["scoring_round", "section", "evaluator"], name="one_assignment"
            )
        ]

    def __str__(self) -> str:
        return f"Assignment {self.pk}"
