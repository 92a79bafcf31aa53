import uuid

from django.conf import settings
from django.db import models

from apps.rfp.models.rfp import Rfp
from apps.rfp.states import AddendumState, Consequence
from apps.workspace.models import Owned


class Version(Owned):
    """The published content as it stood once. Append-only, written by the database alone.

    A trigger adds a row when an RFP is published and when an addendum changes it; vendors' receipts
    name the number.
    """

    rfp = models.ForeignKey(Rfp, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    content = models.TextField()  # canonical JSON
    digest = models.CharField(max_length=64)
    published_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rfp", "number"], name="one_version_number_per_rfp")
        ]

    def __str__(self) -> str:
        return f"Version {self.pk}: {self.number}"


class Addendum(Owned):
    """A change of a published RFP: drafted by the lead, then published as a new version.

    `changes` is a list of plain data, each of one kind (see `rfp.services.amending`). The SQL
    function `cceval_amend` applies them: nothing else can change what was published.
    """

    rfp = models.ForeignKey(Rfp, models.PROTECT, related_name="addenda")
    state = models.CharField(max_length=10, choices=AddendumState, default=AddendumState.DRAFT)
    reason = models.TextField(default="", blank=True)
    consequence = models.CharField(max_length=10, choices=Consequence, default=Consequence.STANDS)
    changes = models.JSONField(default=list)
    late_reason = models.TextField(default="", blank=True)
    version = models.PositiveIntegerField(null=True)  # the one it made
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    published_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=AddendumState.values), name="addendum_state_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(consequence__in=Consequence.values),
                name="consequence_is_known",
            ),
            models.UniqueConstraint(
                fields=["rfp"],
                condition=models.Q(state=AddendumState.DRAFT),
                name="one_addendum_in_draft_per_rfp",
            ),
            models.UniqueConstraint(fields=["rfp", "version"], name="one_addendum_per_version"),
            models.CheckConstraint(
                condition=~models.Q(state=AddendumState.PUBLISHED)
                | models.Q(version__isnull=False, published_at__isnull=False),
                name="published_addendum_has_a_version",
            ),
        ]

    @property
    def procurement_id(self) -> uuid.UUID:
        """Whose record its moves belong to; read the RFP along with the addendum."""
        return self.rfp.procurement_id

    def __str__(self) -> str:
        return f"Addendum {self.pk}: {self.state}"
