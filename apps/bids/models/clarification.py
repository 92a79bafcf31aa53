"""Questions of vendors. Who asked is in a row of the vendor's own, which no buyer's session reads."""

import uuid

from django.conf import settings
from django.db import models

from apps.bids.models.bid import Bid, SharedBidRow
from apps.bids.states import ClarificationState
from apps.rfp.models import Rfp
from apps.workspace.models import Owned


class Clarification(Owned):
    """A question as the lead gets it: no vendor, no person, and the day instead of the moment.

    The database shows it to the lead of its tender alone, and from a full hour on: a row that
    appears the moment somebody leaves a meeting would say who asked. Its identifier is random: one made from the clock would tell when it was asked. The text as it
    was typed is kept; what all vendors read is what the lead made of it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField()  # midnight of the day on which it was asked
    shown_from = models.DateTimeField()  # the full hour after it was asked
    rfp = models.ForeignKey(Rfp, models.PROTECT, related_name="clarifications")
    state = models.CharField(
        max_length=10, choices=ClarificationState, default=ClarificationState.WAITING
    )
    place = models.CharField(max_length=12, default="", blank=True)  # code of section or question
    original = models.TextField()
    held_because = models.JSONField(default=list, blank=True)  # codes of `types.holding`
    refused_because = models.TextField(default="", blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=ClarificationState.values),
                name="clarification_state_is_known",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=ClarificationState.REFUSED)
                | ~models.Q(refused_because=""),
                name="refused_clarification_says_why",
            ),
        ]

    @property
    def procurement_id(self) -> uuid.UUID:
        """Whose record its moves belong to; read the RFP along with it."""
        return self.rfp.procurement_id

    def __str__(self) -> str:
        return f"Clarification {self.pk}: {self.state}"


class VendorQuestion(SharedBidRow):
    """Who asked which question, and when: for the vendor's own people alone. Append-only."""

    bid = models.ForeignKey(Bid, models.PROTECT, related_name="questions_asked")
    clarification = models.OneToOneField(Clarification, models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"VendorQuestion {self.pk}"


class PublishedAnswer(Owned):
    """A question with its answer as every invited vendor reads them. Append-only, numbered 1 to n."""

    rfp = models.ForeignKey(Rfp, models.PROTECT, related_name="published_answers")
    clarification = models.OneToOneField(Clarification, models.PROTECT, related_name="published")
    number = models.PositiveIntegerField()
    place = models.CharField(max_length=12, default="", blank=True)
    question = models.TextField()
    answer = models.TextField()
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rfp", "number"], name="one_answer_number_per_rfp")
        ]

    def __str__(self) -> str:
        return f"PublishedAnswer {self.pk}: {self.number}"


class AnswersRead(SharedBidRow):
    """Up to which published answer a person of the vendor has read: the mark is theirs alone."""

    bid = models.ForeignKey(Bid, models.CASCADE, related_name="+")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    upto = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bid", "reader"], name="one_read_mark_per_person")
        ]

    def __str__(self) -> str:
        return f"AnswersRead {self.pk}: {self.upto}"
