"""Evaluators who left midway: whether their scores count, and who takes over."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from apps.core.access import page
from apps.core.errors import Incomplete
from apps.matrix import selectors
from apps.matrix.forms.course import SubstituteForm
from apps.matrix.selectors.leavers import substitutes_page
from apps.matrix.selectors.scoring_pages import evaluators_of
from apps.matrix.services import substituting
from apps.matrix.types import Desk, Leaving
from apps.workspace.types import Visit


@page("matrix.view_progress", find=selectors.desk_for)
def show(request: Visit, desk: Desk) -> HttpResponse:
    return _page(request, desk)


def _page(request: Visit, desk: Desk, failed: SubstituteForm | None = None) -> HttpResponse:
    held = selectors.board(request.user, desk.scoring_round) if desk.scoring_round else None
    shown = substitutes_page(request.user, desk, held)
    others = evaluators_of(desk)
    rows = [
        (
            one,
            failed
            if failed and failed.prefix == str(one.user.pk)
            else SubstituteForm(prefix=str(one.user.pk), evaluators=others),
        )
        for one in shown.leavers
    ]
    context = {"case": desk.procurement, "page": shown, "rows": rows, "failed": failed}
    return render(request, "matrix/substitutes.html", context, status=422 if failed else 200)


@require_POST
@page("matrix.substitute", find=selectors.leaving_for)
def replace(request: Visit, leaving: Leaving) -> HttpResponse:
    scoring_round = leaving.scoring_round
    desk = Desk(scoring_round.procurement, scoring_round)
    form = SubstituteForm(request.POST, prefix=str(leaving.person), evaluators=evaluators_of(desk))
    try:
        substituting.replace(
            scoring_round=scoring_round,
            replaced=leaving.person,
            actor=request.user,
            **form.decided(),
        )
    except Incomplete as error:
        form.carry(error)
        return _page(request, desk, form)
    return redirect("matrix:substitutes", procurement_id=scoring_round.procurement_id)
