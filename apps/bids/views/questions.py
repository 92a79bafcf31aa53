"""The vendor's questions, and the answers every vendor gets."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from apps.bids import selectors
from apps.bids.forms.clarifying import AskForm
from apps.bids.models import Bid
from apps.bids.services import clarifying
from apps.bids.states import ClarificationState
from apps.bids.views.frame import portal
from apps.core.access import page
from apps.core.errors import Incomplete
from apps.workspace.types import Visit


@page("bids.view", find=selectors.bid_for)
def questions(request: Visit, bid: Bid) -> HttpResponse:
    return _show(request, bid)


def _show(request: Visit, bid: Bid, form: AskForm | None = None) -> HttpResponse:
    shown = selectors.questions_page(request.user, bid)
    context = {
        "page": shown,
        "form": form or AskForm(places=shown.places),
        "wrong": form,
        "asked": request.GET.get("asked", ""),
    }
    return portal(request, bid, "bids/questions.html", context, status=422 if form else 200)


@require_POST
@page("bids.ask", find=selectors.bid_for)
def ask(request: Visit, bid: Bid) -> HttpResponse:
    form = AskForm(request.POST, places=selectors.questions_page(request.user, bid).places)
    try:
        made = clarifying.ask(bid=bid, actor=request.user, **form.checked())
    except Incomplete as error:
        form.carry(error)
        return _show(request, bid, form)
    state = "held" if made.state == ClarificationState.HELD else "sent"
    return redirect(f"{reverse('bids:questions', args=[bid.pk])}?asked={state}")


@require_POST
@page("bids.view", find=selectors.bid_for)
def mark_read(request: Visit, bid: Bid) -> HttpResponse:
    clarifying.mark_read(bid=bid, actor=request.user)
    return redirect("bids:questions", bid_id=bid.pk)
