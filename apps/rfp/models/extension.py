from django.db import models

from apps.rfp.models.rfp import Rfp
from apps.rfp.models.second_person import SecondPerson, decided_by_another
from apps.rfp.states import ExtensionState


class Extension(SecondPerson):
    """A later deadline that one person asks for and another one confirms.

    Nothing moves until it is confirmed: the SQL function `cceval_extend` reads this row.
    """

    rfp = models.ForeignKey(Rfp, models.PROTECT, related_name="extensions")
    state = models.CharField(
        max_length=10, choices=ExtensionState, default=ExtensionState.REQUESTED
    )
    closes_at = models.DateTimeField()
    reason = models.TextField()
    # The outage it makes up for: every deadline in its window is extended by one decision.
    outage = models.UUIDField(null=True, db_index=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=ExtensionState.values),
                name="extension_state_is_known",
            ),
            models.UniqueConstraint(
                fields=["rfp"],
                condition=models.Q(state=ExtensionState.REQUESTED),
                name="one_open_extension_per_rfp",
            ),
            decided_by_another(
                "extension_is_confirmed_by_another", models.Q(state=ExtensionState.CONFIRMED)
            ),
        ]

    def __str__(self) -> str:
        return f"Extension {self.pk}: {self.state}"
