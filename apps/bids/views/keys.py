"""The key that a vendor's browser keeps: how it comes with a request, and the pages without it.

It lies in a cookie of the pages of one bid alone, which no script reads (ADR 0021). Row-level
security decides whom it helps: an owner of the vendor, nobody else.
"""

import uuid
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from apps.bids import adapters, selectors
from apps.bids.forms.plain import CodeForm
from apps.bids.models import Bid
from apps.bids.selectors import kept_keys
from apps.bids.selectors.own_offers import standing_offer
from apps.bids.services import keeping, submitting
from apps.bids.states import BidState, Offer
from apps.bids.views.frame import portal
from apps.core import attempts
from apps.core.access import page
from apps.core.errors import DomainError, WrongState
from apps.proof import recovery
from apps.proof.errors import KeyRefused
from apps.workspace.types import Visit

COOKIE = "__Secure-bid-key" if settings.SESSION_COOKIE_SECURE else "bid-key"
KEPT = 180 * 24 * 3600  # seconds: longer than a tender runs
PLACES = ("portal", "check", "receipt", "change", "final_offer")


class VendorKeys:
    """Put the keys that a browser brings in hand for one request, and lead to the page without."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with adapters.in_hand({}):  # whatever is taken in hand meanwhile is put down again
            return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: Any, _args: Any, arguments: dict[str, Any]
    ) -> None:
        bid_id = arguments.get("bid_id")
        secret = secret_in(request) if request.user.is_authenticated else None
        if secret and isinstance(bid_id, uuid.UUID):
            adapters.take_in_hand(kept_keys.keys_brought(bid_id, secret))

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        match = request.resolver_match
        if not isinstance(error, adapters.Locked) or request.method != "GET" or match is None:
            return None
        transaction.set_rollback(True)
        return redirect("bids:portal", bid_id=match.kwargs["bid_id"])


def secret_in(request: HttpRequest) -> bytes | None:
    """Return what this browser keeps for the bid of the page; None without, or where it is odd."""
    try:
        return recovery.read_code(request.COOKIES.get(COOKIE, ""))
    except KeyRefused:
        return None


def remember(response: HttpResponse, bid: Bid, secret: bytes) -> HttpResponse:
    """Let this browser keep the secret, for the pages of this bid alone."""
    response.set_cookie(
        COOKIE,
        recovery.write_code(secret),
        max_age=KEPT,
        path=reverse("bids:portal", args=[bid.pk]),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def get_ready(request: Visit, bid: Bid, response: HttpResponse) -> HttpResponse:
    """Give the browser its secret before the bid is submitted: a lost answer then loses nothing."""
    frame = selectors.frame_of(request.user, bid)
    if not frame.may_submit or secret_in(request):
        return response
    return remember(response, bid, recovery.new_secret())


def sealed(
    request: Visit,
    bid: Bid,
    *,
    offer: Offer = Offer.FIRST,
    form: CodeForm | None = None,
    to: str = "portal",
    status: int = 200,
) -> HttpResponse:
    """Show what is known of a bid without its key, and how it is read, changed or begun again."""
    lost = bid.state == BidState.DRAFT and offer == Offer.FIRST
    context = {
        "form": form or CodeForm(),
        "last": bid.submissions.order_by("-number").first(),
        "may_unlock": selectors.frame_of(request.user, bid).may_submit,
        "kept_here": kept_keys.opens_here(bid, secret_in(request)),
        "of_offer": offer == Offer.FINAL,
        "standing": standing_offer(bid) if offer == Offer.FINAL else None,
        "lost": lost,
        "to": to,
    }
    return portal(
        request, bid, "bids/sealed.html", context, status=max(status, WrongState.status * lost)
    )


@require_POST
@page("bids.unlock", find=selectors.bid_for)
def unlock(request: Visit, bid: Bid) -> HttpResponse:
    """Take the recovery code, or what this browser keeps; from then on this browser has it."""
    to = request.POST.get("to", "")
    to = to if to in PLACES else "portal"
    code = request.POST.get("code") or request.COOKIES.get(COOKIE, "")
    try:
        secret = keeping.unlock(bid=bid, code=code, actor=request.user)
    except DomainError as error:
        offer = Offer.FINAL if to == "final_offer" else Offer.FIRST
        return refused(request, bid, code, error, offer=offer, to=to)
    return remember(redirect(f"bids:{to}", bid_id=bid.pk), bid, secret)


def refused(
    request: Visit,
    bid: Bid,
    code: str,
    error: DomainError,
    *,
    offer: Offer = Offer.FIRST,
    to: str = "portal",
) -> HttpResponse:
    """Show the page again with what was wrong about a code; the middleware records the attempt."""
    form = CodeForm({"code": code})
    if code:
        form.add_error("code", error.fields.get("code", error.sentence))
    response = sealed(request, bid, offer=offer, form=form, to=to, status=error.status)
    attempts.note(request, error)
    return response


@page("bids.withdraw", find=selectors.bid_for)
def start_again(request: Visit, bid: Bid) -> HttpResponse:
    """Say what is lost before a draft is emptied; a POST that confirms it empties it."""
    if request.method == "POST":
        submitting.start_again(bid=bid, actor=request.user)
        return redirect("bids:portal", bid_id=bid.pk)
    return portal(request, bid, "bids/start_again.html", {"readable": not kept_keys.is_locked(bid)})


@require_POST
@page("bids.submit", find=selectors.asked_bid_for)
def start_offer_again(request: Visit, bid: Bid) -> HttpResponse:
    keeping.start_offer_again(bid=bid, actor=request.user)
    return redirect("bids:final_offer", bid_id=bid.pk)
