from django.conf import settings
from django.db import models

from apps.workspace.models.organisation import Owned
from apps.workspace.models.procurement import Procurement
from apps.workspace.states import Interest, Role


class PanelMember(Owned):
    """One person in one role on one procurement, with the interests they declared."""

    procurement = models.ForeignKey(Procurement, models.CASCADE, related_name="panel")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="panels")
    role = models.CharField(max_length=12, choices=Role)
    interest = models.CharField(max_length=12, choices=Interest, default=Interest.UNDECLARED)
    interest_note = models.TextField(default="", blank=True)
    declared_at = models.DateTimeField(null=True)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["procurement", "user", "role"], name="one_role_once"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="role_is_known"),
            models.CheckConstraint(
                condition=models.Q(interest__in=Interest.values), name="interest_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"PanelMember {self.pk}: {self.role}"


class Declaration(Owned):
    """What a panel member declared, and the words on confidentiality they agreed to. Append-only.

    The newest one stands; `PanelMember` repeats it for the rules.
    """

    procurement = models.ForeignKey(Procurement, models.PROTECT, related_name="declarations")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    interest = models.CharField(max_length=12, choices=Interest)
    note = models.TextField(default="", blank=True)
    confidentiality = models.TextField()  # as it was shown

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(interest__in=Interest.values)
                & ~models.Q(interest=Interest.UNDECLARED),
                name="declared_interest_is_known",
            ),
            models.CheckConstraint(
                condition=~models.Q(confidentiality=""), name="confidentiality_has_words"
            ),
        ]

    def __str__(self) -> str:
        return f"Declaration {self.pk}: {self.interest}"
