"""The readiness of the buyer's own organisation: read it, begin, answer by pillar, sign off."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from apps.core.access import page
from apps.core.downloads import download
from apps.core.errors import Conflict, Incomplete
from apps.readiness import selectors
from apps.readiness.forms import BeginForm, PillarForm
from apps.readiness.models import Assessment
from apps.readiness.services import assessing
from apps.readiness.types import AnswerPage
from apps.workspace.models import Procurement
from apps.workspace.selectors import procurement_for
from apps.workspace.types import Visit

MOST_DIGITS = 5


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < MOST_DIGITS else None


@page("readiness.view", find=procurement_for)
def show(request: Visit, case: Procurement) -> HttpResponse:
    """Show a framework's newest assessment, or an earlier one by its number."""
    shown = selectors.readiness_page(
        request.user,
        case,
        framework=request.GET.get("framework", ""),
        number=_number(request.GET.get("number", "")),
    )
    context = {"case": case, "page": shown, "begin_form": BeginForm(page=shown)}
    return render(request, "readiness/assessment.html", context)


@require_POST
@page("readiness.assess", find=procurement_for)
def begin(request: Visit, case: Procurement) -> HttpResponse:
    shown = selectors.readiness_page(request.user, case)
    form = BeginForm(request.POST, page=shown)
    try:
        assessment = assessing.begin(procurement=case, actor=request.user, **form.checked())
    except Incomplete as error:
        form.carry(error)
        context = {"case": case, "page": shown, "begin_form": form}
        return render(request, "readiness/assessment.html", context, status=error.status)
    return redirect("readiness:answer", case.pk, assessment.pk)


@page("readiness.assess", find=selectors.assessment_for)
def answer(request: Visit, assessment: Assessment) -> HttpResponse:
    """Show one pillar, and save it."""
    shown = selectors.answer_page(assessment, request.GET.get("pillar", ""))
    form = PillarForm(request.POST or None, page=shown)
    if request.method != "POST":
        return _pillar(request, shown, form)
    try:
        assessing.answer_all(
            assessment=assessment,
            answers=form.answers(),
            seen=form.cleaned_data["seen"],
            actor=request.user,
        )
    except (Incomplete, Conflict) as error:
        form.carry(error)
        return _pillar(request, shown, form, status=error.status)
    if "go_on" in request.POST and shown.following:
        url = reverse("readiness:answer", args=[assessment.procurement_id, assessment.pk])
        return redirect(f"{url}?pillar={shown.following}")
    return redirect(_address(assessment))


def _pillar(
    request: Visit, shown: AnswerPage, form: PillarForm, *, status: int = 200
) -> HttpResponse:
    context = {"case": shown.assessment.procurement, "page": shown, "form": form}
    return render(request, "readiness/answer.html", context, status=status)


def _address(assessment: Assessment) -> str:
    url = reverse("readiness:assessment", args=[assessment.procurement_id])
    return f"{url}?framework={assessment.framework}"


@require_POST
@page("readiness.sign_off", find=selectors.assessment_for)
def sign_off(request: Visit, assessment: Assessment) -> HttpResponse:
    assessing.sign_off(assessment=assessment, actor=request.user)
    return redirect(_address(assessment))


@page("readiness.view", find=selectors.signed_off_for)
def record(_request: Visit, assessment: Assessment) -> HttpResponse:
    """Hand out a signed-off record, byte for byte: its SHA-256 is the digest on the page."""
    name = f"readiness-{assessment.number}.record.json"
    return download(name, assessment.record.encode(), kind="application/json")
