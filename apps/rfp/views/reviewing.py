"""The review of a draft by a second person."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from apps.core.access import page
from apps.core.forms import Form
from apps.rfp import selectors
from apps.rfp.forms.reviewing import AskReviewForm, CommentForm, ReturnForm, RulesForm
from apps.rfp.models import Review, Rfp
from apps.rfp.services import authoring, reviewing
from apps.rfp.types import Desk
from apps.rfp.views.authoring import unstarted
from apps.rfp.views.showing import UNREADABLE, accepted
from apps.workspace.types import Visit


def _show(request: Visit, rfp: Rfp, **forms: Form) -> HttpResponse:
    shown = selectors.review_page(request.user, rfp)
    context: dict[str, Any] = {
        "page": shown,
        "ask": AskReviewForm(),
        "comment": CommentForm(places=shown.places),
        "send_back": ReturnForm(),
        "rule": RulesForm(
            initial={"needs_review": rfp.needs_review, "question_days": rfp.question_days}
        ),
        **forms,
    }
    context["form"] = next((form for form in forms.values() if form.errors), None)
    status = UNREADABLE if context["form"] else 200
    return render(request, "rfp/review.html", context, status=status)


def _back(rfp: Rfp) -> HttpResponse:
    return redirect("rfp:review", procurement_id=rfp.procurement_id)


@page("rfp.view", find=selectors.desk_for)
def review(request: Visit, desk: Desk) -> HttpResponse:
    if desk.rfp is None:
        return unstarted(request, desk)
    return _show(request, desk.rfp)


@require_POST
@page("rfp.author", find=selectors.rfp_for)
def ask(request: Visit, rfp: Rfp) -> HttpResponse:
    form = AskReviewForm(request.POST)
    if accepted(
        form, lambda: reviewing.ask(rfp=rfp, note=form.cleaned_data["note"], actor=request.user)
    ):
        return _back(rfp)
    return _show(request, rfp, ask=form)


@require_POST
@page("rfp.author", find=selectors.rfp_for)
def rule(request: Visit, rfp: Rfp) -> HttpResponse:
    """Set whether this RFP needs a review at all, and until when vendors may ask."""
    form = RulesForm(request.POST)
    if accepted(
        form,
        lambda: authoring.set_terms(rfp=rfp, actor=request.user, **form.cleaned_data),
    ):
        return _back(rfp)
    return _show(request, rfp, rule=form)


@require_POST
@page("rfp.review", find=selectors.review_for)
def comment(request: Visit, held: Review) -> HttpResponse:
    form = CommentForm(request.POST, places=selectors.places_of(held.rfp))
    if accepted(
        form, lambda: reviewing.comment(review=held, actor=request.user, **form.cleaned_data)
    ):
        return _back(held.rfp)
    return _show(request, held.rfp, comment=form)


@require_POST
@page("rfp.review", find=selectors.review_for)
def approve(request: Visit, held: Review) -> HttpResponse:
    reviewing.approve(review=held, actor=request.user)
    return _back(held.rfp)


@require_POST
@page("rfp.review", find=selectors.review_for)
def send_back(request: Visit, held: Review) -> HttpResponse:
    form = ReturnForm(request.POST)
    if accepted(
        form,
        lambda: reviewing.send_back(
            review=held, verdict=form.cleaned_data["verdict"], actor=request.user
        ),
    ):
        return _back(held.rfp)
    return _show(request, held.rfp, send_back=form)
