"""After an outage: every deadline it touched, moved by one request and one confirmation."""

import uuid

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.bids import selectors
from apps.bids.forms.outages import OutageForm
from apps.bids.services import outages
from apps.core.access import page
from apps.core.errors import Incomplete, NotFound
from apps.workspace.models import Organisation
from apps.workspace.selectors import acting_buyer
from apps.workspace.types import Visit


@page("rfp.extend_after_outage", find=acting_buyer)
def outage(request: Visit, organisation: Organisation) -> HttpResponse:
    if request.method != "POST":
        return _show(request, organisation, OutageForm(initial=OutageForm.just_now()))
    form = OutageForm(request.POST)
    try:
        outages.ask(organisation=organisation, actor=request.user, **form.window())
    except Incomplete as error:
        form.carry(error)
        return _show(request, organisation, form, error.status)
    return redirect("bids:outage")


def _show(
    request: Visit, organisation: Organisation, form: OutageForm, status: int = 200
) -> HttpResponse:
    waiting = selectors.waiting_outages(request.user, organisation)
    return render(request, "bids/outage.html", {"form": form, "waiting": waiting}, status=status)


@require_POST
@page("rfp.extend_after_outage", find=acting_buyer)
def confirm(request: Visit, organisation: Organisation) -> HttpResponse:
    outages.confirm(organisation=organisation, outage=_named(request), actor=request.user)
    return redirect("bids:outage")


@require_POST
@page("rfp.extend_after_outage", find=acting_buyer)
def drop(request: Visit, organisation: Organisation) -> HttpResponse:
    outages.drop(organisation=organisation, outage=_named(request), actor=request.user)
    return redirect("bids:outage")


def _named(request: Visit) -> uuid.UUID:
    try:
        return uuid.UUID(request.POST.get("outage", ""))
    except ValueError:
        raise NotFound(_("There is no such request, or it has been decided.")) from None
