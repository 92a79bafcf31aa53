"""The prices of opened bids: as they were offered, and as the adopted comparison evaluated them."""

import uuid
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from apps.bids.models import EvaluatedPrice
from apps.bids.selectors.opened import envelopes, for_panel, read_package, vendor_names
from apps.bids.states import Offer
from apps.rfp.models import Rfp
from apps.rfp.states import EnvelopeKind
from apps.workspace.models import User


def quotes_for(user: User, rfp: Rfp, offer: Offer = Offer.FINAL) -> list[dict[str, Any]]:
    """Return the quotes of the engine's price case, from opened commercial envelopes alone.

    Of a bid its final offer, where one was opened; with `Offer.FIRST` the one it was submitted with.
    """
    names = vendor_names(user, rfp)
    found: dict[uuid.UUID, dict[str, Any]] = {}
    for bid, envelope in envelopes(user, rfp):
        if envelope.kind != EnvelopeKind.COMMERCIAL:
            continue
        if offer == Offer.FIRST and envelope.offer_round_id is not None:
            continue
        package = read_package(envelope)
        if "price" in package:
            found[bid.pk] = {"id": str(bid.pk), "vendor": names[bid.pk], **package["price"]}
    return list(found.values())


def evaluated_prices(user: User, rfp: Rfp) -> Mapping[uuid.UUID, Decimal]:
    """Return what each bid costs by the comparison adopted last."""
    held = EvaluatedPrice.objects.filter(bid__in=for_panel(user, rfp)).order_by("number")
    return {one.bid_id: one.amount for one in held}
