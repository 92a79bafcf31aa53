"""A lot is decided: its prices, its ranking and its statements stay as they are."""

from django.db import transaction

from apps.core.access import authorise
from apps.rfp.models import DecidedLot, Lot
from apps.workspace.models import User


@transaction.atomic
def settle(*, lot: Lot, actor: User) -> None:
    """Note that a lot's decision was approved, within the approval that records it."""
    authorise(actor, "rfp.view", lot.rfp)
    DecidedLot.objects.get_or_create(
        lot=lot, defaults={"organisation_id": lot.organisation_id, "rfp_id": lot.rfp_id}
    )
