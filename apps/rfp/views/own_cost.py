"""Today's in-house cost: what the team costs now, for the lead of the tender alone."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.core.access import page
from apps.core.errors import NotFound
from apps.rfp import selectors
from apps.rfp.forms.own_cost import OwnCostForm
from apps.rfp.models import Lot, Rfp
from apps.rfp.services.own_cost import set_own_cost
from apps.rfp.views.showing import UNREADABLE, accepted, posted
from apps.workspace.types import Visit


@page("rfp.author", find=selectors.rfp_for)
def own_cost(request: Visit, rfp: Rfp) -> HttpResponse:
    """Show and change today's cost; what it comes to on the workload stands above the form."""
    lot = _lot(request, rfp)
    held = selectors.own_cost_of(rfp, lot)
    supported = held is None or held.get("model") == "per_fte"
    form = OwnCostForm(posted(request), held=held if supported else None, months=rfp.term_months)
    if request.method == "POST" and accepted(
        form,
        lambda: set_own_cost(rfp=rfp, quote=form.quote(), actor=request.user, lot=lot),
    ):
        return _back(rfp, lot)
    context: dict[str, Any] = {
        "form": form,
        "rfp": rfp,
        "lots": selectors.lots_of(rfp),
        "lot": lot,
        "held": held is not None,
        "supported": supported,
        "workload": selectors.workload_of(rfp, lot),
        "total": selectors.own_total(rfp, lot),
        "editable": selectors.may_edit(request.user, rfp),
    }
    return render(request, "rfp/own_cost.html", context, status=UNREADABLE if form.errors else 200)


@require_POST
@page("rfp.author", find=selectors.rfp_for)
def remove(request: Visit, rfp: Rfp) -> HttpResponse:
    lot = _lot(request, rfp)
    set_own_cost(rfp=rfp, quote=None, actor=request.user, lot=lot)
    return _back(rfp, lot)


def _lot(request: Visit, rfp: Rfp) -> Lot | None:
    if not rfp.asks_price:
        raise NotFound(_("A request for information has no workload: it asks for no price."))
    return selectors.picked(selectors.lots_of(rfp), request.GET.get("lot", ""))


def _back(rfp: Rfp, lot: Lot | None) -> HttpResponse:
    query = f"?{urlencode({'lot': lot.code})}" if lot else ""
    return redirect(reverse("rfp:own-cost", args=[rfp.procurement_id]) + query)
