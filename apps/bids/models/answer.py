from django.conf import settings
from django.db import models

from apps.bids.models.bid import Bid, SharedBidRow
from apps.bids.models.evidence import Evidence
from apps.rfp.models import Question


class Answer(SharedBidRow):
    """A vendor's draft answer: ciphertext under the bid's draft key, with a version number."""

    bid = models.ForeignKey(Bid, models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)
    ciphertext = models.BinaryField()
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bid", "question"], name="one_answer_per_question")
        ]

    def __str__(self) -> str:
        return f"Answer {self.pk}: version {self.version}"


class AnswerVersion(SharedBidRow):
    """Every version an answer ever had: 1 to n without a gap, never changed."""

    bid = models.ForeignKey(Bid, models.PROTECT, related_name="+")
    question = models.ForeignKey(Question, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    ciphertext = models.BinaryField()
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["bid", "question", "version"], name="answer_versions_are_unique"
            )
        ]

    def __str__(self) -> str:
        return f"AnswerVersion {self.pk}: {self.version}"


class Attachment(SharedBidRow):
    """Evidence: an encrypted blob in the file storage; its name and digest are ciphertext too."""

    bid = models.ForeignKey(Bid, models.CASCADE, related_name="attachments")
    question = models.ForeignKey(Question, models.PROTECT, related_name="+")
    blob = models.CharField(max_length=48)
    facts = models.BinaryField()  # ciphertext of name, size, kind and SHA-256
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True)
    # Of a draft: the vendor's own file it was copied from, as long as the vendor keeps that. Which
    # file proves what is part of a bid, so at the submission it stands in `facts` alone.
    evidence = models.ForeignKey(Evidence, models.SET_NULL, null=True, related_name="attachments")

    def __str__(self) -> str:
        return f"Attachment {self.pk}"
