"""What a bid is subject to, and what in it is confidential."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from apps.bids import selectors
from apps.bids.forms.answers import whole
from apps.bids.forms.assumptions import AssumptionForm, ConfidentialForm, initial_of
from apps.bids.models import Assumption, Bid
from apps.bids.selectors.drafts import BidQuestion
from apps.bids.services import assuming
from apps.bids.views.frame import portal
from apps.core.access import page
from apps.core.errors import Conflict, DomainError, Incomplete
from apps.workspace.types import Visit


@page("bids.view", find=selectors.bid_for)
def assumptions(request: Visit, bid: Bid) -> HttpResponse:
    return _list(request, bid)


def _list(
    request: Visit,
    bid: Bid,
    *,
    form: AssumptionForm | None = None,
    mark: ConfidentialForm | None = None,
    status: int = 200,
) -> HttpResponse:
    shown = selectors.assumptions_page(bid)
    context = {
        "page": shown,
        "form": form or AssumptionForm(),
        "mark": mark or ConfidentialForm(questions=shown.unmarked),
        "wrong": form or mark,
    }
    return portal(request, bid, "bids/assumptions.html", context, status=status)


@require_POST
@page("bids.answer", find=selectors.bid_for)
def add(request: Visit, bid: Bid) -> HttpResponse:
    form = AssumptionForm(request.POST)
    try:
        assuming.add(bid=bid, raw=form.checked(), actor=request.user)
    except Incomplete as error:
        form.carry(error)
        return _list(request, bid, form=form, status=error.status)
    return redirect("bids:assumptions", bid_id=bid.pk)


@page("bids.answer", find=selectors.assumption_for)
def one(request: Visit, assumption: Assumption) -> HttpResponse:
    """Show one row in a form; a POST saves it on the version it was written on."""
    held = selectors.shown_row(assumption)
    if request.method != "POST":
        return _one(request, assumption, AssumptionForm(initial=initial_of(held.row)))
    form = AssumptionForm(request.POST)
    try:
        assuming.change(
            assumption=assumption,
            raw=form.checked(),
            version=whole(request.POST.get("version", "")),
            actor=request.user,
        )
    except (Incomplete, Conflict) as error:
        form.carry(error)
        return _one(request, assumption, form, error)
    return redirect("bids:assumptions", bid_id=assumption.bid.pk)


def _one(
    request: Visit, assumption: Assumption, form: AssumptionForm, error: DomainError | None = None
) -> HttpResponse:
    context = {
        "held": selectors.shown_row(assumption),
        "form": form,
        "wrong": form if error else None,
        "raced": isinstance(error, Conflict),
    }
    status = error.status if error else 200
    return portal(request, assumption.bid, "bids/assumption.html", context, status=status)


@require_POST
@page("bids.answer", find=selectors.assumption_for)
def remove(request: Visit, assumption: Assumption) -> HttpResponse:
    assuming.remove(assumption=assumption, actor=request.user)
    return redirect("bids:assumptions", bid_id=assumption.bid.pk)


@require_POST
@page("bids.answer", find=selectors.bid_for)
def mark(request: Visit, bid: Bid) -> HttpResponse:
    """Mark an answer as confidential."""
    every = selectors.assumptions_page(bid)
    asked = {str(one.pk): one for one in (*every.unmarked, *(q for q, _why in every.marked))}
    form = ConfidentialForm(request.POST, questions=asked.values())
    try:
        given = form.checked()
        question = asked[given["question"]]
        assuming.mark(bid=bid, question=question, reason=given["reason"], actor=request.user)
    except Incomplete as error:
        form.carry(error)
        return _list(request, bid, mark=form, status=error.status)
    return redirect("bids:assumptions", bid_id=bid.pk)


@require_POST
@page("bids.answer", find=selectors.question_for)
def unmark(request: Visit, subject: BidQuestion) -> HttpResponse:
    assuming.unmark(bid=subject.bid, question=subject.question, actor=request.user)
    return redirect("bids:assumptions", bid_id=subject.bid.pk)
