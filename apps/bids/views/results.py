"""What a vendor is told of its own bid, or of its own answers to a request for information."""

from django.http import HttpResponse

from apps.bids.models import Bid
from apps.bids.selectors import results
from apps.bids.selectors import shortlist as shortlists
from apps.bids.views.frame import portal
from apps.core.access import page
from apps.workspace.types import Visit


@page("bids.view", find=results.result_bid_for)
def result(request: Visit, bid: Bid) -> HttpResponse:
    if bid.round.rfp.asks_price:
        return portal(request, bid, "bids/results.html", {"results": results.own_results(bid)})
    return portal(request, bid, "bids/result.html", {"result": shortlists.result_page(bid)})
