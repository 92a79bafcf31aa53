"""Scoring alone: who scores what, one question across all bids, one judgement at a time."""

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from apps.core.access import page
from apps.core.downloads import download
from apps.core.errors import Incomplete
from apps.core.templatetags.formats import clock
from apps.matrix import selectors
from apps.matrix.forms import AssignForm, AssignmentsForm
from apps.matrix.forms.judging import JudgementForm
from apps.matrix.models import ScoringRound
from apps.matrix.selectors.nudges import comparison_in
from apps.matrix.selectors.rubric import scale_of
from apps.matrix.selectors.scoring_pages import QuestionPage
from apps.matrix.services import scoring
from apps.matrix.types import Chapter, Desk, FileAt, Item, Place
from apps.matrix.views.sheets import filled, summary, typed
from apps.workspace.types import Visit


@page("matrix.view_round", find=selectors.desk_for)
def overview(request: Visit, desk: Desk) -> HttpResponse:
    return _overview(request, desk)


def _overview(
    request: Visit,
    desk: Desk,
    *,
    form: AssignmentsForm | None = None,
    assign_form: AssignForm | None = None,
) -> HttpResponse:
    shown = selectors.scoring_page(request.user, desk)
    people: dict[str, Any] = {"sections": shown.sections, "evaluators": shown.evaluators}
    context = {
        "page": shown,
        "form": form or AssignmentsForm(initial=shown.of_groups, **people),
        "assign_form": assign_form or AssignForm(**people),
    }
    wrong = form is not None or assign_form is not None
    return render(request, "matrix/scoring.html", context, status=422 if wrong else 200)


@require_POST
@page("matrix.begin", find=selectors.desk_for)
def begin(request: Visit, desk: Desk) -> HttpResponse:
    shown = selectors.scoring_page(request.user, desk)
    form = AssignmentsForm(request.POST, sections=shown.sections, evaluators=shown.evaluators)
    try:
        scoring.begin(
            procurement=desk.procurement, assignments=form.assignments(), actor=request.user
        )
    except Incomplete as error:
        form.carry(error)
        return _overview(request, desk, form=form)
    return redirect("matrix:scoring", procurement_id=desk.procurement.pk)


@require_POST
@page("matrix.begin", find=selectors.scoring_round_for)
def assign(request: Visit, scoring_round: ScoringRound) -> HttpResponse:
    desk = Desk(scoring_round.procurement, scoring_round)
    shown = selectors.scoring_page(request.user, desk)
    form = AssignForm(request.POST, sections=shown.sections, evaluators=shown.evaluators)
    try:
        given = form.checked()
        scoring.assign(
            scoring_round=scoring_round,
            section=next(one for one in shown.sections if str(one.pk) == given["section"]),
            evaluator=given["evaluator"],
            actor=request.user,
        )
    except Incomplete as error:
        form.carry(error)
        return _overview(request, desk, assign_form=form)
    return redirect("matrix:scoring", procurement_id=scoring_round.procurement_id)


@require_POST
@page("matrix.score", find=selectors.chapter_for)
def finish(request: Visit, chapter: Chapter) -> HttpResponse:
    scoring.finish(scoring_round=chapter.scoring_round, section=chapter.section, actor=request.user)
    return redirect("matrix:scoring", procurement_id=chapter.procurement.pk)


@page("matrix.view_round", find=selectors.item_for)
def question(request: Visit, item: Item) -> HttpResponse:
    shown = selectors.question_page(request.user, item)
    columns = filled(shown.columns, JudgementForm, shown.scale)
    context = {"columns": columns, "saved": "saved" in request.GET}
    return _question(request, shown, context)


def _question(
    request: Visit, shown: QuestionPage, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    back = reverse("matrix:scoring", args=[shown.item.procurement.pk])
    context |= {"page": shown, "back_url": back}
    return render(request, "matrix/question.html", context, status=status)


@require_POST
@page("matrix.score", find=selectors.item_for)
def save_all(request: Visit, item: Item) -> HttpResponse:
    """Save every judgement for itself; what is wrong stays on the page as it was typed."""
    before = selectors.question_page(request.user, item)
    given = typed(before.columns, request.POST, JudgementForm, before.scale)
    refused = scoring.save_sheet(
        scoring_round=item.scoring_round,
        question=item.question,
        given=given.judgements(),
        actor=request.user,
    )
    if not given.wrong(refused):
        here = reverse("matrix:question", args=[item.procurement.pk, item.question.code])
        return redirect(f"{here}?saved")
    shown = selectors.question_page(request.user, item)
    columns = given.shown(shown.columns, refused)
    # An answer of 400 or more would undo the judgements that were right.
    status = 422 if given.nothing_saved(refused) else 200
    return _question(request, shown, {"columns": columns, "errors": summary(columns)}, status)


@require_POST
@page("matrix.score", find=selectors.place_for)
def save(request: Visit, place: Place) -> HttpResponse:
    """Save one judgement for the script: If-Match names the version it was written on."""
    scale = scale_of(place.question)
    form = JudgementForm(request.POST, prefix=place.bid.letter, scale=scale)
    given = form.checked()
    header = request.headers.get("If-Match", "").strip('"')
    saved = scoring.save(
        scoring_round=place.scoring_round,
        bid=place.bid,
        question=place.question,
        value=given["value"],
        reason=given["reason"],
        actor=request.user,
        version=int(header) if header.isascii() and header.isdigit() else given["version"],
        marks=given["marks"],
    )
    return JsonResponse(
        {
            "version": saved.version,
            "saved": clock(saved.created_at),
            "nudge": comparison_in(saved.reason, place.bid.letter),
        }
    )


@page("matrix.view_round", find=selectors.file_for)
def evidence(request: Visit, held: FileAt) -> HttpResponse:
    name, content = selectors.evidence_for(request.user, held)
    return download(name, content)
