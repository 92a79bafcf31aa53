from django.db import models

from apps.bids.models import Submission
from apps.reports.models.signed_paper import SignedPaper


class ReceiptPaper(SignedPaper):
    """The receipt of one submission on paper: its content as it was frozen, its signed PDF.

    `payload` is made of the submission's row and its entry of the log: no file names, no prices.
    """

    submission = models.OneToOneField(Submission, models.PROTECT, related_name="paper")

    def __str__(self) -> str:
        return f"ReceiptPaper {self.pk}: {self.reference}"
