"""A tender whose prices are open, and best and final offers in it at each of their moments."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from apps.bids.models import Bid, OfferRound
from apps.bids.selectors import price_of
from apps.bids.services import final_offers, offering
from apps.bids.states import Offer
from apps.core import clock, tenancy
from apps.rfp.models import Rfp
from apps.rfp.states import EnvelopeKind, FinalOffers, KeyKind
from apps.workspace.models import Procurement
from apps.workspace.states import Phase
from tests.conftest import People, make_buyer, make_vendor
from tests.factories import bids as make
from tests.factories import sealing

DAY = dt.timedelta(days=1)
NAMES = ("Velora Connect", "Castellan CX", "Tamarind Global")


@dataclass
class Offering:
    """Three priced bids by name of their vendor's place: 0, 1, 2."""

    buyer: People
    tender: make.Tender
    vendors: list[People]
    bids: list[Bid]
    offer_round: OfferRound | None = None

    def rfp(self) -> Rfp:
        return make.read(self.tender)

    def held(self) -> OfferRound:
        """The request as it stands now."""
        found = OfferRound.objects.order_by("-created_at", "-pk")[0]
        found.rfp = self.rfp()
        return found


def sheet(rate: str) -> dict[str, Any]:
    return {**make.SHEET, "rates": {**make.SHEET["rates"], "tiers": [{"rate": rate}]}}


def priced(move: Callable[[dt.datetime], None], final: FinalOffers = FinalOffers.ONCE) -> Offering:
    """Three bids, quality locked, prices opened."""
    buyer = make_buyer()
    tender = make.tender(buyer, final_offers=final)
    vendors = [make_vendor(name, buyer.organisation) for name in NAMES]
    bids = [make.bid_in(tender.rfp, vendor) for vendor in vendors]
    for bid, vendor in zip(bids, vendors, strict=True):
        make.fill(bid, tender, vendor)
        make.submit(bid, vendor)
    move(tender.rfp.round.closes_at + make.GRACE + dt.timedelta(seconds=1))
    found = Offering(buyer, tender, vendors, bids)
    sealing.open_envelopes(tender.rfp, EnvelopeKind.TECHNICAL)
    with tenancy.acting_as(person=buyer.opener.pk, organisation=buyer.organisation.pk):
        Procurement.objects.filter(pk=buyer.procurement.pk).update(phase=Phase.COMMERCIAL)
    sealing.open_envelopes(tender.rfp, EnvelopeKind.COMMERCIAL)
    return found


def ask(found: Offering, *, left_out: dict[Any, str] | None = None, **values: Any) -> OfferRound:
    lead = found.buyer.lead
    with tenancy.acting_as(person=lead.pk, organisation=found.buyer.organisation.pk):
        given: dict[str, Any] = {
            "closes_at": clock.now() + 3 * DAY,
            "reason": "The volumes of the first year were put more precisely.",
            "left_out": {(bid, ""): why for bid, why in (left_out or {}).items()},
            "excluded": {},
            **values,
        }
        return offering.request(rfp=found.rfp(), actor=lead, **given)


def confirm(found: Offering) -> OfferRound:
    opener = found.buyer.opener
    with tenancy.acting_as(person=opener.pk, organisation=found.buyer.organisation.pk):
        return offering.confirm(offer_round=found.held(), actor=opener)


def asked(move: Callable[[dt.datetime], None]) -> Offering:
    """Final offers are asked of the first two; the third is left out."""
    found = priced(move)
    ask(found, left_out={found.bids[2].pk: "Far above the other prices."})
    confirm(found)
    return found


def offer(found: Offering, place: int, rate: str, at: dt.datetime | None = None) -> Any:
    """A vendor saves a price and submits it."""
    vendor, bid = found.vendors[place], found.bids[place]
    with tenancy.acting_as(person=vendor.owner.pk, organisation=vendor.organisation.pk):
        held = price_of(bid, offer=Offer.FINAL)
        version = held.version if held else 0
        final_offers.save(bid=bid, raw=sheet(rate), version=version, actor=vendor.owner)
        return final_offers.submit(
            bid=bid,
            actor=vendor.owner,
            arrived_at=at or clock.now(),
            from_edge=settings.BEHIND_EDGE,
        )


def after_closing(found: Offering) -> dt.datetime:
    with tenancy.acting_as(organisation=found.buyer.organisation.pk):
        return found.held().closes_at + make.GRACE + dt.timedelta(seconds=1)


def open_all(found: Offering) -> int:
    with tenancy.acting_as(organisation=found.buyer.organisation.pk):
        held = found.held()
    return sealing.open_envelopes(found.tender.rfp, KeyKind.FINAL, held)
