from django.db import models

from apps.rfp.models.rfp import Rfp
from apps.workspace.models import Owned


class Workload(Owned):
    """The demand every bid is priced on, and today's own cost beside the bids.

    `content` is the `workload` of the engine's price case (queues with contacts by interval of a
    typical week, handle time, service level); `in_house` is a quote of that case. Both are JSON
    that the engine's own parser has checked, so that a new field needs no migration.
    """

    rfp = models.OneToOneField(Rfp, models.CASCADE, related_name="workload")
    content = models.JSONField()
    in_house = models.JSONField(null=True)
    source = models.TextField(default="", blank=True)

    def __str__(self) -> str:
        return f"Workload {self.pk}"
