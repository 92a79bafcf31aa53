"""The key of a submitted bid, which only the vendor's own secret opens."""

from django.db import models

from apps.bids.models.bid import Bid, SharedBidRow
from apps.bids.models.envelope import Submission
from apps.bids.states import Offer


class KeptKey(SharedBidRow):
    """The key of a bid's draft under the vendor's secret, which the service does not keep.

    It is replaced at the next submission. Owners of the vendor read it, nobody else: the key opens
    the price as well.
    """

    bid = models.ForeignKey(Bid, models.CASCADE, related_name="kept_keys")
    offer = models.PositiveSmallIntegerField(choices=Offer)  # whose draft the key is of
    submission = models.ForeignKey(Submission, models.PROTECT, related_name="+")
    wrapped = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bid", "offer"], name="one_kept_key_per_offer"),
            models.CheckConstraint(
                condition=models.Q(offer__in=Offer.values), name="kept_key_is_of_an_offer"
            ),
        ]

    def __str__(self) -> str:
        return f"KeptKey {self.pk}: offer {self.offer}"
