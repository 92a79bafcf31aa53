"""Questions of the panel to one vendor about its own opened bid. Nothing here changes the bid."""

import uuid

from django.conf import settings
from django.db import models

from apps.bids.models.bid import Bid, SharedBidRow
from apps.rfp.models import Question
from apps.workspace.models import Owned


class PanelQuestion(Owned):
    """What somebody of the panel wants to know of one answer: the buyer's alone. Append-only."""

    bid = models.ForeignKey(Bid, models.PROTECT, related_name="+")
    question = models.ForeignKey(Question, models.PROTECT, related_name="+")
    text = models.TextField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"PanelQuestion {self.pk}"


class ShelvedQuestion(Owned):
    """Why a question of the panel is not sent. Append-only; a trigger lets no such question be sent."""

    asked = models.OneToOneField(PanelQuestion, models.PROTECT, related_name="shelved")
    reason = models.TextField()
    shelved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(reason=""), name="shelving_has_its_reason")
        ]

    def __str__(self) -> str:
        return f"ShelvedQuestion {self.pk}"


class SentQuestion(SharedBidRow):
    """The question as the vendor gets it, from the lead. Append-only: a second one is a new one."""

    bid = models.ForeignKey(Bid, models.PROTECT, related_name="sent_questions")
    asked = models.OneToOneField(PanelQuestion, models.PROTECT, related_name="sent")
    code = models.CharField(max_length=12)
    text = models.TextField()
    due_at = models.DateTimeField()
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"SentQuestion {self.pk}"

    @property
    def procurement_id(self) -> uuid.UUID:
        """Whose record it belongs to; read the bid's round and RFP along with it."""
        return self.bid.round.rfp.procurement_id


class VendorExplanation(SharedBidRow):
    """The vendor's answer, in time and once: it stands beside the bid, which stays as it is.

    A file may come with it: an encrypted blob, and `facts` as ciphertext of its name, size, SHA-256,
    class and days, both under the key of the round's opened bids.
    """

    bid = models.ForeignKey(Bid, models.PROTECT, related_name="+")
    sent = models.OneToOneField(SentQuestion, models.PROTECT, related_name="answer")
    text = models.TextField()
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    blob = models.CharField(max_length=48, default="", blank=True)
    facts = models.BinaryField(default=b"", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(blob="", facts=b"")
                | (~models.Q(blob="") & ~models.Q(facts=b"")),
                name="explanation_file_is_whole",
            )
        ]

    def __str__(self) -> str:
        return f"VendorExplanation {self.pk}"
