"""What the portal's pages share: the frame around them, in the zone of the round."""

from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.bids import selectors
from apps.bids.models import Bid
from apps.workspace.types import Visit

NAV = (
    (
        "bids:portal",
        _("Your response"),
        ("portal", "section", "price", "check", "history", "suggestions"),
    ),
    ("bids:about", _("What is asked"), ("about",)),
    ("bids:notices", _("Changes"), ("notices",)),
    ("bids:questions", _("Questions"), ("questions", "ask")),
    ("bids:data", _("Data"), ("data",)),
    (
        "bids:library",
        _("Library"),
        ("library", "library_import", "library_entry", "passport", "take_passport"),
    ),
    ("bids:evidence", _("Evidence"), ("evidence", "one_evidence")),
    ("bids:assumptions", _("Assumptions"), ("assumptions", "assumption")),
    ("bids:team", _("Your team"), ("team",)),
)


def portal(
    request: Visit, bid: Bid, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """Show a page of one bid; every time on it is the tender's own."""
    frame = selectors.frame_of(request.user, bid)
    here = request.resolver_match.url_name if request.resolver_match else ""
    counts = {
        "bids:notices": selectors.unacknowledged(bid),
        "bids:data": int(selectors.price_is_behind(bid)),
        "bids:questions": selectors.unread_answers(request.user, bid),
    }
    around = {
        "bid": bid,
        "frame": frame,
        "buyer_name": frame.buyer,
        "vendor_name": frame.vendor,
        "portal_nav": [
            {
                "url": reverse(name, args=[bid.pk]),
                "label": label,
                "current": here in pages,
                "count": counts.get(name),
            }
            for name, label, pages in NAV
        ],
    }
    with timezone.override(ZoneInfo(frame.zone)):
        return render(request, template, {**around, **context}, status=status)
