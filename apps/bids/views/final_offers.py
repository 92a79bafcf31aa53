"""A vendor's final offer: the price sheet anew, and nothing else."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from apps.bids import adapters, selectors
from apps.bids.forms.answers import whole
from apps.bids.forms.figures import to_sheet, to_typed
from apps.bids.forms.sheet import SheetForm, typed_from
from apps.bids.models import Bid
from apps.bids.selectors.own_offers import FinalOfferPage
from apps.bids.services import final_offers
from apps.bids.states import Offer, SignOffPart
from apps.bids.types.keeping import Keeps
from apps.bids.views import keys
from apps.bids.views.frame import portal
from apps.bids.views.saving import standing
from apps.core.access import page
from apps.core.errors import Conflict, DomainError, Incomplete
from apps.engine.pricing.models import PRICING_MODELS
from apps.workspace.types import Visit


@page("bids.price", find=selectors.asked_bid_for)
def final_offer(request: Visit, bid: Bid) -> HttpResponse:
    """Show the price sheet, filled in with the first offer; a POST saves it."""
    try:
        shown = selectors.final_offer_page(request.user, bid)
    except adapters.Locked:
        return keys.sealed(request, bid, offer=Offer.FINAL, to="final_offer")
    if request.method == "POST" and "show" not in request.POST:
        typed = typed_from(shown.basis, request.POST)
        try:
            final_offers.save(
                bid=bid,
                raw=to_sheet(shown.basis, typed),
                version=whole(request.POST.get("version", "")),
                actor=request.user,
            )
        except (Incomplete, Conflict) as error:
            places = error.fields or {"model": error.sentence}
            return _show(request, bid, shown, SheetForm(shown.basis, typed, places), error)
        return redirect(f"{reverse('bids:final_offer', args=[bid.pk])}?saved=1")
    response = _show(request, bid, shown, SheetForm(shown.basis, _typed(request, shown)))
    return keys.get_ready(request, bid, response) if shown.unsent else response


def _typed(request: Visit, shown: FinalOfferPage) -> dict[str, Any]:
    """Return what stands in the form: what was typed, else the saved sheet, else the first offer."""
    if request.method == "POST":
        return typed_from(shown.basis, request.POST)
    held = _held(shown)
    chosen = request.GET.get("model", "")
    if held and chosen in {"", held["model"]}:
        return held
    return {"model": chosen if chosen in shown.basis.models else ""}


def _show(
    request: Visit,
    bid: Bid,
    shown: FinalOfferPage,
    form: SheetForm,
    error: DomainError | None = None,
) -> HttpResponse:
    first = (
        SheetForm(shown.basis, to_typed(shown.basis, shown.first.sheet)) if shown.first else None
    )
    context = {
        "form": form,
        "page": shown,
        "sign_offs": [one for one in selectors.sign_offs_of(bid) if one.part == SignOffPart.PRICE],
        "first": first,
        "models": [PRICING_MODELS[slug] for slug in shown.basis.models],
        "standing": standing(error, shown.basis, dict(form.typed)),
        "errors": form.summary() or ([("", error.sentence)] if error else []),
    }
    status = error.status if error else 200
    return portal(request, bid, "bids/final_offer.html", context, status=status)


@require_POST
@page("bids.submit", find=selectors.asked_bid_for)
def submit(request: Visit, bid: Bid) -> HttpResponse:
    """Submit the saved sheet. The arrival is the edge's stamp, as for a bid."""
    try:
        made = final_offers.submit(
            bid=bid,
            actor=request.user,
            arrived_at=request.arrival,
            from_edge=settings.BEHIND_EDGE,
            keeps=Keeps(keys.secret_in(request)),
            seen=whole(request.POST["version"]) if "version" in request.POST else None,
        )
    except (Incomplete, Conflict) as error:
        shown = selectors.final_offer_page(request.user, bid)
        return _show(request, bid, shown, SheetForm(shown.basis, _held(shown)), error)
    response = redirect("bids:receipt_of", bid_id=bid.pk, submission_id=made.pk)
    return keys.remember(response, bid, made.secret) if made.secret else response


def _held(shown: FinalOfferPage) -> dict[str, Any]:
    """Return the saved sheet as it is typed, else the first offer."""
    held = shown.price or shown.first
    return to_typed(shown.basis, held.sheet) if held else {}
