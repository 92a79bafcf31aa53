"""A tender with two vendors, the receipt key of this run, and an opener who has just signed in."""

import datetime as dt
import time

import pytest

from apps.rfp.states import EnvelopeKind
from tests.conftest import sign_in
from tests.factories import bids as make
from tests.factories import offers, sealing
from tests.factories.keys import installation_key
from tests.scenes import scene


@pytest.fixture(autouse=True, scope="session")
def receipt_key():
    """The installation's key, made once for the run."""
    installation_key()


@pytest.fixture
def tender(buyer):
    return make.tender(buyer)


@pytest.fixture
def bid_a(tender, vendor_a):
    return make.bid_in(tender.rfp, vendor_a)


@pytest.fixture
def bid_b(tender, vendor_b):
    return make.bid_in(tender.rfp, vendor_b)


@pytest.fixture
def after_grace(tender, set_clock):
    """Move the clocks just behind closing and grace."""

    def move():
        set_clock(tender.rfp.round.closes_at + make.GRACE + dt.timedelta(seconds=1))

    return move


@pytest.fixture
def both(bid_a, bid_b, vendor_a, vendor_b):
    """Each bid with its vendor and a word that marks what it says."""
    return ((bid_a, vendor_a, "amber"), (bid_b, vendor_b, "basalt"))


@pytest.fixture
def opened(buyer, tender, both, after_grace):
    """Both vendors submitted; the quality envelopes are open."""
    for bid, vendor, mark in both:
        make.fill(bid, tender, vendor, mark=mark)
        make.submit(bid, vendor)
    after_grace()
    open_as(buyer, tender, EnvelopeKind.TECHNICAL)
    return tender


def open_as(buyer, tender, kind) -> int:
    """Two openers turn their keys."""
    return sealing.open_envelopes(tender.rfp, kind)


def fresh(user):
    """A client whose second factor was confirmed a moment ago."""
    client = sign_in(user)
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "mfa", "type": "totp", "at": time.time(), "reauthenticated": True}
    ]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return client


@scene
def offers_priced(move):
    """Three bids whose prices are open, in a tender that allows final offers."""
    return offers.priced(move)


@scene
def offers_asked(move):
    """The same; final offers are asked of the first two."""
    return offers.asked(move)
