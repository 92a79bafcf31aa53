"""The panel in groups: who reads and scores which sections, and since when."""

from django.conf import settings
from django.db import models

from apps.rfp.models import Section
from apps.workspace.models import Owned, Procurement


class PanelGroup(Owned):
    """A named part of the panel at its place in the order; the first reads from the opening on."""

    procurement = models.ForeignKey(Procurement, models.PROTECT, related_name="panel_groups")
    name = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField()  # from 1

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["procurement", "name"], name="one_group_per_name"),
            models.UniqueConstraint(fields=["procurement", "position"], name="one_group_per_place"),
            models.CheckConstraint(
                condition=models.Q(position__gte=1), name="groups_are_counted_from_one"
            ),
        ]

    def __str__(self) -> str:
        return f"PanelGroup {self.pk}: {self.position}"


class GroupSection(Owned):
    """A section that waits with its group; a section is in one group or in none."""

    group = models.ForeignKey(PanelGroup, models.CASCADE, related_name="sections")
    section = models.OneToOneField(Section, models.CASCADE, related_name="grouped")

    def __str__(self) -> str:
        return f"GroupSection {self.pk}"


class GroupMember(Owned):
    """An evaluator of a group."""

    group = models.ForeignKey(PanelGroup, models.CASCADE, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "user"], name="one_seat_in_a_group")
        ]

    def __str__(self) -> str:
        return f"GroupMember {self.pk}"


class GroupRelease(Owned):
    """From here on a group reads its sections. Append-only; its moment is the database's."""

    group = models.OneToOneField(PanelGroup, models.PROTECT, related_name="release")
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    released_at = models.DateTimeField(db_default=models.Func(function="cceval_now"))
    note = models.TextField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(note=""), name="release_has_its_note")
        ]

    def __str__(self) -> str:
        return f"GroupRelease {self.pk}"
