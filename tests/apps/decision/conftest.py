"""Where decisions begin: everything the shipped tree asks is shown."""

from tests.conftest import make_buyer
from tests.factories import decision
from tests.scenes import scene


@scene
def ready(move):
    """The demo's bids, scores, prices, answers and statements."""
    return decision.ready(make_buyer(), move)


@scene
def sole(move):
    """The same with one bid alone."""
    return decision.ready(make_buyer(), move, "velora")
