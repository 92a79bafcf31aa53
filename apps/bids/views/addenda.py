"""Addenda in the vendor's portal, and the buyer's list of who has acknowledged them."""

from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from apps.bids import selectors
from apps.bids.models import Bid
from apps.bids.selectors.addenda import BidAddendum
from apps.bids.services import acknowledging
from apps.bids.views.frame import portal
from apps.core.access import page
from apps.rfp.selectors import desk_for
from apps.rfp.types import Desk
from apps.workspace.types import Visit


@page("bids.view", find=selectors.bid_for)
def notices(request: Visit, bid: Bid) -> HttpResponse:
    context = {"page": selectors.notices_page(request.user, bid)}
    return portal(request, bid, "bids/notices.html", context)


@require_POST
@page("bids.acknowledge", find=selectors.addendum_of_bid)
def acknowledge(request: Visit, subject: BidAddendum) -> HttpResponse:
    acknowledging.acknowledge(bid=subject.bid, addendum=subject.addendum, actor=request.user)
    return redirect("bids:notices", bid_id=subject.bid.pk)


@require_POST
@page("bids.confirm", find=selectors.addendum_of_bid)
def confirm(request: Visit, subject: BidAddendum) -> HttpResponse:
    acknowledging.confirm(bid=subject.bid, addendum=subject.addendum, actor=request.user)
    return redirect("bids:notices", bid_id=subject.bid.pk)


@page("bids.view_acknowledgements", find=desk_for)
def readers(request: Visit, desk: Desk) -> HttpResponse:
    shown = selectors.readers_page(request.user, desk)
    context = {"page": shown, "case": desk.procurement}
    with timezone.override(ZoneInfo(shown.zone)):
        return render(request, "bids/readers.html", context)
