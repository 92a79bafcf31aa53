"""Tenders whose prices are on the table."""

from tests.conftest import make_buyer
from tests.factories import pricing
from tests.scenes import scene


@scene
def opened(move):
    """Two of the demo's bids, without any assumption."""
    return pricing.opened(make_buyer(), move)


@scene
def two(move):
    """The same under the demo's assumptions, for what does not depend on the figures."""
    found = pricing.opened(make_buyer(), move)
    pricing.assume(found)
    return found


@scene
def demo(move):
    """The demo's four bids under the demo's assumptions."""
    found = pricing.opened(make_buyer(), move, "velora", "castellan", "tamarind", "northmoor")
    pricing.assume(found)
    return found
