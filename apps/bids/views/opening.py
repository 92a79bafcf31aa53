"""The buyer's opening of bids, and an opened bid to read."""

from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from apps.bids import selectors
from apps.bids.models import Bid
from apps.bids.selectors.opened import BidFile
from apps.bids.services import exporting
from apps.core.access import page
from apps.core.downloads import download
from apps.rfp.models import Rfp
from apps.rfp.selectors import desk_for, rfp_for
from apps.rfp.types import Desk
from apps.workspace.types import Visit

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@page("bids.view_opened", find=desk_for)
def opening(request: Visit, desk: Desk) -> HttpResponse:
    shown = selectors.opening_page(request.user, desk)
    context = {"page": shown, "case": desk.procurement}
    with timezone.override(ZoneInfo(shown.zone)):
        return render(request, "bids/opening.html", context)


@page("bids.read_answers", find=rfp_for)
def answers_workbook(request: Visit, rfp: Rfp) -> HttpResponse:
    name, content = exporting.answers_workbook(rfp=rfp, actor=request.user)
    return download(name, content, kind=XLSX)


@page("bids.read_answers", find=selectors.opened_bid_for)
def opened_bid(request: Visit, bid: Bid) -> HttpResponse:
    context = {
        "case": bid.round.rfp.procurement,
        "page": selectors.opened_bid_page(request.user, bid),
        "reserved": selectors.reservations_in(request.user, bid),
    }
    return render(request, "bids/opened_bid.html", context)


@page("bids.read_answers", find=selectors.opened_file_for)
def opened_file(request: Visit, held: BidFile) -> HttpResponse:
    fact, content = selectors.opened_file(request.user, held.bid, held.sha256)
    return download(fact.name, content)
