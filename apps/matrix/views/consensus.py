"""The consensus: opened, agreed answer by answer, locked for good."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from apps.core.access import page
from apps.core.errors import Incomplete
from apps.matrix import selectors
from apps.matrix.forms import ReturnForm
from apps.matrix.forms.judging import AgreedForm
from apps.matrix.models import ScoringRound
from apps.matrix.selectors.consensus_pages import AgreeingPage
from apps.matrix.services import consensus
from apps.matrix.types import Desk, Item
from apps.matrix.views.sheets import filled, summary, typed
from apps.workspace.types import Visit


@page("matrix.view_round", find=selectors.desk_for)
def overview(request: Visit, desk: Desk) -> HttpResponse:
    return _overview(request, desk)


def _overview(request: Visit, desk: Desk, *, form: ReturnForm | None = None) -> HttpResponse:
    context = {
        "page": selectors.consensus_page(request.user, desk),
        "form": form or ReturnForm(),
    }
    return render(request, "matrix/consensus.html", context, status=422 if form else 200)


def _refused(request: Visit, scoring_round: ScoringRound, error: Incomplete) -> HttpResponse:
    form = ReturnForm(request.POST)
    form.carry(error)
    return _overview(request, Desk(scoring_round.procurement, scoring_round), form=form)


@require_POST
@page("matrix.open_consensus", find=selectors.scoring_round_for)
def open_consensus(request: Visit, scoring_round: ScoringRound) -> HttpResponse:
    try:
        consensus.open_consensus(scoring_round=scoring_round, actor=request.user)
    except Incomplete as error:
        return _refused(request, scoring_round, error)
    return redirect("matrix:consensus", procurement_id=scoring_round.procurement_id)


@require_POST
@page("matrix.open_consensus", find=selectors.scoring_round_for)
def return_to_scoring(request: Visit, scoring_round: ScoringRound) -> HttpResponse:
    form = ReturnForm(request.POST)
    try:
        consensus.return_to_scoring(
            scoring_round=scoring_round, actor=request.user, **form.checked()
        )
    except Incomplete as error:
        return _refused(request, scoring_round, error)
    return redirect("matrix:scoring", procurement_id=scoring_round.procurement_id)


@require_POST
@page("matrix.agree", find=selectors.scoring_round_for)
def adopt_unanimous(request: Visit, scoring_round: ScoringRound) -> HttpResponse:
    count = consensus.adopt_unanimous(scoring_round=scoring_round, actor=request.user)
    words = ngettext("{count} score adopted.", "{count} scores adopted.", count)
    messages.success(request, words.format(count=count))
    return redirect("matrix:consensus", procurement_id=scoring_round.procurement_id)


@require_POST
@page("matrix.lock_round", find=selectors.scoring_round_for)
def lock(request: Visit, scoring_round: ScoringRound) -> HttpResponse:
    try:
        consensus.lock(scoring_round=scoring_round, actor=request.user)
    except Incomplete as error:
        return _refused(request, scoring_round, error)
    return redirect("matrix:ranking", procurement_id=scoring_round.procurement_id)


@page("matrix.view_scores", find=selectors.item_for)
def question(request: Visit, item: Item) -> HttpResponse:
    shown = selectors.agreeing_page(request.user, item)
    context = {"rows": filled(shown.rows, AgreedForm, shown.scale), "saved": "saved" in request.GET}
    return _question(request, shown, context)


def _question(
    request: Visit, shown: AgreeingPage, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    return render(request, "matrix/agreeing.html", {**context, "page": shown}, status=status)


@require_POST
@page("matrix.agree", find=selectors.item_for)
def agree(request: Visit, item: Item) -> HttpResponse:
    """Record every row for itself; what is wrong stays on the page as it was typed."""
    before = selectors.agreeing_page(request.user, item)
    given = typed(before.rows, request.POST, AgreedForm, before.scale)
    refused = consensus.agree_sheet(
        scoring_round=item.scoring_round,
        question=item.question,
        given=given.judgements(),
        actor=request.user,
    )
    if not given.wrong(refused):
        here = reverse("matrix:agreeing", args=[item.procurement.pk, item.question.code])
        return redirect(f"{here}?saved")
    shown = selectors.agreeing_page(request.user, item)
    rows = given.shown(shown.rows, refused)
    # An answer of 400 or more would undo the rows that were right.
    status = 422 if given.nothing_saved(refused) else 200
    return _question(request, shown, {"rows": rows, "errors": summary(rows)}, status)
