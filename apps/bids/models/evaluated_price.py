from django.db import models

from apps.bids.models.bid import Bid
from apps.bids.states import Offer
from apps.rfp.models import Lot
from apps.workspace.models import Owned


class EvaluatedPrice(Owned):
    """What an opened bid costs over the term, as the adopted price comparison found it.

    Written when a comparison is adopted, read when bids are ranked: the two never meet otherwise.
    Append-only: the highest number stands.
    """

    bid = models.ForeignKey(Bid, models.PROTECT, related_name="evaluated_prices")
    lot = models.ForeignKey(Lot, models.PROTECT, null=True, related_name="+")  # null: no lots
    number = models.PositiveSmallIntegerField()
    offer = models.PositiveSmallIntegerField(choices=Offer, default=Offer.FIRST)  # that it is of
    amount = models.DecimalField(max_digits=16, decimal_places=2)
    currency = models.CharField(max_length=3)
    comparison_digest = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["bid", "lot", "number"],
                nulls_distinct=False,
                name="one_evaluated_price_number",
            ),
            models.CheckConstraint(
                condition=models.Q(amount__gte=0), name="evaluated_price_is_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"EvaluatedPrice {self.pk}: {self.number}"
