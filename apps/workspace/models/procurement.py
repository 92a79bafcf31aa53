from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models

from apps.workspace.models.organisation import Owned
from apps.workspace.states import Phase


class Procurement(Owned):
    """The case file: everything about one decision hangs on it."""

    reference = models.CharField(max_length=40)
    title = models.CharField(max_length=160)
    summary = models.TextField(default="", blank=True)
    currency = models.CharField(max_length=3, validators=[RegexValidator(r"^[A-Z]{3}$")])
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    phase = models.CharField(max_length=12, choices=Phase, default=Phase.PREPARING)
    # Pairs of roles that must not meet in one person, as `pair_name` writes them; its RFP says.
    apart = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "reference"], name="one_reference"),
            models.CheckConstraint(
                condition=models.Q(phase__in=Phase.values), name="phase_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"Procurement {self.pk}: {self.reference}"
