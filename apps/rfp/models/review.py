from django.conf import settings
from django.db import models

from apps.rfp.models.rfp import Rfp
from apps.rfp.models.second_person import SecondPerson
from apps.rfp.states import ReviewState
from apps.workspace.models import Owned


class Review(SecondPerson):
    """One look of a second person at a draft: what was shown, who asked, who decided what.

    `digest` stands for the draft as it was sent: an approval counts only while it still is that.
    """

    rfp = models.ForeignKey(Rfp, models.CASCADE, related_name="reviews")
    state = models.CharField(max_length=10, choices=ReviewState, default=ReviewState.REQUESTED)
    digest = models.CharField(max_length=64)
    note = models.TextField(default="", blank=True)
    verdict = models.TextField(default="", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=ReviewState.values), name="review_state_is_known"
            ),
            models.UniqueConstraint(
                fields=["rfp"],
                condition=models.Q(state=ReviewState.REQUESTED),
                name="one_open_review_per_rfp",
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by=None)
                | ~models.Q(decided_by=models.F("requested_by")),
                name="review_is_decided_by_another",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=[ReviewState.REQUESTED, ReviewState.WITHDRAWN])
                | models.Q(decided_by__isnull=False, decided_at__isnull=False),
                name="decided_review_says_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return f"Review {self.pk}: {self.state}"


class ReviewComment(Owned):
    """What the reviewer says about one place of the draft. Append-only."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="comments")
    place = models.CharField(max_length=12, default="", blank=True)  # code of section or question
    text = models.TextField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"ReviewComment {self.pk}: {self.place or 'the whole'}"
