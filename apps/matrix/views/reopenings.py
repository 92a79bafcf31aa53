"""Locked scores agreed anew: asked for, confirmed or dropped by a second person."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from apps.core.access import page
from apps.core.downloads import download
from apps.core.errors import Incomplete
from apps.core.forms import Form
from apps.matrix import selectors
from apps.matrix.forms.course import DropForm, ReopenForm
from apps.matrix.models import Ranking, Reopening, ScoringRound
from apps.matrix.selectors.reopenings import reopening_for, reopenings_page, superseded_for
from apps.matrix.services import reopening as reopenings
from apps.matrix.types import Desk
from apps.workspace.types import Visit


@page("matrix.view_ranking", find=selectors.desk_for)
def show(request: Visit, desk: Desk) -> HttpResponse:
    return _page(request, desk)


def _page(request: Visit, desk: Desk, **forms: Form) -> HttpResponse:
    failed = next(iter(forms.values()), None)
    context = {
        "case": desk.procurement,
        "page": reopenings_page(request.user, desk),
        "ask_form": ReopenForm(),
        "drop_form": DropForm(),
        "failed": failed,
        **forms,
    }
    return render(request, "matrix/reopenings.html", context, status=422 if failed else 200)


@require_POST
@page("matrix.ask_reopening", find=selectors.scoring_round_for)
def ask(request: Visit, scoring_round: ScoringRound) -> HttpResponse:
    form = ReopenForm(request.POST)
    try:
        reopenings.ask(scoring_round=scoring_round, actor=request.user, **form.checked())
    except Incomplete as error:
        form.carry(error)
        return _page(request, Desk(scoring_round.procurement, scoring_round), ask_form=form)
    return redirect("matrix:reopenings", procurement_id=scoring_round.procurement_id)


@require_POST
@page("matrix.confirm_reopening", find=reopening_for)
def confirm(request: Visit, held: Reopening) -> HttpResponse:
    made = reopenings.confirm(reopening=held, actor=request.user)
    return redirect("matrix:reopenings", procurement_id=made.procurement_id)


@require_POST
@page("matrix.drop_reopening", find=reopening_for)
def drop(request: Visit, held: Reopening) -> HttpResponse:
    form = DropForm(request.POST)
    try:
        reopenings.drop(reopening=held, actor=request.user, **form.checked())
    except Incomplete as error:
        form.carry(error)
        scoring_round = held.scoring_round
        return _page(request, Desk(scoring_round.procurement, scoring_round), drop_form=form)
    return redirect("matrix:reopenings", procurement_id=held.procurement_id)


@page("matrix.view_ranking", find=superseded_for)
def record(_request: Visit, ranking: Ranking) -> HttpResponse:
    """Send a superseded record byte for byte; its name says that it stands no more."""
    of_lot = f"lot-{ranking.lot.code}-" if ranking.lot else ""
    name = f"superseded-{of_lot}{ranking.stage}-{ranking.number}-{ranking.digest[:12]}.json"
    return download(name, ranking.record.encode())
