"""The panel of a procurement: appointments, declarations of interest."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from apps.core.access import can, page
from apps.core.errors import Incomplete
from apps.workspace import selectors
from apps.workspace.forms import AppointForm, ColleagueForm, DeclarationForm, ExceptionForm
from apps.workspace.models import PanelMember, Procurement
from apps.workspace.services import panel, people
from apps.workspace.types import Visit


@page("workspace.view_panel", find=selectors.procurement_for)
def show(request: Visit, case: Procurement) -> HttpResponse:
    return _page(request, case)


def _page(
    request: Visit,
    case: Procurement,
    *,
    appoint_form: AppointForm | None = None,
    colleague_form: ColleagueForm | None = None,
    exception_form: ExceptionForm | None = None,
) -> HttpResponse:
    staff = selectors.colleagues(case)
    meetings = selectors.panel_meetings(case)
    context = {
        "case": case,
        "panel": selectors.panel_of(case),
        "may_appoint": can(request.user, "workspace.appoint", case),
        "meetings": meetings,
        "unexplained": any(one.open for one in meetings),
        "exception_form": exception_form or ExceptionForm(),
        "appoint_form": appoint_form or AppointForm(people=staff),
        "colleague_form": colleague_form or ColleagueForm(),
    }
    forms = (appoint_form, colleague_form, exception_form)
    wrong = any(form is not None and form.errors for form in forms)
    return render(request, "workspace/panel.html", context, status=422 if wrong else 200)


@require_POST
@page("workspace.appoint", find=selectors.procurement_for)
def appoint(request: Visit, case: Procurement) -> HttpResponse:
    form = AppointForm(request.POST, people=selectors.colleagues(case))
    try:
        panel.appoint(procurement=case, actor=request.user, **form.checked())
    except Incomplete as error:
        form.carry(error)
        # Asked for now: the page marks it as optional no more.
        form.fields["because"].required = "because" in error.fields
        return _page(request, case, appoint_form=form)
    return redirect("workspace:panel", procurement_id=case.pk)


@require_POST
@page("workspace.appoint", find=selectors.procurement_for)
def except_meetings(request: Visit, case: Procurement) -> HttpResponse:
    """Give the reason for the roles that meet in one person."""
    form = ExceptionForm(request.POST)
    try:
        panel.except_meetings(procurement=case, actor=request.user, **form.checked())
    except Incomplete as error:
        form.carry(error)
        return _page(request, case, exception_form=form)
    return redirect("workspace:panel", procurement_id=case.pk)


@require_POST
@page("workspace.appoint", find=selectors.procurement_for)
def invite(request: Visit, case: Procurement) -> HttpResponse:
    form = ColleagueForm(request.POST)
    try:
        people.invite_buyer_colleague(
            procurement_organisation=case.organisation_id,
            actor=request.user,
            **form.checked(),
        )
    except Incomplete as error:
        form.carry(error)
        return _page(request, case, colleague_form=form)
    return redirect("workspace:panel", procurement_id=case.pk)


@require_POST
@page("workspace.appoint", find=selectors.member_for)
def dismiss(request: Visit, member: PanelMember) -> HttpResponse:
    panel.dismiss(member=member, actor=request.user)
    return redirect("workspace:panel", procurement_id=member.procurement_id)


@require_POST
@page("workspace.declare_interest", find=selectors.procurement_for)
def declare(request: Visit, case: Procurement) -> HttpResponse:
    form = DeclarationForm(request.POST)
    try:
        panel.declare(procurement=case, actor=request.user, **form.checked())
    except Incomplete as error:
        form.carry(error)
        context = {"case": case, "form": form}
        return render(request, "workspace/declare.html", context, status=422)
    return redirect("workspace:procurement", procurement_id=case.pk)
