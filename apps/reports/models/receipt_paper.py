from django.db import models

from apps.bids.models import Submission
from apps.bids.models.bid import SharedBidRow


class ReceiptPaper(SharedBidRow):
    """The receipt of one submission on paper: its content as it was frozen, its signed PDF.

    The row exists once the PDF is signed, is the vendor's alone, and never changes. `payload` is
    canonical JSON of the submission's row and its entry of the log: no file names, no prices.
    """

    submission = models.OneToOneField(Submission, models.PROTECT, related_name="paper")
    reference = models.CharField(max_length=20, unique=True)
    payload = models.TextField()
    digest = models.CharField(max_length=64)
    blob = models.CharField(max_length=48)
    pages = models.PositiveSmallIntegerField()
    unsigned_sha256 = models.CharField(max_length=64)
    signed_sha256 = models.CharField(max_length=64)
    certificate = models.CharField(max_length=64)
    signed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"ReceiptPaper {self.pk}: {self.reference}"
