from django.conf import settings
from django.db import models

from apps.bids.models.bid import Bid, SharedBidRow
from apps.bids.states import Offer
from apps.rfp.models import Lot


class PriceSheet(SharedBidRow):
    """A vendor's draft price, of one lot where there are lots: ciphertext, with a version number."""

    bid = models.ForeignKey(Bid, models.CASCADE, related_name="price_sheets")
    lot = models.ForeignKey(Lot, models.PROTECT, null=True, related_name="+")  # null: no lots
    offer = models.PositiveSmallIntegerField(choices=Offer, default=Offer.FIRST)
    version = models.PositiveIntegerField(default=1)
    pack_version = models.PositiveIntegerField(default=0)  # of the data pack it was made on
    ciphertext = models.BinaryField()
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["bid", "lot", "offer"],
                nulls_distinct=False,
                name="one_price_sheet_per_lot_and_offer",
            )
        ]

    def __str__(self) -> str:
        return f"PriceSheet {self.pk}: version {self.version}"
