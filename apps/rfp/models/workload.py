from django.db import models

from apps.rfp.models.rfp import Rfp
from apps.workspace.models import Owned


class Workload(Owned):
    """The demand every bid is priced on: the `workload` of the engine's price case, read by its parser.

    `demand` holds the interval, one queue or several (contacts of a typical week, handle time,
    service level, occupancy), growth and seasons. `in_house` is the in-house cost as one more quote
    of the same case, null when not given.
    """

    rfp = models.OneToOneField(Rfp, models.CASCADE, related_name="workload")
    demand = models.JSONField()
    in_house = models.JSONField(null=True)
    source = models.TextField(default="", blank=True)

    def __str__(self) -> str:
        return f"Workload {self.pk}"
