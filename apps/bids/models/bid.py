from django.db import models

from apps.bids.states import BidState
from apps.rfp.models import Round
from apps.workspace.models import Organisation, Owned


class SharedBidRow(Owned):
    """A row of a bid: it carries the buyer's organisation and the vendor's.

    Row-level security shows it to the vendor always, to the buyer from the opening on.
    """

    vendor = models.ForeignKey(Organisation, models.PROTECT, related_name="+")

    class Meta:
        abstract = True


class Bid(SharedBidRow):
    """A vendor's bid in a round. Before the opening only the vendor knows that it exists."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="bids")
    state = models.CharField(max_length=10, choices=BidState, default=BidState.DRAFT)
    # Given at the opening, in random order: the letter of the blind evaluation.
    letter = models.CharField(max_length=2, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "vendor"], name="one_bid_per_vendor"),
            models.UniqueConstraint(
                fields=["round", "letter"],
                condition=~models.Q(letter=""),
                name="one_letter_per_bid",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=BidState.values), name="bid_state_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"Bid {self.pk}: {self.state}"
