"""A tender with two lots and three vendors, ranked; and one in which bids are being written."""

from typing import Any

import pytest

from tests.conftest import make_buyer
from tests.factories import lot_offers
from tests.factories import lots as make
from tests.factories.matrix import Clock, Stage
from tests.scenes import scene


@scene
def two_lots(set_clock: Clock) -> Any:
    """Velora bid for both lots, Castellan for A, Tamarind for B; both lots are ranked with prices."""
    return make.ranked(make_buyer(), set_clock)


@scene
def may_offer(set_clock: Clock) -> Any:
    """The same with final offers published: Velora and Castellan bid for both, Tamarind for B."""
    return lot_offers.ranked(make_buyer(), set_clock)


@pytest.fixture
def tender(buyer) -> Stage:
    """Published, no bid yet."""
    return make.published(buyer)
