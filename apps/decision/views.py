"""The decision tree: walk it, state facts, propose, approve or send back."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from apps.core.access import can, page
from apps.core.errors import Incomplete
from apps.decision import selectors, services
from apps.decision.forms import ProposeForm, SendBackForm, StatementForm
from apps.decision.models import Decision
from apps.workspace.models import Procurement
from apps.workspace.selectors import procurement_for
from apps.workspace.states import Phase
from apps.workspace.types import Visit

OPEN = {Phase.PREPARING, Phase.TENDERING, Phase.TECHNICAL, Phase.COMMERCIAL}


@page("decision.view", find=procurement_for)
def walk(request: Visit, case: Procurement) -> HttpResponse:
    return _page(request, case)


def _page(request: Visit, case: Procurement, status: int = 200, **forms: Any) -> HttpResponse:
    decision = selectors.latest_decision(request.user, case)
    shown = selectors.walk_page(request.user, case, decision)
    may_state = can(request.user, "decision.state", case) and case.phase in OPEN
    waiting = decision is not None and decision.state == "proposed"
    context = {
        "case": case,
        "page": shown,
        "decision": decision,
        "outcome": dict(selectors.outcomes()).get(decision.outcome, "") if decision else "",
        "may_state": may_state,
        "may_propose": bool(shown.recommended)
        and case.phase == Phase.COMMERCIAL
        and not waiting
        and can(request.user, "decision.propose", case),
        "may_approve": waiting and can(request.user, "decision.approve", decision),
        "statement_forms": [StatementForm(asked=asked) for asked in shown.asked],
        "propose_form": ProposeForm(outcomes=selectors.outcomes(), recommended=shown.recommended),
        "send_back_form": SendBackForm(),
        **forms,
    }
    return render(request, "decision/walk.html", context, status=status)


@require_POST
@page("decision.state", find=procurement_for)
def state(request: Visit, case: Procurement) -> HttpResponse:
    """Save what a person states about one fact."""
    shown = selectors.walk_page(request.user, case, None)
    forms = [
        StatementForm(request.POST if f"{asked.fact}-fact" in request.POST else None, asked=asked)
        for asked in shown.asked
    ]
    given = next((form for form in forms if form.is_bound), None)
    if given is None:
        return redirect("decision:walk", procurement_id=case.pk)
    try:
        services.state(procurement=case, actor=request.user, **given.checked())
    except Incomplete as error:
        given.carry(error)
        return _page(request, case, status=422, statement_forms=forms)
    return redirect("decision:walk", procurement_id=case.pk)


@require_POST
@page("decision.propose", find=procurement_for)
def propose(request: Visit, case: Procurement) -> HttpResponse:
    shown = selectors.walk_page(request.user, case, None)
    form = ProposeForm(request.POST, outcomes=selectors.outcomes(), recommended=shown.recommended)
    try:
        services.propose(procurement=case, actor=request.user, **form.checked())
    except Incomplete as error:
        form.carry(error)
        return _page(request, case, status=422, propose_form=form)
    return redirect("decision:walk", procurement_id=case.pk)


@require_POST
@page("decision.approve", find=selectors.decision_for)
def approve(request: Visit, decision: Decision) -> HttpResponse:
    services.approve(decision=decision, actor=request.user)
    return redirect("decision:walk", procurement_id=decision.procurement_id)


@require_POST
@page("decision.approve", find=selectors.decision_for)
def send_back(request: Visit, decision: Decision) -> HttpResponse:
    form = SendBackForm(request.POST)
    try:
        services.send_back(decision=decision, actor=request.user, **form.checked())
    except Incomplete as error:
        form.carry(error)
        return _page(request, decision.procurement, status=422, send_back_form=form)
    return redirect("decision:walk", procurement_id=decision.procurement_id)
