"""Who submitted, as a public tender lets the vendors that did read after the opening."""

from django.db import models

from apps.bids.models.bid import Bid, SharedBidRow


class NameList(SharedBidRow):
    """The names of all vendors that submitted, as one of them reads them. Append-only.

    Written with the opening, a row for each submitted bid, where the RFP published that it would
    be: names in the order of the alphabet, and nothing else of any bid.
    """

    bid = models.OneToOneField(Bid, models.PROTECT, related_name="name_list")
    names = models.JSONField()  # a list of texts

    def __str__(self) -> str:
        return f"NameList {self.pk}"
