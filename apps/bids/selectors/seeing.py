"""Who of a vendor's people sees the price: owners, and whom an owner named. The database decides."""

import uuid
from typing import TYPE_CHECKING

from django.db import connection
from django.utils.translation import gettext as _

from apps.core.errors import NotFound
from apps.rfp.models import Section
from apps.rfp.states import EnvelopeKind

if TYPE_CHECKING:
    from apps.bids.models import Bid


def sees_price(bid_id: uuid.UUID) -> bool:
    """Ask as row-level security does, for the person of this transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT cceval_sees_price(%s)", [bid_id])
        return bool(cursor.fetchone()[0])


def require_seen(bid: "Bid", section: Section | None = None) -> None:
    """Answer that it is not there, to whom the price response is not shown."""
    priced = section is None or section.envelope == EnvelopeKind.COMMERCIAL
    if priced and not sees_price(bid.pk):
        raise NotFound(_("There is nothing here, or nothing for you. Ask the owner of the bid."))
