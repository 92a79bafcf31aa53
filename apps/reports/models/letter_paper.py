from django.db import models

from apps.bids.models import Result
from apps.reports.models.signed_paper import SignedPaper


class LetterPaper(SignedPaper):
    """The letter that tells a vendor its result, on paper.

    `payload` is made of the result's row alone, which holds no price: who of the vendor reads no
    price may hold the paper.
    """

    result = models.OneToOneField(Result, models.PROTECT, related_name="paper")

    def __str__(self) -> str:
        return f"LetterPaper {self.pk}: {self.reference}"
