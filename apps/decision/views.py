"""The decision tree: walk it, state facts, propose, approve or send back."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.core.access import page
from apps.core.downloads import download
from apps.core.errors import Incomplete, NotFound
from apps.decision import selectors, services
from apps.decision.forms import ProposeForm, ScheduleForm, SendBackForm, StatementForm
from apps.decision.models import Decision
from apps.decision.selectors import schedule as schedules
from apps.decision.selectors.schedule import SchedulePage
from apps.decision.types import WalkPage
from apps.rfp.models import Lot
from apps.rfp.selectors import picked_in
from apps.workspace.models import Procurement
from apps.workspace.selectors import procurement_for
from apps.workspace.types import Visit


@page("decision.view", find=procurement_for)
def walk(request: Visit, case: Procurement) -> HttpResponse:
    """Show the tree that decides, or with `?tree=` another shipped one."""
    tree, lot = request.GET.get("tree", ""), _lot(request, case)
    return _page(request, case, selectors.walk_page(request.user, case, tree=tree, lot=lot))


def _lot(request: Visit, case: Procurement) -> Lot | None:
    """Return the lot that the address names, else the first; None where there are none."""
    return picked_in(case, request.GET.get("lot", ""))


def _at(case: Procurement, lot: Lot | None, **more: str) -> str:
    query = {**({"lot": lot.code} if lot else {}), **{k: v for k, v in more.items() if v}}
    return reverse("decision:walk", args=[case.pk]) + (f"?{urlencode(query)}" if query else "")


def _page(
    request: Visit, case: Procurement, shown: WalkPage, status: int = 200, **forms: Any
) -> HttpResponse:
    context = {
        "case": case,
        "page": shown,
        **_sorted([StatementForm(asked=asked) for asked in shown.asked]),
        "propose_form": _propose_form(
            shown, backup=selectors.backup_asked(request.GET.get("backup", ""))
        ),
        "send_back_form": SendBackForm(),
        **forms,
    }
    return render(request, "decision/walk.html", context, status=status)


def _sorted(forms: list[StatementForm]) -> dict[str, list[StatementForm]]:
    """Tell what people state of their own knowledge from the results of a calculation."""
    return {
        "statement_forms": [form for form in forms if not form.asked.calculated],
        "calculated_forms": [form for form in forms if form.asked.calculated],
    }


@page("decision.view_scenarios", find=procurement_for)
def scenarios(request: Visit, case: Procurement) -> HttpResponse:
    """Show what the published rule awards beside what other ways would cost."""
    context = {"case": case, "page": selectors.scenarios_page(request.user, case)}
    return render(request, "decision/scenarios.html", context)


def _propose_form(shown: WalkPage, data: Any = None, backup: str = "") -> ProposeForm:
    return ProposeForm(
        data,
        backup=backup,
        outcomes=selectors.outcomes(),
        recommended=shown.recommended,
        picks=shown.candidates,
    )


@require_POST
@page("decision.state", find=procurement_for)
def state(request: Visit, case: Procurement) -> HttpResponse:
    """Save what a person states about one fact."""
    tree, fact = request.POST.get("tree", ""), request.POST.get("fact", "")
    lot = _lot(request, case)
    shown = selectors.walk_page(request.user, case, tree=tree, lot=lot)
    forms = [
        StatementForm(request.POST if asked.fact == fact else None, asked=asked)
        for asked in shown.asked
    ]
    given = next((form for form in forms if form.is_bound), None)
    if given is None:
        raise NotFound(_("This tree asks people for no such fact."))
    try:
        services.state(procurement=case, actor=request.user, lot=lot, **given.statement())
    except Incomplete as error:
        given.carry(error)
        return _page(request, case, shown, status=error.status, **_sorted(forms))
    url = _at(case, lot, tree=tree)
    return redirect(f"{url}#{'h-calc' if given.asked.calculated else 'h-state'}")


@require_POST
@page("decision.propose", find=procurement_for)
def propose(request: Visit, case: Procurement) -> HttpResponse:
    lot = _lot(request, case)
    shown = selectors.walk_page(request.user, case, lot=lot)
    form = _propose_form(shown, request.POST)
    try:
        given = form.proposal()
        terms = services.Terms(**given.pop("terms"))
        services.propose(procurement=case, actor=request.user, lot=lot, terms=terms, **given)
    except Incomplete as error:
        form.carry(error)
        return _page(request, case, shown, status=error.status, propose_form=form)
    return redirect(_at(case, lot))


@require_POST
@page("decision.judge", find=selectors.decision_for)
def approve(request: Visit, decision: Decision) -> HttpResponse:
    services.approve(decision=decision, actor=request.user)
    return redirect(_at(decision.procurement, decision.lot))


@require_POST
@page("decision.judge", find=selectors.decision_for)
def send_back(request: Visit, decision: Decision) -> HttpResponse:
    form = SendBackForm(request.POST)
    try:
        services.send_back(decision=decision, actor=request.user, **form.checked())
    except Incomplete as error:
        form.carry(error)
        case = decision.procurement
        shown = selectors.walk_page(request.user, case, lot=decision.lot)
        return _page(request, case, shown, status=error.status, send_back_form=form)
    return redirect(_at(decision.procurement, decision.lot))


@page("decision.view", find=schedules.awarded_for)
def schedule(request: Visit, decision: Decision) -> HttpResponse:
    """Show what the contract obliges to: as it was frozen, or as it would be."""
    return _schedule(request, schedules.schedule_page(request.user, decision))


def _schedule(
    request: Visit, shown: SchedulePage, form: ScheduleForm | None = None, status: int = 200
) -> HttpResponse:
    form = form or ScheduleForm(rows=shown.rows)
    lines = form.lines()
    context = {
        "case": shown.decision.procurement,
        "page": shown,
        "form": form,
        "standing": [one for one in lines if one.take is None],
        "offered": [one for one in lines if one.take is not None],
    }
    return render(request, "decision/schedule.html", context, status=status)


@require_POST
@page("decision.record_contract", find=selectors.decision_for)
def contract(request: Visit, decision: Decision) -> HttpResponse:
    """Record the day on which the contract of an award was signed, and freeze its schedule."""
    services.require_contract_due(decision, request.user)
    shown = schedules.schedule_page(request.user, decision)
    form = ScheduleForm(request.POST, rows=shown.rows)
    try:
        services.record_contract(decision=decision, actor=request.user, **form.contract())
    except Incomplete as error:
        form.carry(error)
        return _schedule(request, shown, form, status=error.status)
    return redirect("decision:schedule", decision.procurement_id, decision.pk)


@page("decision.view", find=schedules.awarded_for)
def schedule_record(_request: Visit, decision: Decision) -> HttpResponse:
    """Hand out the frozen schedule, byte for byte: its SHA-256 is the digest on the page."""
    found = schedules.frozen_for(decision)
    return download(_named(decision, "json"), found.record.encode(), kind="application/json")


@page("decision.view", find=schedules.awarded_for)
def schedule_table(_request: Visit, decision: Decision) -> HttpResponse:
    """Hand out the rows of the frozen schedule for a spreadsheet."""
    content = schedules.as_csv(schedules.frozen_for(decision))
    return download(_named(decision, "csv"), content, kind="text/csv; charset=utf-8")


def _named(decision: Decision, ending: str) -> str:
    of_lot = f"lot-{decision.lot.code}-" if decision.lot else ""
    return f"schedule-{of_lot}{decision.number}.{ending}"


@page("decision.view", find=selectors.decision_for)
def award(_request: Visit, decision: Decision) -> HttpResponse:
    """Hand out the award of a decision, byte for byte: with what every vendor is told."""
    found = selectors.award_for(decision)
    of_lot = f"lot-{decision.lot.code}-" if decision.lot else ""
    name = f"award-{of_lot}{decision.number}.record.json"
    return download(name, found.record.encode(), kind="application/json")


@page("decision.view_letters", find=selectors.decision_for)
def letters(request: Visit, decision: Decision) -> HttpResponse:
    """Show every letter as its vendor will read it, before the award is approved and after."""
    context = {
        "case": decision.procurement,
        "decision": decision,
        "letters": selectors.letters_shown(request.user, decision),
    }
    return render(request, "decision/letters.html", context)


@page("decision.view", find=selectors.decision_for)
def record(_request: Visit, decision: Decision) -> HttpResponse:
    """Hand out a decision's record, byte for byte: its SHA-256 is the digest on the page."""
    of_lot = f"lot-{decision.lot.code}-" if decision.lot else ""
    name = f"decision-{of_lot}{decision.number}.record.json"
    return download(name, decision.record.encode(), kind="application/json")
