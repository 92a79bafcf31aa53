from django.conf import settings
from django.db import models

from apps.rfp.models.rfp import Rfp
from apps.workspace.models import Owned


class Upload(Owned):
    """A questionnaire somebody brought, until it is imported, given up or a day old.

    The person who brought it reads it, nobody else. The file lies encrypted in the file storage as
    it came; beside it what the reader found, so that it is read once.
    """

    rfp = models.ForeignKey(Rfp, models.CASCADE, related_name="uploads")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8)
    facts = models.BinaryField()  # ciphertext of name, size and SHA-256
    file = models.CharField(max_length=48)  # the names of two blobs
    found = models.CharField(max_length=48)
    layouts = models.BinaryField()  # ciphertext: where the questions of a foreign workbook stand

    def __str__(self) -> str:
        return f"Upload {self.pk}: {self.kind}"
