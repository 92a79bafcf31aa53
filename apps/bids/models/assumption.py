"""What a bid is subject to, and which of its passages are confidential: drafts of the vendor."""

from django.conf import settings
from django.db import models

from apps.bids.models.bid import Bid, SharedBidRow
from apps.rfp.models import Question


class Assumption(SharedBidRow):
    """One "subject to", or one change to the contract: ciphertext under the bid's draft key."""

    bid = models.ForeignKey(Bid, models.CASCADE, related_name="assumptions")
    version = models.PositiveIntegerField(default=1)
    ciphertext = models.BinaryField()
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"Assumption {self.pk}: version {self.version}"


class Confidential(SharedBidRow):
    """An answer that the vendor marks as confidential, with its reason as ciphertext."""

    bid = models.ForeignKey(Bid, models.CASCADE, related_name="confidential")
    question = models.ForeignKey(Question, models.PROTECT, related_name="+")
    ciphertext = models.BinaryField()
    marked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bid", "question"], name="one_mark_per_answer")
        ]

    def __str__(self) -> str:
        return f"Confidential {self.pk}"
