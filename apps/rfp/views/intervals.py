"""A workload from a file of recorded intervals: bring it, see what was understood, take it."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.core.access import page
from apps.core.errors import Incomplete, NotFound, WrongState
from apps.rfp import selectors
from apps.rfp.forms.intervals import IntervalsForm, TakeForm
from apps.rfp.models import Lot, Rfp
from apps.rfp.services import intervals
from apps.rfp.services.intervals import Proposal
from apps.rfp.states import RfpState
from apps.rfp.views.showing import posted
from apps.workspace.types import Visit


@page("rfp.author", find=selectors.rfp_for)
def bring(request: Visit, rfp: Rfp) -> HttpResponse:
    """Read a file of recorded intervals and show what it becomes; nothing is saved."""
    lot = _lot(request, rfp)
    form, status, proposal = IntervalsForm(posted(request), request.FILES or None), 200, None
    if request.method == "POST":
        proposal, status = _read(request, rfp, lot, form)
    return _shown(request, rfp, lot, form=form, proposal=proposal, status=status)


def _lot(request: Visit, rfp: Rfp) -> Lot | None:
    if not rfp.asks_price:
        raise NotFound(_("A request for information has no workload: it asks for no price."))
    return selectors.picked(selectors.lots_of(rfp), request.GET.get("lot", ""))


def _read(
    request: Visit, rfp: Rfp, lot: Lot | None, form: IntervalsForm
) -> tuple[Proposal | None, int]:
    try:
        asked = form.asked()
        file = form.cleaned_data["file"]
        found = intervals.propose(
            rfp=rfp,
            name=file.name or "",
            content=file.read(),
            asked=asked,
            actor=request.user,
            lot=lot,
        )
    except Incomplete as refused:
        form.carry(refused)
        return None, refused.status
    return found, 200


def _shown(
    request: Visit, rfp: Rfp, lot: Lot | None, *, status: int = 200, **more: Any
) -> HttpResponse:
    context: dict[str, Any] = {
        **more,
        "rfp": rfp,
        "lot": lot,
        "lots": selectors.lots_of(rfp),
        "editable": rfp.state == RfpState.DRAFT,
    }
    if proposal := more.get("proposal"):
        context |= {
            "page": selectors.brought_week(proposal.understood, proposal.peaks),
            "take": TakeForm(initial={"token": proposal.token}),
        }
    return render(request, "rfp/workload_file.html", context, status=status)


@require_POST
@page("rfp.author", find=selectors.rfp_for)
def take(request: Visit, rfp: Rfp) -> HttpResponse:
    """Save what the preview showed as the workload."""
    lot = _lot(request, rfp)
    given = TakeForm(request.POST)
    try:
        token = given.checked()["token"]
        intervals.take_in(rfp=rfp, token=token, actor=request.user, lot=lot)
    except (Incomplete, WrongState) as refused:
        if rfp.state != RfpState.DRAFT:
            raise
        said = refused.sentence
        return _shown(request, rfp, lot, form=IntervalsForm(), refused=said, status=refused.status)
    query = f"?{urlencode({'lot': lot.code})}" if lot else ""
    return redirect(reverse("rfp:workload", args=[rfp.procurement_id]) + query)
