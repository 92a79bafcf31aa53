from django.db import models

from apps.bids.models.bid import SharedBidRow


class SignedPaper(SharedBidRow):
    """A paper for one vendor: its content as it was frozen, its signed PDF.

    The row exists once the PDF is signed, is the vendor's alone, and never changes. `payload` is
    canonical JSON and `digest` its SHA-256, by which anybody verifies the file.
    """

    reference = models.CharField(max_length=20, unique=True)
    payload = models.TextField()
    digest = models.CharField(max_length=64)
    blob = models.CharField(max_length=48)
    pages = models.PositiveSmallIntegerField()
    unsigned_sha256 = models.CharField(max_length=64)
    signed_sha256 = models.CharField(max_length=64)
    certificate = models.CharField(max_length=64)
    signed_at = models.DateTimeField()

    class Meta:
        abstract = True
