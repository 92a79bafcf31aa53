"""Pricing models: compare, try, save assumptions, adopt, take the record along."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from apps.core.access import page
from apps.core.downloads import download
from apps.core.errors import Conflict, Incomplete
from apps.pricing import selectors, services
from apps.pricing.forms.assumptions import AdoptForm, AssumptionsForm
from apps.pricing.forms.business import ChangeForm
from apps.pricing.models import Comparison
from apps.pricing.selectors.business import BusinessPage
from apps.pricing.types import PricePage
from apps.rfp.models import Lot
from apps.rfp.selectors import picked_in, query_of
from apps.workspace.models import Procurement
from apps.workspace.selectors import procurement_for
from apps.workspace.types import Visit

CURRENT, FIRST = "current", "first"


@page("pricing.view", find=procurement_for)
def comparison(request: Visit, case: Procurement) -> HttpResponse:
    """Show the adopted comparison; with `?current=1` the one under the assumptions that stand.

    `?first=1` looks back at the first offers once final ones have been opened.
    """
    shown = selectors.price_page(
        request.user,
        case,
        current=CURRENT in request.GET,
        first=FIRST in request.GET,
        lot=_lot(request, case),
    )
    return _page(request, case, shown)


def _lot(request: Visit, case: Procurement) -> Lot | None:
    """Return the lot that the address names, else the first; None where there are none."""
    return picked_in(case, request.GET.get("lot", ""))


def _page(
    request: Visit,
    case: Procurement,
    shown: PricePage,
    *,
    form: AssumptionsForm | None = None,
    adopt_form: AdoptForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "case": case,
        "page": shown,
        "form": form or _form(shown),
        "adopt_form": adopt_form or AdoptForm(),
    }
    return render(request, "pricing/comparison.html", context, status=status)


def _form(shown: PricePage, data: Any = None) -> AssumptionsForm:
    return AssumptionsForm(data, assumed=shown.assumed, bidders=shown.bidders)


@require_POST
@page("pricing.set_assumptions", find=procurement_for)
def assume(request: Visit, case: Procurement) -> HttpResponse:
    """Save assumptions as the ones that stand."""
    lot = _lot(request, case)
    shown = selectors.price_page(request.user, case, lot=lot)
    form = _form(shown, request.POST)
    try:
        services.set_assumptions(
            procurement=case,
            terms=form.assumptions(),
            based_on=form.cleaned_data["based_on"],
            actor=request.user,
            lot=lot,
        )
    except (Incomplete, Conflict) as error:
        form.carry(error)
        return _page(request, case, shown, form=form, status=error.status)
    url = reverse("pricing:comparison", args=[case.pk])
    query = urlencode({CURRENT: "1", **({"lot": lot.code} if lot else {})})
    return redirect(f"{url}?{query}#h-terms")


@require_POST
@page("pricing.set_assumptions", find=procurement_for)
def try_out(request: Visit, case: Procurement) -> HttpResponse:
    """Show the comparison under other assumptions; nothing is saved."""
    lot = _lot(request, case)
    shown = selectors.price_page(request.user, case, lot=lot)
    form = _form(shown, request.POST)
    try:
        tried = selectors.price_page(request.user, case, tried=form.assumptions(), lot=lot)
    except Incomplete as error:
        form.carry(error)
        return _page(request, case, shown, form=form, status=error.status)
    return _page(request, case, tried, form=form)


@require_POST
@page("pricing.adopt", find=procurement_for)
def adopt(request: Visit, case: Procurement) -> HttpResponse:
    form, lot = AdoptForm(request.POST), _lot(request, case)
    try:
        services.adopt(procurement=case, actor=request.user, lot=lot, **form.checked())
    except Incomplete as error:
        form.carry(error)
        shown = selectors.price_page(request.user, case, current=True, lot=lot)
        return _page(request, case, shown, adopt_form=form, status=error.status)
    return redirect(reverse("pricing:comparison", args=[case.pk]) + query_of(lot))


@page("pricing.view", find=procurement_for)
def business(request: Visit, case: Procurement) -> HttpResponse:
    """Show every opened bid against today's cost, with what changing costs beside the price."""
    return _business(
        request, case, selectors.business_page(request.user, case, _lot(request, case))
    )


def _business(
    request: Visit,
    case: Procurement,
    shown: BusinessPage,
    *,
    form: ChangeForm | None = None,
    status: int = 200,
) -> HttpResponse:
    form = form or ChangeForm(changed=shown.changed, currency=case.currency)
    context = {"case": case, "page": shown, "form": form}
    return render(request, "pricing/business.html", context, status=status)


@require_POST
@page("pricing.set_assumptions", find=procurement_for)
def change(request: Visit, case: Procurement) -> HttpResponse:
    """Save what changing costs as a new version."""
    lot = _lot(request, case)
    shown = selectors.business_page(request.user, case, lot)
    form = ChangeForm(request.POST, changed=shown.changed, currency=case.currency)
    try:
        services.set_change(procurement=case, actor=request.user, lot=lot, **form.change())
    except (Incomplete, Conflict) as error:
        form.carry(error)
        return _business(request, case, shown, form=form, status=error.status)
    return redirect(reverse("pricing:business", args=[case.pk]) + query_of(lot))


@page("pricing.view", find=selectors.adopted_for)
def record(request: Visit, adopted: Comparison) -> HttpResponse:
    """Hand out the adopted record, byte for byte: its SHA-256 is the digest on the page."""
    if code := request.GET.get("lot"):
        case = adopted.procurement_id
        adopted = selectors.adopted_for(request.user, procurement_id=case, code=code)
    of_lot = f"lot-{adopted.lot.code}-" if adopted.lot else ""
    name = f"price-comparison-{of_lot}{adopted.number}.record.json"
    return download(name, adopted.record.encode(), kind="application/json")
