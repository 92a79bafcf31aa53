import uuid

from django.conf import settings
from django.db import models

from apps.rfp.models.rfp import Rfp
from apps.rfp.states import ExtensionState
from apps.workspace.models import Owned


class Extension(Owned):
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
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)

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
            models.CheckConstraint(
                condition=~models.Q(state=ExtensionState.CONFIRMED)
                | (
                    models.Q(decided_by__isnull=False, decided_at__isnull=False)
                    & ~models.Q(decided_by=models.F("requested_by"))
                ),
                name="extension_is_confirmed_by_another",
            ),
        ]

    @property
    def procurement_id(self) -> uuid.UUID:
        """Whose record its moves belong to; read the RFP along with the extension."""
        return self.rfp.procurement_id

    def __str__(self) -> str:
        return f"Extension {self.pk}: {self.state}"
