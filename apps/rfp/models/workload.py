from django.db import models

from apps.rfp.models.rfp import Rfp
from apps.workspace.models import Owned


class Workload(Owned):
    """The demand every bid is priced on; invited vendors read this row.

    `content` is the `workload` of the engine's price case: queues with contacts by interval of a
    typical week, handle time, service level. It is JSON that the engine's own parser has checked,
    so that a new field needs no migration.
    """

    rfp = models.OneToOneField(Rfp, models.CASCADE, related_name="workload")
    content = models.JSONField()
    source = models.TextField(default="", blank=True)

    def __str__(self) -> str:
        return f"Workload {self.pk}"


class OwnCost(Owned):
    """Today's in-house cost beside the bids, for the buyer's organisation alone.

    A table of its own: vendors read the row of the workload, and row-level security hides rows,
    not columns. `quote` is a quote of the engine's price case, checked by its parser.
    """

    rfp = models.OneToOneField(Rfp, models.CASCADE, related_name="own_cost")
    quote = models.JSONField()

    def __str__(self) -> str:
        return f"OwnCost {self.pk}"
