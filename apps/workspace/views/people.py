"""Joining by invitation, one's own account, and the organisation one acts for."""

from allauth.account.utils import perform_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from apps.core import tenancy
from apps.core.access import PUBLIC, page
from apps.core.errors import Incomplete
from apps.workspace import selectors
from apps.workspace.forms import JoinForm
from apps.workspace.services import people
from apps.workspace.types import Visit


@page(PUBLIC)
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Show the invitation on GET, use it up on POST: mail scanners follow links, people press."""
    invitation = people.invitation_by(token)
    form = JoinForm(request.POST or None, initial={"name": invitation.name})
    if request.method == "POST":
        try:
            user = people.accept(token=token, **form.checked())
        except Incomplete as error:
            form.carry(error)
        else:
            # allauth asks for the second factor of whoever has one; a link is none.
            answer: HttpResponse = perform_login(request, user, redirect_url="/")
            return answer
    context = {"invitation": invitation, "form": form}
    response = render(request, "workspace/join.html", context, status=422 if form.errors else 200)
    # Not "no-referrer": browsers would then send "Origin: null", which the CSRF check refuses.
    response["Referrer-Policy"] = "same-origin"
    return response


@page("workspace.view")
def account(request: Visit) -> HttpResponse:
    with tenancy.acting_as(person=request.user.pk, scope="sign-in"):
        organisations = list(selectors.organisations_of(request.user))
    return render(request, "workspace/account.html", {"organisations": organisations})


@require_POST
@page("workspace.view")
def switch(request: Visit) -> HttpResponse:
    """Act for another of one's organisations; membership is checked with every request."""
    request.session[selectors.CHOSEN] = request.POST.get("organisation", "")
    return redirect("workspace:home")
