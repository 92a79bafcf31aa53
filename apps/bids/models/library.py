"""A vendor's earlier questions and answers. The rows belong to the vendor's organisation."""

from django.conf import settings
from django.db import models

from apps.bids.states import BroughtKind
from apps.workspace.models import Owned


class LibraryEntry(Owned):
    """One question with its answer, topic, owner and day: ciphertext under the vendor's key."""

    fingerprint = models.CharField(max_length=64)  # of question and answer
    ciphertext = models.BinaryField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "fingerprint"], name="one_entry_per_answer"
            )
        ]

    def __str__(self) -> str:
        return f"LibraryEntry {self.pk}"


class LibraryImport(Owned):
    """What somebody brought for the library, until it is saved, given up or a day old.

    The person who brought it reads it, nobody else.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=BroughtKind)
    name = models.BinaryField()  # ciphertext
    blob = models.CharField(max_length=48)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=BroughtKind.values), name="brought_kind_is_known"
            )
        ]

    def __str__(self) -> str:
        return f"LibraryImport {self.pk}: {self.kind}"


class PinnedKey(Owned):
    """A signing key of another installation that this vendor has compared and trusts."""

    fingerprint = models.CharField(max_length=64)  # SHA-256 of the 32 public bytes
    name = models.CharField(max_length=120)
    pinned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "fingerprint"], name="one_pin_per_key")
        ]

    def __str__(self) -> str:
        return f"PinnedKey {self.pk}"
