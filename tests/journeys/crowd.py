"""Many vendors with complete bids on the running product, made by its services and not by pages.

This process works on the product's own database, keys and files; what is measured afterwards goes
over HTTP through the edge.
"""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection

from apps.bids.services import answering
from apps.core import audit
from tests.conftest import acting_for, make_buyer, make_vendor, sign_in
from tests.factories import bids as make
from tests.factories.bids import Tender
from tests.journeys.api import Caller
from tests.journeys.product import Product
from tests.journeys.small import Bidder
from tests.scenes import point_at

CSRF = "c" * 32
LARGE = make.PDF + bytes(5 * 2**20)


@contextmanager
def one_of(product: Product, settings: Any, blocker: Any) -> Iterator[None]:
    """Let this process be one of the product's programs for a while."""
    before = connection.settings_dict["NAME"]
    settings.KEY_STORE = product.folder / "keys"
    settings.FILES_DIR = product.folder / "files"
    settings.SIGNING_DIR = product.folder / "signing"
    settings.WITNESS_DIR = product.folder / "witness"
    settings.SECRET_KEY = product.stack.environment["SECRET_KEY"]
    with blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        # Playwright keeps an event loop in this thread once a browser runs; nothing here shares a
        # connection with it.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "yes")
        point_at(product.database)
        yield
        point_at(before)


@pytest.fixture
def inside(product: Product, settings: Any, django_db_blocker: Any) -> Iterator[Product]:
    with one_of(product, settings, django_db_blocker):
        yield product


@dataclass(frozen=True)
class Crowd:
    """A tender, its buyer, and vendors whose bids lack nothing but the click."""

    buyer: Any
    tender: Tender
    bidders: list[Bidder]


def caller_of(product: Product, person: Any) -> Caller:
    """A person's session, as after signing in."""
    session = sign_in(person).cookies["session"].value
    return Caller(product, {"session": session, "csrf": CSRF})


def gather(product: Product, count: int, *, closes_at: dt.datetime, large: int = 0) -> Crowd:
    """Make a tender and as many complete bids; the first `large` of them with a file of 5 MiB."""
    buyer = make_buyer()
    tender = make.tender(buyer, closes_at=closes_at)
    with acting_for(buyer.lead) as lead:  # the product's log has to name what was published
        published = {"digest": tender.rfp.digest}
        audit.record(action="rfp.publish", actor=lead, subject=tender.rfp, payload=published)
    bidders = []
    for number in range(count):
        vendor = make_vendor(f"Crowd {number}", buyer.organisation)
        bid = make.bid_in(tender.rfp, vendor)
        make.fill(bid, tender, vendor)
        if number < large:
            with acting_for(vendor.owner) as owner:
                question = tender.questions["2.01"]
                answering.attach(
                    bid=bid, question=question, name="plan.pdf", content=LARGE, actor=owner
                )
        bidders.append(Bidder(caller_of(product, vendor.owner), str(bid.pk)))
    return Crowd(buyer, tender, bidders)
