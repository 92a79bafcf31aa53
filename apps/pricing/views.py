"""Pricing models: compare, try, save assumptions, adopt, take the record along."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from apps.core.access import page
from apps.core.downloads import download
from apps.core.errors import Conflict, Incomplete
from apps.pricing import selectors, services
from apps.pricing.forms.assumptions import AdoptForm, AssumptionsForm
from apps.pricing.models import Comparison
from apps.pricing.types import PricePage
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
        request.user, case, current=CURRENT in request.GET, first=FIRST in request.GET
    )
    return _page(request, case, shown)


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
    shown = selectors.price_page(request.user, case)
    form = _form(shown, request.POST)
    try:
        services.set_assumptions(
            procurement=case,
            terms=form.assumptions(),
            based_on=form.cleaned_data["based_on"],
            actor=request.user,
        )
    except (Incomplete, Conflict) as error:
        form.carry(error)
        return _page(request, case, shown, form=form, status=error.status)
    url = reverse("pricing:comparison", args=[case.pk])
    return redirect(f"{url}?{CURRENT}=1#h-terms")


@require_POST
@page("pricing.set_assumptions", find=procurement_for)
def try_out(request: Visit, case: Procurement) -> HttpResponse:
    """Show the comparison under other assumptions; nothing is saved."""
    shown = selectors.price_page(request.user, case)
    form = _form(shown, request.POST)
    try:
        tried = selectors.price_page(request.user, case, tried=form.assumptions())
    except Incomplete as error:
        form.carry(error)
        return _page(request, case, shown, form=form, status=error.status)
    return _page(request, case, tried, form=form)


@require_POST
@page("pricing.adopt", find=procurement_for)
def adopt(request: Visit, case: Procurement) -> HttpResponse:
    form = AdoptForm(request.POST)
    try:
        services.adopt(procurement=case, actor=request.user, **form.checked())
    except Incomplete as error:
        form.carry(error)
        shown = selectors.price_page(request.user, case, current=True)
        return _page(request, case, shown, adopt_form=form, status=error.status)
    return redirect("pricing:comparison", procurement_id=case.pk)


@page("pricing.view", find=selectors.adopted_for)
def record(_request: Visit, adopted: Comparison) -> HttpResponse:
    """Hand out the adopted record, byte for byte: its SHA-256 is the digest on the page."""
    name = f"price-comparison-{adopted.number}.record.json"
    return download(name, adopted.record.encode(), kind="application/json")
