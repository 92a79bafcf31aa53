"""A tender with two or three bids, at the moments of its evaluation."""

import pytest

from tests.conftest import make_buyer, make_vendor
from tests.factories import matrix as make
from tests.scenes import scene

NAMES = ("Velora Connect", "Castellan CX", "Tamarind Global")


def opened_with(move, count):
    buyer = make_buyer()
    return make.opened(buyer, [make_vendor(n, buyer.organisation) for n in NAMES[:count]], move)


@scene
def opened(move):
    """Two bids are open; scoring has not begun."""
    return opened_with(move, 2)


@scene
def begun(move):
    return make.begun(opened_with(move, 2))


@scene
def agreeing(move):
    """The consensus is open; all but one of six cells are unanimous."""
    return make.to_consensus(opened_with(move, 2))


@scene
def locked(move):
    """Three bids, scored, agreed and locked; the first vendor leads on quality."""
    return make.to_lock(opened_with(move, 3))


@pytest.fixture
def vendors(place, buyer):
    return place.vendors if place else [make_vendor(name, buyer.organisation) for name in NAMES]


@pytest.fixture
def vendor_a(vendors):
    return vendors[0]


@pytest.fixture
def vendor_b(vendors):
    return vendors[1]


@scene
def before_demonstration(move):
    """Three bids, written scores locked; half of section 2 is scored at a demonstration."""
    buyer = make_buyer()
    vendors = [make_vendor(name, buyer.organisation) for name in NAMES]
    extra = (("1", make.SITES), ("2", make.DEMONSTRATION))
    return make.to_lock(make.opened(buyer, vendors, move, extra=extra))
