"""Who is taken from a request for information: proposed by the published rule, confirmed by another."""

from django.db import models

from apps.bids.models.bid import Bid, SharedBidRow
from apps.bids.states import ShortlistState
from apps.rfp.models import Rfp
from apps.rfp.models.second_person import SecondPerson, decided_by_another


class Shortlist(SecondPerson):
    """The list as the rule gave it. Confirmed it stands for good, and every vendor is told.

    `record` is canonical JSON: the rule, the digest of the ranking, every bid with its points and
    what became of it. `reason` says why a person chose as they did where the rule left a tie. No
    vendor's session reads either.
    """

    rfp = models.ForeignKey(Rfp, models.PROTECT, related_name="shortlists")
    state = models.CharField(
        max_length=10, choices=ShortlistState, default=ShortlistState.REQUESTED
    )
    record = models.TextField()
    digest = models.CharField(max_length=64)
    reason = models.TextField(default="", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=ShortlistState.values), name="shortlist_state_is_known"
            ),
            models.UniqueConstraint(
                fields=["rfp"],
                condition=~models.Q(state=ShortlistState.DROPPED),
                name="one_shortlist_per_rfp",
            ),
            decided_by_another(
                "shortlist_is_confirmed_by_another", models.Q(state=ShortlistState.CONFIRMED)
            ),
        ]

    def __str__(self) -> str:
        return f"Shortlist {self.pk}: {self.state}"


class ShortlistEntry(SharedBidRow):
    """What became of one bid. A vendor reads its own once the list is confirmed, and no other.

    `points` are its own quality points of 100; none where nothing was scored. Its place among the
    others is not here: it would tell how many there are.
    """

    shortlist = models.ForeignKey(Shortlist, models.PROTECT, related_name="entries")
    bid = models.ForeignKey(Bid, models.PROTECT, related_name="shortlistings")
    taken = models.BooleanField()
    points = models.CharField(max_length=40, default="", blank=True)
    because = models.TextField(default="", blank=True)  # the vendor reads it: of no other bid
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shortlist", "bid"], name="one_shortlist_entry_per_bid")
        ]

    def __str__(self) -> str:
        return f"ShortlistEntry {self.pk}"
