"""The weighted matrix: the frozen ranking, what-ifs of its weights, its record."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from apps.bids import selectors as bids
from apps.core.access import page
from apps.core.downloads import download
from apps.core.errors import Incomplete
from apps.matrix import selectors
from apps.matrix.forms import FreezeForm, WeightsForm
from apps.matrix.models import Ranking, ScoringRound
from apps.matrix.selectors.criteria_page import criteria_page
from apps.matrix.selectors.frozen import Frozen
from apps.matrix.selectors.ranking_page import RankingPage
from apps.matrix.services import ranking as freezing
from apps.matrix.states import ScoringPhase
from apps.matrix.types import Desk
from apps.rfp.models import Lot
from apps.rfp.selectors import lots_in, picked, query_of
from apps.workspace.types import Visit


@page("matrix.view_ranking", find=selectors.desk_for)
def show(request: Visit, desk: Desk) -> HttpResponse:
    """Show what was frozen; weights in the address are tried beside it, and never saved."""
    lots = lots_in(desk.procurement)
    lot = picked(lots, request.GET.get("lot", ""))
    if _moved(request) and (held := selectors.standing(request.user, desk, lot)):
        return _outcome(request, held)
    shown = selectors.ranking_page(request.user, desk, lot)
    if shown is None:
        locked = desk.scoring_round and desk.scoring_round.phase == ScoringPhase.LOCKED
        around = {
            "desk": desk,
            "lots": lots,
            "lot": lot,
            "empty_lot": lot and locked,
            "reopened": desk.scoring_round and desk.scoring_round.supersedes_id and not locked,
        }
        return render(request, "matrix/sealed.html", around)
    return _show(request, desk, shown, lots)


def _show(
    request: Visit,
    desk: Desk,
    shown: RankingPage,
    lots: tuple[Lot, ...],
    freeze_form: FreezeForm | None = None,
) -> HttpResponse:
    tried = _tried(request, shown.frozen)
    context = {
        "page": shown,
        "desk": desk,
        "lots": lots,
        "lot": shown.frozen.ranking.lot,
        "stages": bids.closed_stages(request.user, desk.procurement),
        "freeze_form": freeze_form or FreezeForm(),
        **tried,
    }
    wrong = freeze_form is not None or tried["form"].errors
    return render(request, "matrix/ranking.html", context, status=422 if wrong else 200)


@page("matrix.view_ranking", find=selectors.desk_for)
def criteria(request: Visit, desk: Desk) -> HttpResponse:
    """Show the criteria of one section, as they were frozen."""
    lots = lots_in(desk.procurement)
    lot = picked(lots, request.GET.get("lot", ""))
    held = selectors.standing(request.user, desk, lot)
    if held is None:
        return redirect(reverse("matrix:ranking", args=[desk.procurement.pk]) + query_of(lot))
    shown = criteria_page(held, request.GET.get("section", ""))
    return render(
        request, "matrix/criteria.html", {"page": shown, "desk": desk, "lots": lots, "lot": lot}
    )


def _moved(request: Visit) -> bool:
    """Whether htmx asks, because somebody moved a weight: then one row is enough."""
    return bool(getattr(request, "htmx", False))


def _outcome(request: Visit, held: Frozen) -> HttpResponse:
    """Show the row of the weights that were tried: somebody holds a slider and waits for it."""
    tried = _tried(request, held)
    status = 422 if tried["form"].errors else 200
    return render(request, "matrix/_outcome.html", {"frozen": held, **tried}, status=status)


def _tried(request: Visit, held: Frozen) -> dict[str, Any]:
    """Return the form of weights and, where some were given, what would come of them."""
    parts = held.parts
    given = request.GET if any(part.field in request.GET for part in parts) else None
    form = WeightsForm(given, parts=parts)
    outcome = None
    if given is not None:
        try:
            outcome = selectors.what_if(held, form.weights())
        except Incomplete as error:
            form.carry(error)
    return {"form": form, "outcome": outcome}


@require_POST
@page("matrix.freeze", find=selectors.scoring_round_for)
def freeze(request: Visit, scoring_round: ScoringRound) -> HttpResponse:
    form = FreezeForm(request.POST)
    lots = lots_in(scoring_round.procurement)
    lot = picked(lots, request.GET.get("lot", ""))
    try:
        freezing.freeze(scoring_round=scoring_round, actor=request.user, lot=lot, **form.checked())
    except Incomplete as error:
        form.carry(error)
        desk = Desk(scoring_round.procurement, scoring_round)
        shown = selectors.ranking_page(request.user, desk, lot)
        if shown is not None:
            return _show(request, desk, shown, lots, form)
        raise
    url = reverse("matrix:ranking", args=[scoring_round.procurement_id])
    return redirect(url + query_of(lot))


@page("matrix.view_ranking", find=selectors.ranking_for)
def record(request: Visit, ranking: Ranking) -> HttpResponse:
    """Send the record byte for byte: its SHA-256 is the digest on the page."""
    if code := request.GET.get("lot"):
        case = ranking.procurement_id
        ranking = selectors.ranking_for(request.user, procurement_id=case, code=code)
    of_lot = f"lot-{ranking.lot.code}-" if ranking.lot else ""
    name = f"ranking-{of_lot}{ranking.stage}-{ranking.number}-{ranking.digest[:12]}.json"
    return download(name, ranking.record.encode())
