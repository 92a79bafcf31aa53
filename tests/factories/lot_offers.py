"""Final offers in a tender with two lots: two vendors bid for both, the third for lot B alone."""

import datetime as dt
from typing import Any

from django.conf import settings

from apps.bids import selectors
from apps.bids.models import OfferRound, Submission
from apps.bids.services import final_offers, offering
from apps.bids.states import Offer
from apps.core import clock
from apps.matrix.services import offering as asking
from apps.rfp.models import Rfp
from apps.rfp.states import EnvelopeKind, FinalOffers, KeyKind
from tests.conftest import People, acting_for
from tests.factories import lots as make
from tests.factories import matrix as make_matrix
from tests.factories import sealing
from tests.factories.matrix import Clock, Stage

VENDORS = {"Velora Connect": "AB", "Castellan CX": "AB", "Tamarind Global": "B"}
VALUES = {"1.01": (3, 5, 2), "2.02": (3, 5, 2), "4.01": (2, 5, 0), "5.01": (5, 3, 1)}
DAY = dt.timedelta(days=1)


def ranked(buyer: People, set_clock: Clock, answers: Any = None) -> Stage:
    """Prices are adopted and the rankings of both lots frozen; final offers may be asked for."""
    stage = make.opened(buyer, set_clock, answers, VENDORS, final_offers=FinalOffers.ONCE)
    make_matrix.to_lock(stage, VALUES)
    sealing.open_envelopes(stage.rfp, EnvelopeKind.COMMERCIAL)
    for code in make.NAMES:
        make.rank(stage, code)
    return stage


def rfp_of(stage: Stage) -> Rfp:
    return Rfp.objects.select_related("procurement__organisation", "round").get(pk=stage.rfp.pk)


def held(stage: Stage) -> OfferRound:
    """The request as it stands now; call it as somebody at the buyer's."""
    found = OfferRound.objects.order_by("-created_at", "-pk")[0]
    found.rfp = rfp_of(stage)
    return found


def ask(stage: Stage, **values: Any) -> OfferRound:
    with acting_for(stage.buyer.lead) as lead:
        given: dict[str, Any] = {
            "closes_at": clock.now() + 3 * DAY,
            "reason": "Volumes are firmer than they were.",
            "left_out": {},
            **values,
        }
        return asking.request(rfp=rfp_of(stage), actor=lead, **given)


def confirm(stage: Stage) -> OfferRound:
    with acting_for(stage.buyer.opener) as opener:
        return offering.confirm(offer_round=held(stage), actor=opener)


def asked(stage: Stage, **values: Any) -> Stage:
    ask(stage, **values)
    confirm(stage)
    return stage


def save(stage: Stage, place: int, code: str, rate: str) -> None:
    """A vendor saves the price of one lot."""
    bid = stage.bids[place]
    with acting_for(stage.vendors[place].owner) as owner:
        lot = make.lot(stage.rfp, code)
        before = selectors.price_of(bid, lot, Offer.FINAL)
        final_offers.save(
            bid=bid,
            lot=lot,
            raw=make.sheet(rate),
            version=before.version if before else 0,
            actor=owner,
        )


def submit(
    stage: Stage, place: int, lots: list[str] | None = None, at: dt.datetime | None = None
) -> Submission:
    with acting_for(stage.vendors[place].owner) as owner:
        return final_offers.submit(
            bid=stage.bids[place],
            actor=owner,
            arrived_at=at or clock.now(),
            from_edge=settings.BEHIND_EDGE,
            covers=None if lots is None else dict.fromkeys(lots),
        )


def offer(stage: Stage, place: int, **rates: str) -> Submission:
    """A vendor saves a price for each lot named and submits them together: A="0.70"."""
    for code, rate in rates.items():
        save(stage, place, code, rate)
    return submit(stage, place, list(rates))


def withdraw(stage: Stage, place: int) -> None:
    with acting_for(stage.vendors[place].owner) as owner:
        final_offers.withdraw(bid=stage.bids[place], actor=owner)


def after_closing(stage: Stage) -> dt.datetime:
    with acting_for(stage.buyer.lead):
        found = held(stage)
        return found.closes_at + found.rfp.round.grace + dt.timedelta(seconds=1)


def open_all(stage: Stage) -> int:
    with acting_for(stage.buyer.lead):
        found = held(stage)
    return sealing.open_envelopes(stage.rfp, KeyKind.FINAL, found)


def rates(stage: Stage, code: str, offer: Offer = Offer.FINAL) -> dict[str, str]:
    """The first rate of each vendor's quote in a lot, by the vendor's name."""
    with acting_for(stage.buyer.lead) as lead:
        quotes = selectors.quotes_for(lead, rfp_of(stage), make.lot(stage.rfp, code), offer)
    return {one["vendor"]: one["rates"]["tiers"][0]["rate"] for one in quotes}
