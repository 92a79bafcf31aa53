"""What became of a bid in a tender, as its vendor is told: of itself, and of no other."""

from django.db import models

from apps.bids.models.bid import Bid, SharedBidRow
from apps.bids.states import ResultOutcome
from apps.rfp.models import Lot


class Result(SharedBidRow):
    """The notice of one bid, of a lot its own; written with the approval. Append-only.

    `letter` is canonical JSON: own points per criterion with the recorded reasons. It holds no
    price and no place; what it says of the selected bid is what the RFP published that it would.
    """

    bid = models.ForeignKey(Bid, models.PROTECT, related_name="results")
    lot = models.ForeignKey(Lot, models.PROTECT, null=True, related_name="+")  # null: no lots
    outcome = models.CharField(max_length=10, choices=ResultOutcome)
    because = models.TextField(default="", blank=True)
    letter = models.TextField()
    digest = models.CharField(max_length=64)  # SHA-256 of the letter
    award = models.CharField(max_length=64)  # digest of the award that a second person approved
    # Last day on which the contract may not be concluded; null where no standstill is published.
    standstill_until = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(outcome__in=ResultOutcome.values), name="result_outcome_is_known"
            ),
            models.UniqueConstraint(
                fields=["bid", "lot"], nulls_distinct=False, name="one_result_per_bid_and_lot"
            ),
        ]

    def __str__(self) -> str:
        return f"Result {self.pk}: {self.outcome}"


class ResultPrice(SharedBidRow):
    """The part of a result that tells the price, for whom the vendor's owner lets read it."""

    bid = models.ForeignKey(Bid, models.PROTECT, related_name="+")
    result = models.OneToOneField(Result, models.PROTECT, related_name="priced")
    letter = models.TextField()  # canonical JSON: own price and, where they tell no other, points
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"ResultPrice {self.pk}"
