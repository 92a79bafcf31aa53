"""What a vendor is told of its own answers to a request for information."""

from django.http import HttpResponse

from apps.bids.models import Bid
from apps.bids.selectors import shortlist as shortlists
from apps.bids.views.frame import portal
from apps.core.access import page
from apps.workspace.types import Visit


@page("bids.view", find=shortlists.result_bid_for)
def result(request: Visit, bid: Bid) -> HttpResponse:
    return portal(request, bid, "bids/result.html", {"result": shortlists.result_page(bid)})
