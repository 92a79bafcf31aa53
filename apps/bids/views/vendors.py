"""The buyer's list of invited vendors."""

from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from apps.bids import selectors
from apps.bids.forms.plain import InviteForm
from apps.bids.models import Invitation
from apps.bids.services import inviting
from apps.core.access import page
from apps.core.errors import Incomplete
from apps.rfp.models import Rfp
from apps.rfp.selectors import desk_for, rfp_for
from apps.rfp.types import Desk
from apps.workspace.types import Visit


@page("bids.view_vendors", find=desk_for)
def vendors(request: Visit, desk: Desk) -> HttpResponse:
    return _page(request, desk, InviteForm())


def _page(request: Visit, desk: Desk, form: InviteForm) -> HttpResponse:
    shown = selectors.vendors_page(request.user, desk)
    context = {
        "page": shown,
        "case": desk.procurement,
        "form": form,
        "sent": request.GET.get("sent"),
    }
    with timezone.override(ZoneInfo(shown.zone)):
        return render(request, "bids/vendors.html", context, status=422 if form.errors else 200)


@require_POST
@page("bids.invite", find=rfp_for)
def invite(request: Visit, rfp: Rfp) -> HttpResponse:
    form = InviteForm(request.POST)
    try:
        inviting.invite(rfp=rfp, actor=request.user, **form.checked())
    except Incomplete as error:
        form.carry(error)
        return _page(request, Desk(rfp.procurement, rfp), form)
    return redirect(f"{reverse('bids:vendors', args=[rfp.procurement_id])}?sent=1")


@require_POST
@page("bids.invite", find=rfp_for)
def invite_shortlisted(request: Visit, rfp: Rfp) -> HttpResponse:
    """Invite everybody who was taken from the request for information before."""
    inviting.invite_shortlisted(rfp=rfp, actor=request.user)
    return redirect(f"{reverse('bids:vendors', args=[rfp.procurement_id])}?sent=1")


@require_POST
@page("bids.invite", find=selectors.invitation_for)
def renew(request: Visit, invitation: Invitation) -> HttpResponse:
    inviting.renew(invitation=invitation, actor=request.user)
    return redirect(f"{reverse('bids:vendors', args=[invitation.procurement_id])}?sent=1")
