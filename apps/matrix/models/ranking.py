from django.conf import settings
from django.db import models

from apps.matrix.models.round import ScoringRound
from apps.rfp.models import Lot
from apps.workspace.models import Owned, Procurement


class Ranking(Owned):
    """A frozen result: the engine's record, byte for byte, and its SHA-256. Append-only.

    Frozen twice: on quality alone when the scores are locked, with prices when the commercial
    envelopes are open. `stage` says which.
    """

    procurement = models.ForeignKey(Procurement, models.PROTECT, related_name="rankings")
    scoring_round = models.ForeignKey(ScoringRound, models.PROTECT, related_name="rankings")
    lot = models.ForeignKey(Lot, models.PROTECT, null=True, related_name="+")  # null: no lots
    stage = models.CharField(max_length=10, choices=[("quality", "quality"), ("full", "full")])
    number = models.PositiveSmallIntegerField(default=1)
    record = models.TextField()
    # Agreed scores that count less for want of evidence: bid, question, level, class, last day, agreed.
    held = models.JSONField(db_default=[], default=list)
    digest = models.CharField(max_length=64)
    engine_version = models.CharField(max_length=20)
    frozen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    supersedes = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    reason = models.TextField(default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["scoring_round", "lot", "stage", "number"],
                nulls_distinct=False,
                name="one_ranking_number",
            )
        ]

    def __str__(self) -> str:
        return f"Ranking {self.pk}: {self.stage}"
