"""The price sheet of a bid: as a form, and saved while people type."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from apps.bids import selectors
from apps.bids.forms.answers import whole
from apps.bids.forms.figures import to_sheet, to_typed
from apps.bids.forms.sheet import SheetForm, typed_from
from apps.bids.models import Bid, PriceSheet
from apps.bids.selectors.price_page import PricePage
from apps.bids.services import sheets
from apps.bids.views.frame import portal
from apps.bids.views.saving import doubts_of, save_typed, standing, total_of
from apps.core.access import page
from apps.core.errors import Conflict, DomainError, Incomplete
from apps.engine.pricing.models import PRICING_MODELS
from apps.rfp.models import Lot
from apps.rfp.selectors import scored_price
from apps.workspace.types import Visit


@page("bids.price", find=selectors.priced_bid_for)
def price(request: Visit, bid: Bid) -> HttpResponse:
    """Show the price sheet; the form builds itself from the chosen model's fields."""
    shown = selectors.price_page(bid, selectors.lot_of_bid(bid, request.GET.get("lot", "")))
    if request.method == "POST" and "show" not in request.POST:
        typed = typed_from(shown.basis, request.POST)
        try:
            sheets.save_price(
                bid=bid,
                raw=to_sheet(shown.basis, typed),
                version=whole(request.POST.get("version", "")),
                actor=request.user,
                lot=shown.lot,
            )
        except (Incomplete, Conflict) as error:
            form = SheetForm(shown.basis, typed, _places(error))
            return _price(request, bid, form, shown.lot, error)
        of_lot = {"lot": shown.lot.code} if shown.lot else {}
        query = urlencode({"saved": "1", **of_lot})
        return redirect(f"{reverse('bids:price', args=[bid.pk])}?{query}")
    return _price(request, bid, SheetForm(shown.basis, _typed(request, shown)), shown.lot)


@require_POST
@page("bids.price", find=selectors.priced_bid_for)
def save_price(request: Visit, bid: Bid) -> JsonResponse:
    """Save the sheet for the script; where the tender has lots, `?lot=` names whose."""
    lot = selectors.lot_of_bid(bid, request.GET.get("lot", ""))

    def save(raw: dict[str, Any], version: int) -> PriceSheet:
        return sheets.save_price(bid=bid, raw=raw, version=version, actor=request.user, lot=lot)

    basis = selectors.basis_of(bid.round.rfp, lot)
    return save_typed(request, basis, save, lambda: selectors.price_page(bid, lot).priced)


def _typed(request: Visit, shown: PricePage) -> dict[str, Any]:
    if request.method == "POST":
        return typed_from(shown.basis, request.POST)
    chosen = request.GET.get("model", "")
    if shown.price is not None and chosen in {"", shown.price.sheet["model"]}:
        return to_typed(shown.basis, shown.price.sheet)
    only = shown.basis.models[0] if len(shown.basis.models) == 1 else ""
    return {"model": chosen if chosen in shown.basis.models else only}


def _places(error: DomainError) -> dict[str, str]:
    return error.fields or {"model": error.sentence}


def _price(
    request: Visit,
    bid: Bid,
    form: SheetForm,
    lot: Lot | None,
    error: DomainError | None = None,
) -> HttpResponse:
    shown = selectors.price_page(bid, lot)
    of_lot = {"lot": lot.code} if lot else {}
    context = {
        "form": form,
        "page": shown,
        "total": total_of(shown.priced, shown.basis),
        "doubts": doubts_of(shown.priced, shown.basis),
        "saving": urlencode({"model": form.model, **of_lot}),
        "standing": standing(error, form.basis, dict(form.typed)),
        "models": [PRICING_MODELS[slug] for slug in form.basis.models],
        "errors": form.summary(),
        "scored_price": scored_price(bid.round.rfp),
        "behind": selectors.price_is_behind(bid),
    }
    return portal(request, bid, "bids/price.html", context, status=error.status if error else 200)
