"""Stages beside the written bid."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from apps.bids import selectors
from apps.bids.forms.staging import CountedForm, PlanForm, ScoreForm
from apps.bids.models import Stage
from apps.bids.selectors.stages import Seat
from apps.bids.services import staging
from apps.core.access import can, page
from apps.core.errors import Incomplete
from apps.rfp.models import Rfp
from apps.rfp.selectors import desk_for, rfp_for
from apps.rfp.types import Desk
from apps.workspace.types import Visit


@page("bids.view_stages", find=desk_for)
def stages(request: Visit, desk: Desk) -> HttpResponse:
    return _list(request, desk)


def _list(
    request: Visit,
    desk: Desk,
    form: PlanForm | None = None,
    counted: CountedForm | None = None,
) -> HttpResponse:
    shown = selectors.stages_page(request.user, desk)
    wrong = form or counted
    context = {
        "page": shown,
        "case": desk.procurement,
        "plan": form or PlanForm(vendors=shown.vendors),
        "count": counted or CountedForm(vendors=shown.vendors, counted=shown.counted),
        "form": wrong,
    }
    return render(request, "bids/stages.html", context, status=422 if wrong else 200)


@require_POST
@page("bids.plan_stage", find=rfp_for)
def plan(request: Visit, rfp: Rfp) -> HttpResponse:
    form = PlanForm(request.POST, vendors=selectors.vendors_of(request.user, rfp))
    try:
        stage = staging.plan(rfp=rfp, actor=request.user, **form.values())
    except Incomplete as error:
        form.carry(error)
        return _list(request, Desk(rfp.procurement, rfp), form)
    return redirect("bids:stage", procurement_id=rfp.procurement_id, stage_id=stage.pk)


@require_POST
@page("bids.plan_stage", find=rfp_for)
def plan_counted(request: Visit, rfp: Rfp) -> HttpResponse:
    """Plan a stage that was published with a weight."""
    form = CountedForm(
        request.POST,
        vendors=selectors.vendors_of(request.user, rfp),
        counted=selectors.counted_of(rfp),
    )
    try:
        made = staging.plan(rfp=rfp, actor=request.user, **form.values())
    except Incomplete as error:
        form.carry(error)
        return _list(request, Desk(rfp.procurement, rfp), counted=form)
    return redirect("bids:stage", procurement_id=rfp.procurement_id, stage_id=made.pk)


@page("bids.view_stages", find=selectors.stage_for)
def stage(request: Visit, held: Stage) -> HttpResponse:
    return _show(request, held)


def _show(request: Visit, held: Stage, wrong: ScoreForm | None = None) -> HttpResponse:
    shown = selectors.one_stage(request.user, held)
    may_score = not shown.closed and can(request.user, "bids.score_stage", held)
    agrees = shown.counts and not shown.closed and can(request.user, "bids.agree_stage", held)
    context = {
        "case": held.rfp.procurement,
        "page": shown,
        "rubric": sorted(held.rubric.items()),
        "rows": [(seat, _form(seat, wrong) if may_score else None) for seat in shown.seats],
        "may_close": not shown.closed and can(request.user, "bids.plan_stage", held),
        "agreeing": [(seat, _agree(seat, wrong)) for seat in shown.seats if agrees and seat.given],
        "form": wrong,
    }
    return render(request, "bids/stage.html", context, status=422 if wrong else 200)


def _form(seat: Seat, wrong: ScoreForm | None) -> ScoreForm:
    """Return the form of one vendor: as it was sent where it was refused, else as it stands."""
    guest = str(seat.guest.pk)
    if wrong is not None and wrong.data.get("guest") == guest:
        return wrong
    own = {"value": seat.own.value, "reason": seat.own.reason} if seat.own else {}
    return ScoreForm(initial={"guest": guest, **own}, auto_id=f"s{guest[-8:]}_%s")


def _agree(seat: Seat, wrong: ScoreForm | None) -> ScoreForm:
    guest = str(seat.guest.pk)
    if wrong is not None and wrong.data.get("guest") == guest:
        return wrong
    held = {} if seat.agreed is None else {"value": seat.agreed}
    return ScoreForm(initial={"guest": guest, **held}, auto_id=f"a{guest[-8:]}_%s")


@require_POST
@page("bids.agree_stage", find=selectors.stage_for)
def agree(request: Visit, held: Stage) -> HttpResponse:
    guest = selectors.guest_of(held, request.POST.get("guest", ""))
    form = ScoreForm(request.POST, auto_id=f"a{str(guest.pk)[-8:]}_%s")
    try:
        given = form.checked()
        staging.agree(guest=guest, value=given["value"], reason=given["reason"], actor=request.user)
    except Incomplete as error:
        form.carry(error)
        return _show(request, held, form)
    return redirect("bids:stage", procurement_id=held.procurement_id, stage_id=held.pk)


@require_POST
@page("bids.score_stage", find=selectors.stage_for)
def score(request: Visit, held: Stage) -> HttpResponse:
    guest = selectors.guest_of(held, request.POST.get("guest", ""))
    form = ScoreForm(request.POST, auto_id=f"s{str(guest.pk)[-8:]}_%s")
    try:
        given = form.checked()
        staging.score(guest=guest, value=given["value"], reason=given["reason"], actor=request.user)
    except Incomplete as error:
        form.carry(error)
        return _show(request, held, form)
    return redirect("bids:stage", procurement_id=held.procurement_id, stage_id=held.pk)


@require_POST
@page("bids.plan_stage", find=selectors.stage_for)
def close(request: Visit, held: Stage) -> HttpResponse:
    staging.close(stage=held, actor=request.user)
    return redirect("bids:stage", procurement_id=held.procurement_id, stage_id=held.pk)
