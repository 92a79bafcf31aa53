"""The price sheet of a bid: as a form, and saved while people type."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.bids import selectors
from apps.bids.forms.answers import whole
from apps.bids.forms.differences import Difference, as_text, differences
from apps.bids.forms.figures import to_sheet, to_typed
from apps.bids.forms.sheet import SheetForm, typed_from
from apps.bids.models import Bid
from apps.bids.selectors.price_page import PricePage
from apps.bids.services import sheets
from apps.bids.types.sheet import Basis
from apps.bids.views.frame import if_match, portal
from apps.core.access import page
from apps.core.errors import Conflict, DomainError, Incomplete
from apps.core.templatetags.formats import clock, in_currency, number
from apps.engine.pricing.models import PRICING_MODELS
from apps.rfp.models import Lot
from apps.rfp.selectors import scored_price
from apps.workspace.types import Visit


@dataclass(frozen=True)
class Standing:
    """What a colleague saved meanwhile, beside what was typed."""

    name: str
    differences: list[Difference]


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
    """Save the sheet for the script: If-Match names the version it was written on.

    A sheet that cannot be priced yet is not stored; it waits on the device, and the answer says
    so. Somebody else's newer sheet comes back with both figures wherever the two differ.
    """
    lot = selectors.lot_of_bid(bid, request.GET.get("lot", ""))
    basis = selectors.basis_of(bid.round.rfp, lot)
    typed = typed_from(basis, request.POST)
    try:
        raw = to_sheet(basis, typed)
        saved = sheets.save_price(
            bid=bid, raw=raw, version=if_match(request), actor=request.user, lot=lot
        )
    except Incomplete as error:
        sentence = _("Not complete, so not saved yet; it is kept on this device. {why}")
        raise Incomplete(sentence.format(why=error.sentence), fields=error.fields) from None
    except Conflict as error:
        found = _standing(error, basis, typed)
        shown = {"shown": as_text(found.differences, found.name)} if found else {}
        raise Conflict(error.sentence, current={**error.current, **shown}) from None
    body = {"version": saved.version, "saved": clock(saved.saved_at)}
    return JsonResponse({**body, "total": _total(selectors.price_page(bid, lot))})


def _total(shown: PricePage) -> str:
    """Say what a saved sheet comes to on the workload of the tender; empty where it has no price."""
    if shown.priced is None:
        return ""
    return _(
        "On the workload of the tender this sheet comes to {total} over the term, {each} a contact,"
        " with {fte} agents paid on average. Before indexation, discounting and the buyer's own"
        " costs."
    ).format(
        total=in_currency(shown.priced.total, shown.basis.currency),
        each=in_currency(shown.priced.per_contact, shown.basis.currency),
        fte=number(shown.priced.fte, 1),
    )


def _standing(error: DomainError | None, basis: Basis, typed: dict[str, Any]) -> Standing | None:
    """Return where a colleague's sheet differs from what was typed; None where nobody was faster."""
    if not isinstance(error, Conflict):
        return None
    sheet = error.current.get("sheet")
    if not isinstance(sheet, dict) or not sheet:
        return None
    return Standing(str(error.current["saved_by"]), differences(typed, to_typed(basis, sheet)))


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
        "total": _total(shown),
        "saving": urlencode({"model": form.model, **of_lot}),
        "standing": _standing(error, form.basis, dict(form.typed)),
        "models": [PRICING_MODELS[slug] for slug in form.basis.models],
        "errors": form.summary(),
        "scored_price": scored_price(bid.round.rfp),
        "behind": selectors.price_is_behind(bid),
    }
    return portal(request, bid, "bids/price.html", context, status=error.status if error else 200)
