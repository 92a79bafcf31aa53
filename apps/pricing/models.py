from django.conf import settings
from django.db import models

from apps.rfp.models import Lot
from apps.workspace.models import Owned, Procurement


class Assumptions(Owned):
    """The terms under which prices are compared. Append-only: the highest number stands."""

    procurement = models.ForeignKey(Procurement, models.PROTECT, related_name="assumptions")
    lot = models.ForeignKey(Lot, models.PROTECT, null=True, related_name="+")  # null: no lots
    number = models.PositiveSmallIntegerField()
    terms = models.JSONField()  # the `terms` of the engine's price case, parsed by the engine
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["procurement", "lot", "number"],
                nulls_distinct=False,
                name="one_number_of_assumptions",
            )
        ]

    def __str__(self) -> str:
        return f"Assumptions {self.pk}: {self.number}"


class ChangeCosts(Owned):
    """What an award costs the buyer beside the price. Append-only: the highest number stands."""

    procurement = models.ForeignKey(Procurement, models.PROTECT, related_name="change_costs")
    lot = models.ForeignKey(Lot, models.PROTECT, null=True, related_name="+")  # null: no lots
    number = models.PositiveSmallIntegerField()
    figures = models.JSONField()  # decimal strings by name, checked by the engine
    source = models.TextField()  # where they come from, in the buyer's words
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["procurement", "lot", "number"],
                nulls_distinct=False,
                name="one_number_of_change_costs",
            ),
            models.CheckConstraint(
                condition=~models.Q(source=""), name="change_costs_have_a_source"
            ),
        ]

    def __str__(self) -> str:
        return f"ChangeCosts {self.pk}: {self.number}"


class Comparison(Owned):
    """A frozen price comparison: the engine's record, byte for byte. Append-only."""

    procurement = models.ForeignKey(Procurement, models.PROTECT, related_name="comparisons")
    lot = models.ForeignKey(Lot, models.PROTECT, null=True, related_name="+")  # null: no lots
    number = models.PositiveSmallIntegerField(default=1)
    record = models.TextField()
    digest = models.CharField(max_length=64)
    engine_version = models.CharField(max_length=20)
    adopted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    supersedes = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    reason = models.TextField(default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["procurement", "lot", "number"],
                nulls_distinct=False,
                name="one_comparison_number",
            )
        ]

    def __str__(self) -> str:
        return f"Comparison {self.pk}: {self.number}"
