"""The readiness of the buyer's own organisation: begin, answer, sign off."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from apps.core.access import can, page
from apps.core.errors import Incomplete
from apps.readiness import selectors
from apps.readiness.forms import AnswerForm, BeginForm
from apps.readiness.models import Assessment
from apps.readiness.services import assessing
from apps.readiness.states import AssessmentState
from apps.workspace.models import Procurement
from apps.workspace.selectors import procurement_for
from apps.workspace.types import Visit


def _frameworks() -> list[tuple[str, str]]:
    """List the shipped frameworks, the outsourcing readiness first."""
    found = [(f["slug"], f["name"]) for f in selectors.frameworks()]
    return sorted(found, key=lambda pair: pair[0] != selectors.DEFAULT)


@page("readiness.view", find=procurement_for)
def show(request: Visit, case: Procurement) -> HttpResponse:
    return _page(request, case)


def _page(request: Visit, case: Procurement, status: int = 200, **forms: Any) -> HttpResponse:
    framework = request.GET.get("framework") or selectors.DEFAULT
    assessment = forms.pop("assessment", None) or selectors.newest(case, framework)
    draft = assessment is not None and assessment.state == AssessmentState.DRAFT
    may_assess = can(request.user, "readiness.assess", case)
    context: dict[str, Any] = {
        "case": case,
        "assessment": assessment,
        "draft": draft,
        "may_assess": may_assess,
        "may_sign_off": draft and can(request.user, "readiness.sign_off", case),
        "begin_form": forms.pop("begin_form", None) or BeginForm(frameworks=_frameworks()),
        "others": [pair for pair in _frameworks() if pair[0] != framework],
    }
    if assessment is not None:
        shown = selectors.sheet(assessment)
        bound: AnswerForm | None = forms.pop("answer_form", None)
        context |= {
            "sheet": shown,
            "pillars": [
                (pillar, [_form(asked, bound) for asked in pillar.questions])
                for pillar in shown.pillars
            ],
            "form": bound,
        }
    return render(request, "readiness/assessment.html", context, status=status)


def _form(asked: Any, bound: AnswerForm | None) -> AnswerForm:
    return (
        bound if bound is not None and bound.asked.slug == asked.slug else AnswerForm(asked=asked)
    )


@require_POST
@page("readiness.assess", find=procurement_for)
def begin(request: Visit, case: Procurement) -> HttpResponse:
    form = BeginForm(request.POST, frameworks=_frameworks())
    try:
        assessment = assessing.begin(procurement=case, actor=request.user, **form.checked())
    except Incomplete as error:
        form.carry(error)
        return _page(request, case, status=422, begin_form=form)
    return redirect(_address(assessment))


def _address(assessment: Assessment, anchor: str = "") -> str:
    url = reverse("readiness:assessment", args=[assessment.procurement_id])
    return f"{url}?framework={assessment.framework}{anchor}"


@require_POST
@page("readiness.assess", find=selectors.assessment_for)
def answer(request: Visit, assessment: Assessment) -> HttpResponse:
    """Save one question; the page comes back at the place it left."""
    questions = {q.slug: q for p in selectors.sheet(assessment).pillars for q in p.questions}
    asked = questions.get(request.POST.get("question", ""))
    if asked is None:
        return redirect(_address(assessment))
    form = AnswerForm(request.POST, asked=asked)
    try:
        assessing.answer(
            assessment=assessment, question=asked.slug, actor=request.user, **form.checked()
        )
    except Incomplete as error:
        form.carry(error)
        return _page(
            request, assessment.procurement, status=422, assessment=assessment, answer_form=form
        )
    return redirect(_address(assessment, f"#q-{asked.slug}"))


@require_POST
@page("readiness.sign_off", find=selectors.assessment_for)
def sign_off(request: Visit, assessment: Assessment) -> HttpResponse:
    assessing.sign_off(assessment=assessment, actor=request.user)
    return redirect(_address(assessment))
