"""What a vendor agreed to before it was shown more: who, and when."""

from django.conf import settings
from django.db import models

from apps.bids.models.bid import SharedBidRow
from apps.rfp.models import Undertaking


class Agreement(SharedBidRow):
    """A vendor agreed to an undertaking of the RFP; the buyer sees who and when. Append-only.

    It says nothing about a bid: the invitation was accepted before, which the buyer knows.
    """

    undertaking = models.ForeignKey(Undertaking, models.PROTECT, related_name="agreements")
    agreed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    text_digest = models.CharField(max_length=64)  # SHA-256 of the text as it was shown

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["undertaking", "vendor"], name="one_agreement_per_vendor"
            )
        ]

    def __str__(self) -> str:
        return f"Agreement {self.pk}"
