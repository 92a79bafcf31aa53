"""A vendor's final offer: the price sheet anew, and nothing else."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from apps.bids import adapters, selectors
from apps.bids.forms.answers import whole
from apps.bids.forms.figures import to_sheet, to_typed
from apps.bids.forms.sheet import SheetForm, typed_from
from apps.bids.models import Bid
from apps.bids.selectors.own_offers import FinalOfferPage, OfferSheet
from apps.bids.services import final_offers
from apps.bids.states import Offer, SignOffPart
from apps.bids.types.draft import WHOLE
from apps.bids.types.keeping import Keeps
from apps.bids.views import keys
from apps.bids.views.frame import portal
from apps.bids.views.saving import standing
from apps.core.access import can, page
from apps.core.errors import Conflict, DomainError, Incomplete
from apps.engine.pricing.models import PRICING_MODELS
from apps.workspace.types import Visit


@page("bids.price", find=selectors.asked_bid_for)
def final_offer(request: Visit, bid: Bid) -> HttpResponse:
    """Show the price sheet, filled in with the first offer; a POST saves it. Of lots one at a time."""
    try:
        shown = selectors.final_offer_page(request.user, bid, request.GET.get("lot", ""))
    except adapters.Locked:
        return keys.sealed(request, bid, offer=Offer.FINAL, to="final_offer")
    here = shown.here
    if request.method == "POST" and "show" not in request.POST:
        typed = typed_from(here.basis, request.POST)
        try:
            final_offers.save(
                bid=bid,
                raw=to_sheet(here.basis, typed),
                version=whole(request.POST.get("version", "")),
                actor=request.user,
                lot=here.lot,
            )
        except (Incomplete, Conflict) as error:
            places = error.fields or {"model": error.sentence}
            return _show(request, bid, shown, SheetForm(here.basis, typed, places), error)
        of_lot = {"lot": here.lot.code} if here.lot else {}
        query = urlencode({"saved": "1", **of_lot})
        return redirect(f"{reverse('bids:final_offer', args=[bid.pk])}?{query}")
    response = _show(request, bid, shown, SheetForm(here.basis, _typed(request, here)))
    return keys.get_ready(request, bid, response) if shown.unsent else response


def _typed(request: Visit, here: OfferSheet) -> dict[str, Any]:
    """Return what stands in the form: what was typed, else the saved sheet, else the first offer."""
    if request.method == "POST":
        return typed_from(here.basis, request.POST)
    held = _held(here)
    chosen = request.GET.get("model", "")
    if held and chosen in {"", held["model"]}:
        return held
    return {"model": chosen if chosen in here.basis.models else ""}


def _show(
    request: Visit,
    bid: Bid,
    shown: FinalOfferPage,
    form: SheetForm,
    error: DomainError | None = None,
) -> HttpResponse:
    here = shown.here
    first = SheetForm(here.basis, to_typed(here.basis, here.first.sheet)) if here.first else None
    context = {
        "form": form,
        "page": shown,
        "here": here,
        "sign_offs": [one for one in selectors.sign_offs_of(bid) if one.part == SignOffPart.PRICE],
        "first": first,
        "models": [PRICING_MODELS[slug] for slug in here.basis.models],
        "standing": standing(error, here.basis, dict(form.typed)),
        "errors": form.summary() or ([("", error.sentence)] if error else []),
        "may_withdraw": bool(shown.last) and shown.open and can(request.user, "bids.withdraw", bid),
    }
    status = error.status if error else 200
    return portal(request, bid, "bids/final_offer.html", context, status=status)


@require_POST
@page("bids.submit", find=selectors.asked_bid_for)
def submit(request: Visit, bid: Bid) -> HttpResponse:
    """Submit the saved sheets. The arrival is the edge's stamp, as for a bid.

    Where the tender has lots, the form names those that the final offer covers.
    """
    try:
        made = final_offers.submit(
            bid=bid,
            actor=request.user,
            arrived_at=request.arrival,
            from_edge=settings.BEHIND_EDGE,
            covers=_covers(request.POST),
            keeps=Keeps(keys.secret_in(request)),
        )
    except (Incomplete, Conflict) as error:
        shown = selectors.final_offer_page(request.user, bid)
        return _show(request, bid, shown, SheetForm(shown.here.basis, _held(shown.here)), error)
    response = redirect("bids:receipt_of", bid_id=bid.pk, submission_id=made.pk)
    return keys.remember(response, bid, made.secret) if made.secret else response


def _covers(posted: QueryDict) -> dict[str, int | None] | None:
    """Return the lots that are to be covered, each with the version of the sheet that was read."""
    if "by_lot" in posted:
        return {code: _version(posted, f"version-{code}") for code in posted.getlist("lots")}
    return {WHOLE: _version(posted, "version")} if "version" in posted else None


def _version(posted: QueryDict, name: str) -> int | None:
    given = posted.get(name)
    return whole(given) if isinstance(given, str) else None


def _held(here: OfferSheet) -> dict[str, Any]:
    """Return the saved sheet as it is typed, else the first offer."""
    held = here.price or here.first
    return to_typed(here.basis, held.sheet) if held else {}


@require_POST
@page("bids.withdraw", find=selectors.asked_bid_for)
def withdraw(request: Visit, bid: Bid) -> HttpResponse:
    """Take the final offer back: the first offer stands again."""
    final_offers.withdraw(bid=bid, actor=request.user)
    return redirect("bids:final_offer", bid_id=bid.pk)
