"""What the RFP asks the vendor to agree to."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from apps.bids import selectors
from apps.bids.models import Bid
from apps.bids.selectors.agreements import BidUndertaking
from apps.bids.services import agreeing
from apps.bids.views.frame import portal
from apps.core.access import can, page
from apps.workspace.types import Visit


@page("bids.view", find=selectors.bid_for)
def undertakings(request: Visit, bid: Bid) -> HttpResponse:
    context = {
        "asked": selectors.asked_of(bid),
        "may_agree": can(request.user, "bids.agree", bid),
    }
    return portal(request, bid, "bids/undertakings.html", context)


@require_POST
@page("bids.agree", find=selectors.undertaking_for)
def agree(request: Visit, subject: BidUndertaking) -> HttpResponse:
    agreeing.agree(
        bid=subject.bid,
        undertaking=subject.undertaking,
        text_digest=request.POST.get("digest", ""),
        actor=request.user,
    )
    return redirect("bids:undertakings", bid_id=subject.bid.pk)
