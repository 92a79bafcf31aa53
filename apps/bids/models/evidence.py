"""A vendor's files, kept once for all its bids. The rows belong to the vendor's organisation."""

from django.conf import settings
from django.db import models

from apps.workspace.models import Owned


class Evidence(Owned):
    """One file of a vendor, stored once by its content; a bid gets a copy under its own key.

    The fingerprint needs the vendor's key: it finds the vendor's own twin and tells nobody else
    that two vendors hold the same file.
    """

    fingerprint = models.CharField(max_length=64)
    blob = models.CharField(max_length=48)
    facts = models.BinaryField()  # ciphertext of name, size, SHA-256, class and dates
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "fingerprint"], name="one_evidence_per_content"
            )
        ]

    def __str__(self) -> str:
        return f"Evidence {self.pk}"


class EvidenceUpload(Owned):
    """A file on its way in, piece by piece, until it is whole, given up or a day old.

    `parts` are the pieces that have come: the name of the encrypted blob, size and fingerprint.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    fingerprint = models.CharField(max_length=64)  # of the whole file, as the sender names it
    facts = models.BinaryField()
    parts = models.JSONField(default=list)
    received = models.PositiveIntegerField(default=0)  # bytes

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "owner", "fingerprint"], name="one_upload_per_file"
            )
        ]

    def __str__(self) -> str:
        return f"EvidenceUpload {self.pk}: {self.received}"
