"""What a vendor says about an addendum: that it was read, and that a submitted bid stands."""

from django.conf import settings
from django.db import models

from apps.bids.models.bid import Bid, SharedBidRow
from apps.bids.models.envelope import Submission
from apps.rfp.models import Addendum


class Acknowledgement(SharedBidRow):
    """A vendor has read an addendum: the buyer sees who and when. Append-only.

    It says nothing about a bid: who has submitted none acknowledges all the same.
    """

    addendum = models.ForeignKey(Addendum, models.PROTECT, related_name="acknowledgements")
    acknowledged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["addendum", "vendor"], name="one_acknowledgement_per_vendor"
            )
        ]

    def __str__(self) -> str:
        return f"Acknowledgement {self.pk}"


class Confirmation(SharedBidRow):
    """A submitted bid stands after an addendum. The buyer sees it from the opening on, not before.

    Append-only, and of one submission: the next one answers the newer version by itself.
    """

    bid = models.ForeignKey(Bid, models.PROTECT, related_name="confirmations")
    submission = models.ForeignKey(Submission, models.PROTECT, related_name="+")
    addendum = models.ForeignKey(Addendum, models.PROTECT, related_name="+")
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "addendum"], name="one_confirmation_per_submission"
            )
        ]

    def __str__(self) -> str:
        return f"Confirmation {self.pk}"
