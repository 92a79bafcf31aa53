from django.db import models

from apps.rfp.models.rfp import Rfp
from apps.workspace.models import Owned


class Round(Owned):
    """The one deadline of a tender, its grace and its opening.

    The application login has no UPDATE here but on `touched` (which `FOR SHARE` needs); the
    deadline moves and the opening happens through the SQL functions `cceval_extend` and
    `cceval_open`, which check and log.
    """

    rfp = models.OneToOneField(Rfp, models.PROTECT, related_name="round")
    closes_at = models.DateTimeField()
    grace = models.DurationField()
    zone = models.CharField(max_length=60, default="Europe/London")
    opened_at = models.DateTimeField(null=True)
    touched = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(opened_at=None)
                | models.Q(opened_at__gte=models.F("closes_at") + models.F("grace")),
                name="opened_after_the_grace",
            )
        ]

    def __str__(self) -> str:
        return f"Round {self.pk}: closes {self.closes_at:%Y-%m-%d %H:%M:%S%z}"
