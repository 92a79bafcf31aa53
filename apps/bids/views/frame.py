"""What the portal's pages share: the frame around them, in the zone of the round."""

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.bids import selectors
from apps.bids.forms.answers import whole
from apps.bids.models import Bid
from apps.bids.selectors import results
from apps.bids.selectors import shortlist as shortlists
from apps.bids.selectors.name_list import names_of
from apps.bids.selectors.panel_questions import is_asked
from apps.workspace.types import Visit

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

NAV = (
    (
        "bids:portal",
        _("Your response"),
        (
            *("portal", "section", "price", "check", "history", "comments", "paste"),
            "suggestions",
        ),
    ),
    ("bids:about", _("What is asked"), ("about", "undertakings")),
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
RESULT = ("bids:result", _("Result"), ("result",))
PUT_TO_US = ("bids:put_to_us", _("Questions about your bid"), ("put_to_us", "explain"))
FINAL_OFFER = ("bids:final_offer", _("Final offer"), ("final_offer", "receipt_of"))


def portal(
    request: Visit, bid: Bid, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """Show a page of one bid; every time on it is the tender's own."""
    frame = selectors.frame_of(request.user, bid)
    pages: tuple[tuple[str, StrOrPromise, tuple[str, ...]], ...] = NAV
    asked = selectors.own_offer(bid) if frame.opened_at and frame.sees_price else None
    if asked:
        pages = (FINAL_OFFER, *NAV)
    decided = shortlists.own_result(bid) if frame.opened_at and not frame.asks_price else None
    told = bool(frame.opened_at) and frame.asks_price and results.is_told(bid)
    if decided or told:
        pages = (RESULT, *pages)
    if frame.opened_at and is_asked(bid):
        pages = (PUT_TO_US, *pages)
    here = request.resolver_match.url_name if request.resolver_match else ""
    counts = {
        "bids:notices": selectors.unacknowledged(bid),
        "bids:data": int(selectors.price_is_behind(bid)),
        "bids:questions": selectors.unread_answers(request.user, bid),
    }
    around = {
        "bid": bid,
        "frame": frame,
        "asked": asked,
        "decided": decided,
        "told": told,
        "names": names_of(bid),
        "buyer_name": frame.buyer,
        "vendor_name": frame.vendor,
        "portal_nav": [
            {
                "url": reverse(name, args=[bid.pk]),
                "label": label,
                "current": here in inside,
                "count": counts.get(name),
            }
            for name, label, inside in pages
        ],
    }
    with timezone.override(ZoneInfo(frame.zone)):
        return render(request, template, {**around, **context}, status=status)


def if_match(request: HttpRequest) -> int:
    """Return the version that a script's text was written on; 0 where it names none."""
    return whole(request.headers.get("If-Match", "").strip('" ').removeprefix("v"))
