from django.conf import settings
from django.db import models

from apps.bids.models import Bid
from apps.matrix.models.round import ScoringRound
from apps.rfp.models import Question
from apps.workspace.models import Owned


class _Judgement(Owned):
    """A value with its reason, append-only: the highest version is the one that stands."""

    bid = models.ForeignKey(Bid, models.PROTECT, related_name="+")
    question = models.ForeignKey(Question, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    value = models.DecimalField(max_digits=6, decimal_places=2, null=True)  # None: abstained
    reason = models.TextField(default="", blank=True)

    class Meta:
        abstract = True


class Score(_Judgement):
    """What one evaluator gave one answer of one bid. Written alone, before the consensus."""

    scoring_round = models.ForeignKey(ScoringRound, models.PROTECT, related_name="scores")
    evaluator = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    # [paragraph, start, end] in the answer as it was given, names and all.
    marks = models.JSONField(default=list, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["scoring_round", "bid", "question", "evaluator", "version"],
                name="score_versions_are_unique",
            )
        ]

    def __str__(self) -> str:
        return f"Score {self.pk}: version {self.version}"


class Consensus(_Judgement):
    """What the panel agreed on for one answer of one bid, recorded by the moderator."""

    scoring_round = models.ForeignKey(ScoringRound, models.PROTECT, related_name="agreed")
    moderator = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["scoring_round", "bid", "question", "version"],
                name="consensus_versions_are_unique",
            )
        ]

    def __str__(self) -> str:
        return f"Consensus {self.pk}: version {self.version}"
