"""Home, and the case file's overview."""

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.module_loading import import_string

from apps.core.access import can, page
from apps.core.errors import Incomplete
from apps.workspace import selectors
from apps.workspace.forms import CaseForm, DeclarationForm
from apps.workspace.models import Organisation, Procurement
from apps.workspace.services import procurements
from apps.workspace.states import Side
from apps.workspace.types import Visit

HOME_OF_VENDORS = "bids:mine"
ROWS = 50


@page("workspace.view")
def home(request: Visit) -> HttpResponse:
    """Send a vendor to its bids; show a buyer the case files."""
    organisation = getattr(request, "organisation", None)
    if organisation is not None and organisation.side == Side.VENDOR:
        return redirect(HOME_OF_VENDORS)
    cases = Paginator(selectors.procurements_visible_to(request.user), ROWS)
    context = {
        "cases": cases.get_page(request.GET.get("page")),
        "may_open": can(request.user, "workspace.open_procurement", organisation),
        "may_extend": can(request.user, "rfp.extend_after_outage", organisation),
    }
    return render(request, "workspace/home.html", context)


@page("workspace.open_procurement", find=selectors.acting_buyer)
def new(request: Visit, organisation: Organisation) -> HttpResponse:
    form = CaseForm(request.POST or None)
    if request.method == "POST":
        try:
            case = procurements.open_case(
                organisation=organisation,
                actor=request.user,
                **form.checked(),
            )
        except Incomplete as error:
            form.carry(error)
        else:
            return redirect("workspace:procurement", procurement_id=case.pk)
    status = 422 if form.errors else 200
    return render(request, "workspace/new.html", {"form": form}, status=status)


@page("workspace.view_procurement", find=selectors.procurement_for)
def procurement(request: Visit, case: Procurement) -> HttpResponse:
    todos = [
        todo for path in settings.DASHBOARD for todo in import_string(path)(request.user, case)
    ]
    facts = [fact for path in settings.OVERVIEW for fact in import_string(path)(request.user, case)]
    context = {
        "case": case,
        "facts": facts,
        "may_appoint": can(request.user, "workspace.appoint", case),
        "stages": selectors.stages_of(case),
        "todos": todos,
        "panel": selectors.panel_of(case),
        "declared": selectors.own_declaration(request.user, case),
        "form": DeclarationForm(),
    }
    return render(request, "workspace/procurement.html", context)
