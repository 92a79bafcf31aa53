"""The data pack: files that vendors price on, released in versions."""

from django.conf import settings
from django.db import models

from apps.rfp.models.rfp import Rfp
from apps.workspace.models import Owned


class PackVersion(Owned):
    """A released state of the data pack. Append-only, numbered 1 to n."""

    rfp = models.ForeignKey(Rfp, models.PROTECT, related_name="pack_versions")
    number = models.PositiveIntegerField()
    note = models.TextField()
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rfp", "number"], name="one_pack_version_number")
        ]

    def __str__(self) -> str:
        return f"PackVersion {self.pk}: {self.number}"


class PackFile(Owned):
    """One file: in every version from `added_in` on, up to the one before `dropped_in`.

    The content is an encrypted blob of the file storage, under a key of the RFP's own.
    """

    rfp = models.ForeignKey(Rfp, models.PROTECT, related_name="pack_files")
    name = models.CharField(max_length=150)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    blob = models.CharField(max_length=48)
    added_in = models.PositiveIntegerField()
    dropped_in = models.PositiveIntegerField(null=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(dropped_in=None) | models.Q(dropped_in__gt=models.F("added_in")),
                name="pack_file_is_dropped_later",
            )
        ]

    def __str__(self) -> str:
        return f"PackFile {self.pk}"
