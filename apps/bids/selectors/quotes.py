"""The prices of opened bids: as they were offered, and as the adopted comparison evaluated them."""

import uuid
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from apps.bids.models import EvaluatedPrice
from apps.bids.selectors.opened import envelopes, for_panel, vendor_names
from apps.bids.selectors.reading import read_package
from apps.bids.states import Offer
from apps.bids.types.cost_floor import for_engine
from apps.rfp.models import Lot, Rfp
from apps.rfp.states import EnvelopeKind
from apps.workspace.models import User


def quotes_for(
    user: User, rfp: Rfp, lot: Lot | None = None, offer: Offer = Offer.FINAL
) -> list[dict[str, Any]]:
    """Return the quotes of the engine's price case, from opened commercial envelopes alone.

    Of a bid its final offer, where one was opened; with `Offer.FIRST` the one it was submitted with.
    Of a lot those of the bids that cover it; a tender with lots has no quote for the whole.
    """
    names = vendor_names(user, rfp)
    found: dict[uuid.UUID, dict[str, Any]] = {}
    for bid, envelope in envelopes(user, rfp):
        if envelope.kind != EnvelopeKind.COMMERCIAL:
            continue
        if offer == Offer.FIRST and envelope.offer_round_id is not None:
            continue
        if sheet := _sheet_in(read_package(envelope), lot):
            found[bid.pk] = {"id": str(bid.pk), "vendor": names[bid.pk], **for_engine(sheet)}
    return list(found.values())


def _sheet_in(package: Mapping[str, Any], lot: Lot | None) -> dict[str, Any] | None:
    found: dict[str, Any] | None = (
        package.get("price") if lot is None else package.get("prices", {}).get(lot.code)
    )
    return found


def evaluated_prices(user: User, rfp: Rfp, lot: Lot | None = None) -> Mapping[uuid.UUID, Decimal]:
    """Return what each bid costs by the comparison adopted last, of a lot by that of the lot."""
    held = EvaluatedPrice.objects.filter(bid__in=for_panel(user, rfp), lot=lot).order_by("number")
    return {one.bid_id: one.amount for one in held}
