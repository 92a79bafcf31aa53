"""Asking for final offers: of the admitted bids, which the locked quality scores name."""

import datetime as dt
from collections.abc import Collection, Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from apps.bids.models import OfferRound
from apps.bids.services import offering
from apps.bids.types.offering import Place
from apps.core.access import authorise
from apps.matrix.selectors.admission import excluded_places
from apps.rfp.models import Rfp
from apps.workspace.models import User

LONGEST = 400


@transaction.atomic
def request(
    *,
    rfp: Rfp,
    closes_at: dt.datetime,
    reason: str,
    left_out: Mapping[Place, str],
    actor: User,
    lots: Collection[str] | None = None,
) -> OfferRound:
    """Ask every admitted bid for a final offer but those left out; a second person confirms it.

    Where the tender has lots, a bid is asked in each of `lots` that it covers and is admitted in.
    """
    authorise(actor, "bids.request_offers", rfp)
    excluded = {
        place: _("Not admitted: {reason}").format(reason=why)[:LONGEST]
        for place, why in excluded_places(actor, rfp).items()
    }
    return offering.request(
        rfp=rfp,
        closes_at=closes_at,
        reason=reason,
        left_out=left_out,
        excluded=excluded,
        actor=actor,
        lots=lots,
    )
