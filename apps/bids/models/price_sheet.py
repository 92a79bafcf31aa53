from django.conf import settings
from django.db import models

from apps.bids.models.bid import Bid, SharedBidRow


class PriceSheet(SharedBidRow):
    """A vendor's draft price: pricing model and rates, as ciphertext, with a version number."""

    bid = models.OneToOneField(Bid, models.CASCADE, related_name="price_sheet")
    version = models.PositiveIntegerField(default=1)
    pack_version = models.PositiveIntegerField(default=0)  # of the data pack it was made on
    ciphertext = models.BinaryField()
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"PriceSheet {self.pk}: version {self.version}"
