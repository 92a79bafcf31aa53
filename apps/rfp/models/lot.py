from django.db import models

from apps.rfp.models.rfp import Rfp
from apps.workspace.models import Owned


class Lot(Owned):
    """A part of a tender that is bid for, compared and decided by itself. Invited vendors read it.

    `workload` is the `workload` of the engine's price case, empty until it is set. `price_params`
    stand in for those of the RFP where this lot's floor or cap is another; empty takes the RFP's.
    `least_contacts` a month is what the buyer commits to in this lot, None to no volume of its own.
    """

    rfp = models.ForeignKey(Rfp, models.CASCADE, related_name="lots")
    code = models.CharField(max_length=12)
    name = models.CharField(max_length=120)
    description = models.TextField(default="", blank=True)
    position = models.PositiveSmallIntegerField()
    workload = models.JSONField(default=dict, blank=True)
    workload_source = models.TextField(default="", blank=True)
    price_params = models.JSONField(default=dict, blank=True)
    least_contacts = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rfp", "code"], name="one_lot_code"),
            models.CheckConstraint(
                condition=~models.Q(code="") & ~models.Q(name=""), name="lot_has_code_and_name"
            ),
        ]

    def __str__(self) -> str:
        return f"Lot {self.pk}: {self.code}"


class LotOwnCost(Owned):
    """Today's in-house cost of one lot, for the buyer's organisation alone: see `OwnCost`."""

    rfp = models.ForeignKey(Rfp, models.CASCADE, related_name="+")
    lot = models.OneToOneField(Lot, models.CASCADE, related_name="own_cost")
    quote = models.JSONField()

    def __str__(self) -> str:
        return f"LotOwnCost {self.pk}"


class DecidedLot(Owned):
    """A lot whose decision was approved: its prices and its ranking stay as they are. Append-only."""

    rfp = models.ForeignKey(Rfp, models.PROTECT, related_name="decided_lots")
    lot = models.OneToOneField(Lot, models.PROTECT, related_name="decided")

    def __str__(self) -> str:
        return f"DecidedLot {self.pk}"
