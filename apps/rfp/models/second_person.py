"""What one person asks for and another decides: who, when, and the database's own word on it."""

import uuid

from django.conf import settings
from django.db import models

from apps.rfp.models.rfp import Rfp
from apps.workspace.models import Owned


class SecondPerson(Owned):
    """A request about an RFP that its own author cannot decide. A subclass has `state`, and `rfp` or its own `procurement_id`."""

    rfp: Rfp
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    @property
    def procurement_id(self) -> uuid.UUID:
        """Whose record its moves belong to; read the RFP along with it."""
        return self.rfp.procurement_id


def decided_by_another(name: str, taken: models.Q) -> models.CheckConstraint:
    """Refuse a row in a state of `taken` without a second person, and the moment they decided."""
    return models.CheckConstraint(
        condition=~taken
        | (
            models.Q(decided_by__isnull=False, decided_at__isnull=False)
            & ~models.Q(decided_by=models.F("requested_by"))
        ),
        name=name,
    )
