"""After an outage: every deadline it touched, moved by one request and one confirmation."""

import uuid

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.core.access import page
from apps.core.errors import NotFound
from apps.rfp import selectors
from apps.rfp.forms.outages import OutageForm
from apps.rfp.services import outages
from apps.rfp.views.showing import UNREADABLE, accepted, posted
from apps.workspace.models import Organisation
from apps.workspace.selectors import acting_buyer
from apps.workspace.types import Visit


@page("rfp.extend_after_outage", find=acting_buyer)
def outage(request: Visit, organisation: Organisation) -> HttpResponse:
    form = OutageForm(posted(request), initial=OutageForm.just_now())
    if request.method == "POST" and accepted(
        form,
        lambda: outages.ask(organisation=organisation, actor=request.user, **form.window()),
    ):
        return redirect("rfp:outage")
    context = {"form": form, "waiting": selectors.waiting_outages(request.user, organisation)}
    return render(request, "rfp/outage.html", context, status=UNREADABLE if form.errors else 200)


@require_POST
@page("rfp.extend_after_outage", find=acting_buyer)
def confirm(request: Visit, organisation: Organisation) -> HttpResponse:
    outages.confirm(organisation=organisation, outage=_named(request), actor=request.user)
    return redirect("rfp:outage")


@require_POST
@page("rfp.extend_after_outage", find=acting_buyer)
def drop(request: Visit, organisation: Organisation) -> HttpResponse:
    outages.drop(organisation=organisation, outage=_named(request), actor=request.user)
    return redirect("rfp:outage")


def _named(request: Visit) -> uuid.UUID:
    try:
        return uuid.UUID(request.POST.get("outage", ""))
    except ValueError:
        raise NotFound(_("There is no such request, or it has been decided.")) from None
