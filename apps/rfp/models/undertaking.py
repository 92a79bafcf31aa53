from django.db import models

from apps.rfp.models.rfp import Rfp
from apps.rfp.states import UndertakingKind
from apps.workspace.models import Owned


class Undertaking(Owned):
    """A text that every vendor is asked to agree to. Frozen with the RFP, part of its digest."""

    rfp = models.ForeignKey(Rfp, models.CASCADE, related_name="undertakings")
    kind = models.CharField(max_length=10, choices=UndertakingKind)
    text = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rfp", "kind"], name="one_undertaking_per_kind"),
            models.CheckConstraint(
                condition=models.Q(kind__in=UndertakingKind.values),
                name="undertaking_kind_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"Undertaking {self.pk}: {self.kind}"
