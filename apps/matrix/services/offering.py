"""Asking for final offers: of the admitted bids, which the locked quality scores name."""

import datetime as dt
import uuid
from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from apps.bids.models import OfferRound
from apps.bids.services import offering
from apps.core.access import authorise
from apps.matrix.selectors.admission import not_admitted
from apps.rfp.models import Rfp
from apps.workspace.models import User

LONGEST = 400


@transaction.atomic
def request(
    *,
    rfp: Rfp,
    closes_at: dt.datetime,
    reason: str,
    left_out: Mapping[uuid.UUID, str],
    actor: User,
) -> OfferRound:
    """Ask every admitted bid for a final offer but those left out; a second person confirms it."""
    authorise(actor, "bids.request_offers", rfp)
    excluded = {
        bid: _("Not admitted: {reason}").format(reason=why)[:LONGEST]
        for bid, why in not_admitted(actor, rfp).items()
    }
    return offering.request(
        rfp=rfp,
        closes_at=closes_at,
        reason=reason,
        left_out=left_out,
        excluded=excluded,
        actor=actor,
    )
