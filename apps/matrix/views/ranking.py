"""The weighted matrix: the frozen ranking, what-ifs of its weights, its record."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from apps.bids import selectors as bids
from apps.core.access import page
from apps.core.downloads import download
from apps.core.errors import Incomplete
from apps.matrix import selectors
from apps.matrix.forms import FreezeForm, WeightsForm
from apps.matrix.models import Ranking, ScoringRound
from apps.matrix.selectors.ranking_page import RankingPage
from apps.matrix.services import ranking as freezing
from apps.matrix.types import Desk
from apps.workspace.types import Visit


@page("matrix.view_ranking", find=selectors.desk_for)
def show(request: Visit, desk: Desk) -> HttpResponse:
    """Show what was frozen; weights in the address are tried beside it, and never saved."""
    shown = selectors.ranking_page(request.user, desk)
    if shown is None:
        return render(request, "matrix/sealed.html", {"desk": desk})
    return _show(request, desk, shown)


def _show(
    request: Visit, desk: Desk, shown: RankingPage, freeze_form: FreezeForm | None = None
) -> HttpResponse:
    tried = _tried(request, shown)
    context = {
        "page": shown,
        "desk": desk,
        "stages": bids.closed_stages(request.user, desk.procurement),
        "freeze_form": freeze_form or FreezeForm(),
        **tried,
    }
    template = "matrix/_outcome.html" if _moved(request) else "matrix/ranking.html"
    wrong = freeze_form is not None or tried["form"].errors
    return render(request, template, context, status=422 if wrong else 200)


def _moved(request: Visit) -> bool:
    """Whether htmx asks, because somebody moved a weight: then one row is enough."""
    return bool(getattr(request, "htmx", False))


def _tried(request: Visit, shown: RankingPage) -> dict[str, Any]:
    """Return the form of weights and, where some were given, what would come of them."""
    parts = shown.frozen.parts
    given = request.GET if any(part.field in request.GET for part in parts) else None
    form = WeightsForm(given, parts=parts)
    outcome = None
    if given is not None:
        try:
            outcome = selectors.what_if(shown.frozen, form.weights())
        except Incomplete as error:
            form.carry(error)
    return {"form": form, "outcome": outcome}


@require_POST
@page("matrix.freeze", find=selectors.scoring_round_for)
def freeze(request: Visit, scoring_round: ScoringRound) -> HttpResponse:
    form = FreezeForm(request.POST)
    try:
        freezing.freeze(scoring_round=scoring_round, actor=request.user, **form.checked())
    except Incomplete as error:
        form.carry(error)
        desk = Desk(scoring_round.procurement, scoring_round)
        shown = selectors.ranking_page(request.user, desk)
        if shown is not None:
            return _show(request, desk, shown, form)
        raise
    return redirect("matrix:ranking", procurement_id=scoring_round.procurement_id)


@page("matrix.view_ranking", find=selectors.ranking_for)
def record(request: Visit, ranking: Ranking) -> HttpResponse:  # noqa: ARG001 -- a page
    """Send the record byte for byte: its SHA-256 is the digest on the page."""
    name = f"ranking-{ranking.stage}-{ranking.number}-{ranking.digest[:12]}.json"
    return download(name, ranking.record.encode())
