"""The link of an invitation: GET shows it, POST uses it up. And the vendor's own people."""

from zoneinfo import ZoneInfo

from allauth.account.utils import perform_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from apps.bids import selectors
from apps.bids.forms.plain import AcceptForm, ColleagueForm, DeclineForm
from apps.bids.models import Bid
from apps.bids.services import inviting
from apps.bids.views.frame import portal
from apps.core.access import PUBLIC, page
from apps.core.errors import Incomplete
from apps.workspace.selectors import CHOSEN
from apps.workspace.types import Visit


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


@page("bids.view", find=selectors.bid_for)
def team(request: Visit, bid: Bid) -> HttpResponse:
    return _team(request, bid, ColleagueForm(), DeclineForm())


@require_POST
@page("bids.invite_colleague", find=selectors.bid_for)
def invite_colleague(request: Visit, bid: Bid) -> HttpResponse:
    form = ColleagueForm(request.POST)
    try:
        inviting.invite_colleague(bid=bid, actor=request.user, **form.checked())
    except Incomplete as error:
        form.carry(error)
        return _team(request, bid, form, DeclineForm())
    return redirect(f"{reverse('bids:team', args=[bid.pk])}?invited=1")


def _team(request: Visit, bid: Bid, form: ColleagueForm, decline_form: DeclineForm) -> HttpResponse:
    wrong = form if form.errors else decline_form if decline_form.errors else None
    context = {
        "people": selectors.team_page(request.user, bid),
        "form": form,
        "decline_form": decline_form,
        "wrong": wrong,
        "invited": request.GET.get("invited"),
    }
    return portal(request, bid, "bids/team.html", context, status=422 if wrong else 200)


@require_POST
@page("bids.decline", find=selectors.bid_for)
def decline(request: Visit, bid: Bid) -> HttpResponse:
    """Say no after having accepted."""
    form = DeclineForm(request.POST)
    invitation = selectors.own_invitation(request.user, bid_id=bid.pk)
    try:
        inviting.decline(invitation=invitation, actor=request.user, **form.checked())
    except Incomplete as error:
        form.carry(error)
        return _team(request, bid, ColleagueForm(), form)
    return redirect("bids:mine")
