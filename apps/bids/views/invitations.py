"""The link of an invitation: GET shows it, POST uses it up."""

from zoneinfo import ZoneInfo

from allauth.account.utils import perform_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from apps.bids import selectors
from apps.bids.forms.plain import AcceptForm, DeclineForm
from apps.bids.services import inviting
from apps.core.access import PUBLIC, page
from apps.core.errors import Incomplete
from apps.workspace.selectors import CHOSEN


@page(PUBLIC)
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Show who invites to what; accepting is a press of a button, which mail scanners do not do."""
    shown = selectors.invitation_page(token)
    form = AcceptForm(request.POST or None, initial={"name": shown.contact})
    if request.method == "POST":
        try:
            accepted = inviting.accept(token=token, **form.checked())
        except Incomplete as error:
            form.carry(error)
        else:
            # allauth asks for the second factor of whoever has one; a link is none.
            answer: HttpResponse = perform_login(
                request,
                accepted.user,
                redirect_url=reverse("bids:portal", args=[accepted.bid.pk]),
            )
            request.session[CHOSEN] = str(accepted.bid.vendor_id)
            return answer
    return _page(request, token, form, DeclineForm())


@page(PUBLIC)
def decide(request: HttpRequest, token: str) -> HttpResponse:
    """Show what tells whether to bid, to the holder of the link, before anything is accepted."""
    context = {**selectors.about_by(token), "token": token}
    with timezone.override(ZoneInfo(context["round"].zone)):
        response = render(request, "bids/decide.html", context)
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "no-store"
    return response


@require_POST
@page(PUBLIC)
def decline_by_link(request: HttpRequest, token: str) -> HttpResponse:
    form = DeclineForm(request.POST)
    try:
        inviting.decline_by_link(token=token, **form.checked())
    except Incomplete as error:
        form.carry(error)
        return _page(request, token, AcceptForm(), form)
    return redirect("bids:invitation", token=token)


def _page(
    request: HttpRequest, token: str, accept_form: AcceptForm, decline_form: DeclineForm
) -> HttpResponse:
    wrong = accept_form if accept_form.errors else decline_form if decline_form.errors else None
    shown = selectors.invitation_page(token)
    context = {
        "page": shown,
        "token": token,
        "accept_form": accept_form,
        "decline_form": decline_form,
        "wrong": wrong,
    }
    with timezone.override(ZoneInfo(shown.zone)):
        response = render(request, "bids/invitation.html", context, status=422 if wrong else 200)
    # Not "no-referrer": browsers would then send "Origin: null", which the CSRF check refuses.
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "no-store"
    return response
