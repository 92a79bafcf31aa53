from django.conf import settings
from django.db import models

from apps.matrix.models.round import ScoringRound
from apps.rfp.models import Section
from apps.workspace.models import Owned


class Substitution(Owned):
    """One section of an evaluator who left the panel midway, and what becomes of it. Append-only.

    Either what they gave `counts`, or it leaves every figure; then a `substitute` may score the
    section anew.
    """

    scoring_round = models.ForeignKey(ScoringRound, models.PROTECT, related_name="substitutions")
    section = models.ForeignKey(Section, models.PROTECT, related_name="+")
    replaced = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    substitute = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    counts = models.BooleanField()
    reason = models.TextField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["scoring_round", "section", "replaced"], name="one_substitution"
            ),
            models.CheckConstraint(
                condition=models.Q(counts=False) | models.Q(substitute=None),
                name="who_counts_is_not_replaced",
            ),
            models.CheckConstraint(
                condition=~models.Q(substitute=models.F("replaced")),
                name="nobody_replaces_themselves",
            ),
            models.CheckConstraint(
                condition=~models.Q(reason=""), name="substitution_has_its_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"Substitution {self.pk}"
