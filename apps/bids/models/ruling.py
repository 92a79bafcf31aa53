"""What the panel says of an assumption of an opened bid, before an award."""

from django.conf import settings
from django.db import models

from apps.bids.models.bid import Bid
from apps.bids.states import Verdict
from apps.workspace.models import Owned


class Ruling(Owned):
    """A verdict on one row that a bid is subject to; append-only, the highest version stands.

    `number` is the row's place in the opened submission, from 1. The buyer's alone: a vendor is
    told the verdicts on its own rows with its result.
    """

    bid = models.ForeignKey(Bid, models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    version = models.PositiveSmallIntegerField()
    verdict = models.CharField(max_length=10, choices=Verdict)
    # What the row is worth over the term in the tender's currency; null where it is not priced.
    amount = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    reason = models.TextField()
    ruled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["bid", "number", "version"], name="ruling_versions_are_unique"
            ),
            models.CheckConstraint(
                condition=models.Q(verdict__in=Verdict.values), name="verdict_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(verdict=Verdict.PRICED, amount__isnull=False)
                | (~models.Q(verdict=Verdict.PRICED) & models.Q(amount=None)),
                name="a_priced_row_has_its_amount",
            ),
        ]

    def __str__(self) -> str:
        return f"Ruling {self.pk}: {self.verdict}"
