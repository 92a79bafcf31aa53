"""A tender with two or three bids, at the moments of its evaluation."""

import pytest

from tests.conftest import make_vendor
from tests.factories import matrix as make


@pytest.fixture
def vendors(buyer, vendor_a, vendor_b):
    return [vendor_a, vendor_b, make_vendor("Tamarind Global", buyer.organisation)]


@pytest.fixture
def opened(buyer, vendor_a, vendor_b, set_clock):
    """Two bids are open; scoring has not begun."""
    return make.opened(buyer, [vendor_a, vendor_b], set_clock)


@pytest.fixture
def begun(opened):
    return make.begun(opened)


@pytest.fixture
def locked(buyer, vendors, set_clock):
    """Three bids, scored, agreed and locked; the first vendor leads on quality."""
    return make.to_lock(make.opened(buyer, vendors, set_clock))
