"""A vendor's own bid as it was opened: what is read without the vendor's key from then on."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from apps.bids import adapters
from apps.bids.models import Bid, Envelope
from apps.bids.selectors.kept_keys import is_locked
from apps.bids.selectors.reading import read_package
from apps.bids.selectors.seeing import sees_price
from apps.bids.states import EnvelopeState, Offer
from apps.rfp.states import EnvelopeKind


@dataclass(frozen=True)
class OwnOpened:
    """The opened packages of one's own bid, the price only for whom it is shown."""

    technical: dict[str, Any]
    commercial: dict[str, Any] | None
    offer: dict[str, Any] | None = None  # the price of an opened final offer
    answers: dict[str, Any] = field(default_factory=dict)  # by question code

    @property
    def files(self) -> dict[str, dict[str, Any]]:
        """Every file by the name of its blob: what opens it, and what is known of it."""
        packages = [self.technical, *([self.commercial] if self.commercial else [])]
        return {one["blob"]: one for package in packages for one in package["files"]}

    def sheets_of(self, offer: Offer) -> dict[str, dict[str, Any]]:
        """Return the price sheets by code of the lot; of a tender without lots under no code."""
        package = self.offer if offer == Offer.FINAL else self.commercial
        if package is None:
            return {}
        if "prices" in package:
            return dict(package["prices"])
        return {"": package["price"]} if "price" in package else {}


def own_opened(bid: Bid) -> OwnOpened | None:
    """Return what was opened of one's own bid; None before, and for a bid that was none."""
    held = Envelope.objects.filter(bid=bid, state=EnvelopeState.OPENED)
    if not sees_price(bid.pk):
        held = held.filter(kind=EnvelopeKind.TECHNICAL)
    found: dict[tuple[str, bool], dict[str, Any]] = {}
    for one in held.select_related("submission__bid").order_by("submission__number"):
        found[one.kind, one.offer_round_id is not None] = read_package(one)
    technical = found.get((EnvelopeKind.TECHNICAL, False))
    if technical is None:
        return None
    commercial = found.get((EnvelopeKind.COMMERCIAL, False))
    return OwnOpened(
        technical=technical,
        commercial=commercial,
        offer=found.get((EnvelopeKind.COMMERCIAL, True)),
        answers={**technical["answers"], **(commercial["answers"] if commercial else {})},
    )


def opened_quality(bids: Iterable[Bid]) -> dict[uuid.UUID, dict[str, Any]]:
    """Return the opened quality answers of one's own bids, by bid and question code: one query."""
    held = Envelope.objects.filter(
        bid__in=[one.pk for one in bids], kind=EnvelopeKind.TECHNICAL, state=EnvelopeState.OPENED
    )
    opened = held.select_related("submission__bid")
    return {one.bid_id: dict(read_package(one)["answers"]) for one in opened}


def opened_instead(bid: Bid, offer: Offer = Offer.FIRST) -> OwnOpened | None:
    """Return what is read in place of a draft whose key is the vendor's.

    None while the key is here: then the draft itself is read. Locked where there is neither.
    """
    if not is_locked(bid, offer):
        return None
    found = own_opened(bid)
    if found is None or (offer == Offer.FINAL and found.offer is None):
        adapters.key_of(adapters.draft_key(bid.pk, offer))  # says why not
    return found
