import uuid

from django.conf import settings
from django.db import models

from apps.bids.states import InvitationState
from apps.rfp.models import Rfp
from apps.workspace.models import Organisation, Owned


class Invitation(Owned):
    """One vendor asked to bid on one RFP. Only the digest of the mailed token is kept."""

    rfp = models.ForeignKey(Rfp, models.PROTECT, related_name="invitations")
    vendor = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    email = models.EmailField()
    contact = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=InvitationState, default=InvitationState.SENT)
    token_digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason_declined = models.TextField(default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rfp", "vendor"], name="one_invitation_per_vendor"),
            models.UniqueConstraint(fields=["rfp", "email"], name="one_invitation_per_address"),
            models.CheckConstraint(
                condition=models.Q(state__in=InvitationState.values),
                name="invitation_state_is_known",
            ),
        ]

    @property
    def procurement_id(self) -> uuid.UUID:
        """Whose record its moves belong to; read the RFP along with the invitation."""
        return self.rfp.procurement_id

    def __str__(self) -> str:
        return f"Invitation {self.pk}: {self.state}"
