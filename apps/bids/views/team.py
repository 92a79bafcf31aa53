"""The vendor's own people: who answers, who sees the price, who signs off, what they say."""

from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from apps.bids import selectors
from apps.bids.forms import teaming
from apps.bids.forms.plain import ColleagueForm, DeclineForm
from apps.bids.forms.teaming import CommentForm
from apps.bids.models import Bid
from apps.bids.selectors.drafts import BidQuestion
from apps.bids.services import commenting, inviting
from apps.bids.services import teaming as services
from apps.bids.views.frame import portal
from apps.core.access import page
from apps.core.errors import Incomplete
from apps.core.forms import Form
from apps.workspace.types import Visit


@page("bids.view", find=selectors.bid_for)
def team(request: Visit, bid: Bid) -> HttpResponse:
    return _team(request, bid)


def _team(
    request: Visit,
    bid: Bid,
    form: Form | None = None,
    decline_form: Form | None = None,
    refusal: Incomplete | None = None,
) -> HttpResponse:
    wrong = form or decline_form
    context = {
        "people": selectors.team_page(request.user, bid),
        "form": form or ColleagueForm(),
        "decline_form": decline_form or DeclineForm(),
        "wrong": wrong,
        "refusal": refusal,
        "invited": request.GET.get("invited"),
        "saved": request.GET.get("saved"),
    }
    status = 422 if wrong or refusal else 200
    return portal(request, bid, "bids/team.html", context, status=status)


@require_POST
@page("bids.invite_colleague", find=selectors.bid_for)
def invite_colleague(request: Visit, bid: Bid) -> HttpResponse:
    form = ColleagueForm(request.POST)
    try:
        inviting.invite_colleague(bid=bid, actor=request.user, **form.checked())
    except Incomplete as error:
        form.carry(error)
        return _team(request, bid, form=form)
    return redirect(f"{reverse('bids:team', args=[bid.pk])}?invited=1")


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
        return _team(request, bid, decline_form=form)
    return redirect("bids:mine")


def _shared(request: Visit, bid: Bid, act: Callable[[], None]) -> HttpResponse:
    """Do one act of sharing the work, or show the page again with the sentence that refused it."""
    try:
        act()
    except Incomplete as error:
        return _team(request, bid, refusal=error)
    return redirect(f"{reverse('bids:team', args=[bid.pk])}?saved=1")


@require_POST
@page("bids.manage_team", find=selectors.bid_for)
def delegate(request: Visit, bid: Bid) -> HttpResponse:
    def act() -> None:
        people = teaming.shares_from(request.POST)
        services.delegate(bid=bid, people=people, actor=request.user)

    return _shared(request, bid, act)


@require_POST
@page("bids.manage_team", find=selectors.bid_for)
def price_readers(request: Visit, bid: Bid) -> HttpResponse:
    def act() -> None:
        people = teaming.people_from(request.POST, "reader")
        services.name_price_readers(bid=bid, people=people, actor=request.user)

    return _shared(request, bid, act)


@require_POST
@page("bids.manage_team", find=selectors.bid_for)
def sign_offs(request: Visit, bid: Bid) -> HttpResponse:
    def act() -> None:
        duties = teaming.duties_from(request.POST)
        services.ask_for_sign_offs(bid=bid, duties=duties, actor=request.user)

    return _shared(request, bid, act)


@page("bids.comment", find=selectors.question_for)
def comments(request: Visit, subject: BidQuestion) -> HttpResponse:
    """Show what the team said about one question; a POST adds to it."""
    bid, question = subject.bid, subject.question
    form = CommentForm(request.POST or None)
    if request.method == "POST":
        try:
            commenting.comment(
                bid=bid,
                question=question,
                mentioned=teaming.people_from(request.POST, "mentioned"),
                actor=request.user,
                **form.checked(),
            )
        except Incomplete as error:
            form.carry(error)
        else:
            return redirect("bids:comments", bid_id=bid.pk, question_id=question.pk)
    context = {
        "page": selectors.comments_page(request.user, bid, question),
        "form": form,
        "wrong": form if form.errors else None,
    }
    status = 422 if form.errors else 200
    return portal(request, bid, "bids/comments.html", context, status=status)
