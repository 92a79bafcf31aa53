from django.conf import settings
from django.db import models

from apps.core.models import TimeStamped
from apps.workspace.states import MemberRole, Side


class Organisation(TimeStamped):
    """A buyer or a vendor: the tenant whose rows row-level security keeps apart."""

    name = models.CharField(max_length=160)
    side = models.CharField(max_length=10, choices=Side)
    location = models.CharField(max_length=160, default="", blank=True)
    # The vendor's record at this buyer, made by the invitation; null for the buyer itself.
    invited_by = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(side__in=Side.values), name="side_is_known")
        ]

    def __str__(self) -> str:
        return f"Organisation {self.pk}: {self.name}"


class Owned(TimeStamped):
    """A row that belongs to one organisation; row-level security reads the column."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")

    class Meta:
        abstract = True


class Membership(Owned):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=12, choices=MemberRole)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "user"], name="one_membership"),
            models.CheckConstraint(
                condition=models.Q(role__in=MemberRole.values), name="member_role_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"Membership {self.pk}: {self.role}"


class PersonInvite(Owned):
    """An invitation of one person into an organisation: a digest of its token, one use."""

    email = models.EmailField()
    name = models.CharField(max_length=120, default="", blank=True)
    role = models.CharField(max_length=12, choices=MemberRole)
    token_digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"PersonInvite {self.pk}"
