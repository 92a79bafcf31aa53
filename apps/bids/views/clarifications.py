"""Vendors' questions on the buyer's side: read without a name, answered to all."""

from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from apps.bids import selectors
from apps.bids.forms.clarifying import AnswerForm, RefuseForm
from apps.bids.models import Clarification
from apps.bids.services import clarifying
from apps.bids.states import ClarificationState
from apps.core.access import page
from apps.core.errors import Incomplete
from apps.rfp.selectors import desk_for
from apps.rfp.types import Desk
from apps.workspace.types import Visit


@page("rfp.view", find=desk_for)
def clarifications(request: Visit, desk: Desk) -> HttpResponse:
    shown = selectors.clarifications_page(request.user, desk)
    context = {"page": shown, "case": desk.procurement}
    with timezone.override(ZoneInfo(shown.zone)):
        return render(request, "bids/clarifications.html", context)


@page("bids.clarify", find=selectors.clarification_for)
def clarification(request: Visit, held: Clarification) -> HttpResponse:
    return _show(request, held)


def _show(
    request: Visit,
    held: Clarification,
    *,
    answer: AnswerForm | None = None,
    refuse: RefuseForm | None = None,
) -> HttpResponse:
    asked = selectors.one_clarification(held)
    wrong = answer or refuse
    # What was held back is never offered for publication: the lead writes it anew.
    offered = "" if held.state == ClarificationState.HELD else asked.question
    context = {
        "case": held.rfp.procurement,
        "asked": asked,
        "answer": answer or AnswerForm(initial={"question": offered}),
        "refuse": refuse or RefuseForm(),
        "form": wrong,
    }
    with timezone.override(ZoneInfo(held.rfp.round.zone)):
        return render(request, "bids/clarification.html", context, status=422 if wrong else 200)


def _back(held: Clarification) -> HttpResponse:
    return redirect("bids:clarifications", procurement_id=held.procurement_id)


@require_POST
@page("bids.clarify", find=selectors.clarification_for)
def answer(request: Visit, held: Clarification) -> HttpResponse:
    form = AnswerForm(request.POST)
    try:
        clarifying.answer(clarification=held, actor=request.user, **form.checked())
    except Incomplete as error:
        form.carry(error)
        return _show(request, held, answer=form)
    return _back(held)


@require_POST
@page("bids.clarify", find=selectors.clarification_for)
def refuse(request: Visit, held: Clarification) -> HttpResponse:
    form = RefuseForm(request.POST)
    try:
        clarifying.refuse(clarification=held, actor=request.user, **form.checked())
    except Incomplete as error:
        form.carry(error)
        return _show(request, held, refuse=form)
    return _back(held)


@require_POST
@page("bids.clarify", find=selectors.clarification_for)
def hold_back(request: Visit, held: Clarification) -> HttpResponse:
    clarifying.hold_back(clarification=held, actor=request.user)
    return _back(held)


@require_POST
@page("bids.clarify", find=selectors.clarification_for)
def release(request: Visit, held: Clarification) -> HttpResponse:
    clarifying.release(clarification=held, actor=request.user)
    return _back(held)
