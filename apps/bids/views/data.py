"""The data pack in the vendor's portal."""

from django.http import HttpResponse

from apps.bids import selectors
from apps.bids.models import Bid
from apps.bids.selectors.data import BidData
from apps.bids.views.frame import portal
from apps.core.access import page
from apps.core.downloads import download
from apps.rfp.selectors import pack_content
from apps.workspace.types import Visit


@page("bids.view", find=selectors.bid_for)
def data(request: Visit, bid: Bid) -> HttpResponse:
    return portal(request, bid, "bids/data.html", {"page": selectors.data_page(bid)})


@page("bids.view", find=selectors.data_file_for)
def file(_request: Visit, subject: BidData) -> HttpResponse:
    return download(subject.file.name, pack_content(subject.file))
