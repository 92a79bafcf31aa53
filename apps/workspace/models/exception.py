from django.conf import settings
from django.db import models

from apps.workspace.models.organisation import Owned
from apps.workspace.models.procurement import Procurement


class RoleException(Owned):
    """Why one person may hold two roles that should not meet; every report prints it."""

    procurement = models.ForeignKey(Procurement, models.PROTECT, related_name="role_exceptions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    roles = models.CharField(max_length=40)  # as `pair_name` writes them
    reason = models.TextField()
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["procurement", "user", "roles"], name="one_exception_per_meeting"
            )
        ]

    def __str__(self) -> str:
        return f"RoleException {self.pk}: {self.roles}"
