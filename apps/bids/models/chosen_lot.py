from django.conf import settings
from django.db import models

from apps.bids.models.bid import Bid, SharedBidRow
from apps.rfp.models import Lot


class ChosenLot(SharedBidRow):
    """A lot that a vendor answers for in its draft. The buyer never reads it: a submission counts."""

    bid = models.ForeignKey(Bid, models.CASCADE, related_name="chosen_lots")
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="+")
    chosen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bid", "lot"], name="one_choice_per_lot"),
        ]

    def __str__(self) -> str:
        return f"ChosenLot {self.pk}"
