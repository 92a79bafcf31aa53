"""A round on a mock bid: written, scored by each evaluator alone, then shown to the panel."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from apps.core.access import page
from apps.core.errors import DomainError, Incomplete
from apps.core.forms import Form
from apps.matrix import selectors
from apps.matrix.forms.calibrating import MockAnswerForm, MockTextForm, TrialForm
from apps.matrix.selectors.calibrating import CalibrationPage, Trial, calibration_page, mock_for
from apps.matrix.services import calibrating
from apps.matrix.types import Mock, Tried
from apps.matrix.views.sheets import Filled, summary
from apps.workspace.models import Procurement
from apps.workspace.selectors import procurement_for
from apps.workspace.types import Visit


@dataclass(frozen=True)
class Refused:
    """A mock answer that was not taken, as it was typed, and why."""

    data: Any
    error: Incomplete


@page("matrix.view_round", find=procurement_for)
def show(request: Visit, procurement: Procurement) -> HttpResponse:
    return _show(request, calibration_page(request.user, procurement))


def _show(
    request: Visit,
    shown: CalibrationPage,
    refused: Refused | None = None,
    typed: Mapping[UUID, TrialForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    trials = shown.now.trials if shown.now else ()
    texts = [(trial, _text_form(trial, refused)) for trial in trials]
    add_form = _add_form(shown, refused)
    given = [Filled(one, (typed or {}).get(one.answer.pk) or _own(one)) for one in trials]
    bound: list[Form] = [form for form in (add_form, *(f for _t, f in texts)) if form.is_bound]
    context = {
        "case": shown.procurement,
        "page": shown,
        "texts": texts,
        "add_form": add_form,
        "given": given,
        "wrong": bound[0] if bound else None,
        "errors": summary(given),
    }
    return render(request, "matrix/calibration.html", context, status=status)


def _add_form(shown: CalibrationPage, refused: Refused | None) -> Form:
    codes = {question.code for question in shown.questions}
    if refused and (refused.data.get("question") in codes or not refused.data.get("question")):
        form = MockAnswerForm(refused.data, questions=shown.questions)
        form.carry(refused.error)
        return form
    return MockAnswerForm(questions=shown.questions)


def _text_form(trial: Trial, refused: Refused | None) -> Form:
    named: dict[str, Any] = {"auto_id": f"id_{trial.question.code}_%s"}
    if refused and refused.data.get("question") == trial.question.code:
        form = MockTextForm(refused.data, **named)
        form.carry(refused.error)
        return form
    return MockTextForm(initial={"text": trial.answer.text}, **named)


def _own(trial: Trial) -> TrialForm:
    given = {"value": trial.value, "reason": trial.reason}
    return TrialForm(prefix=trial.question.code, initial=given, scale=trial.scale)


@require_POST
@page("matrix.calibrate", find=procurement_for)
def write(request: Visit, procurement: Procurement) -> HttpResponse:
    form = MockAnswerForm(request.POST, questions=selectors.scored_questions(procurement))
    try:
        given = form.checked()
        calibrating.write(
            procurement=procurement, code=given["question"], text=given["text"], actor=request.user
        )
    except Incomplete as error:
        shown = calibration_page(request.user, procurement)
        return _show(request, shown, Refused(request.POST, error), status=422)
    return _back(procurement)


def _back(procurement: Procurement) -> HttpResponse:
    return redirect("matrix:calibration", procurement_id=procurement.pk)


@require_POST
@page("matrix.calibrate", find=mock_for)
def remove(request: Visit, mock: Mock) -> HttpResponse:
    calibrating.remove(procurement=mock.procurement, code=mock.code, actor=request.user)
    return _back(mock.procurement)


@require_POST
@page("matrix.calibrate", find=procurement_for)
def start(request: Visit, procurement: Procurement) -> HttpResponse:
    calibrating.start(procurement=procurement, actor=request.user)
    return _back(procurement)


@require_POST
@page("matrix.try_scores", find=procurement_for)
def score(request: Visit, procurement: Procurement) -> HttpResponse:
    """Save every score for itself; what is wrong stays on the page as it was typed."""
    shown = calibration_page(request.user, procurement)
    trials = shown.now.trials if shown.now else ()
    forms = {
        one.answer.pk: TrialForm(request.POST, prefix=one.question.code, scale=one.scale)
        for one in trials
    }
    forms = {pk: form for pk, form in forms.items() if form.touched}
    right = {pk: form.cleaned_data for pk, form in forms.items() if form.is_valid()}
    refused: dict[UUID, DomainError] = calibrating.score(
        procurement=procurement,
        given={pk: Tried(one["value"], one["reason"]) for pk, one in right.items()},
        actor=request.user,
    )
    for pk, error in refused.items():
        forms[pk].carry(error)
    wrong = {pk: form for pk, form in forms.items() if not form.is_valid()}
    if not wrong:
        return _back(procurement)
    shown = calibration_page(request.user, procurement)
    # An answer of 400 or more would undo the scores that were right.
    return _show(request, shown, typed=wrong, status=422 if len(wrong) == len(forms) else 200)


@require_POST
@page("matrix.calibrate", find=procurement_for)
def show_scores(request: Visit, procurement: Procurement) -> HttpResponse:
    calibrating.show(procurement=procurement, actor=request.user)
    return _back(procurement)
