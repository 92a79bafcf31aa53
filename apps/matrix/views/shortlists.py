"""The shortlist of a request for information: what the rule gives, proposed, confirmed, followed."""

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from apps.bids.models import Shortlist
from apps.bids.selectors import shortlist as shortlists
from apps.bids.services import shortlisting as deciding
from apps.core.access import page
from apps.core.errors import Incomplete
from apps.core.forms import Form
from apps.matrix.forms import ChooseForm, TenderForm
from apps.matrix.selectors.shortlisting import ShortlistPage, shortlist_page
from apps.matrix.services import shortlisting
from apps.rfp.models import Rfp
from apps.rfp.selectors import desk_for, rfp_for, shipped
from apps.rfp.types import Desk
from apps.workspace.types import Visit


@page("bids.view_shortlist", find=desk_for)
def show(request: Visit, desk: Desk) -> HttpResponse:
    return _show(request, desk, shortlist_page(request.user, desk))


def _show(request: Visit, desk: Desk, shown: ShortlistPage, **forms: Form) -> HttpResponse:
    context: dict[str, Any] = {"page": shown, "case": desk.procurement, **_forms(desk, shown)}
    context |= forms
    failed = next((form for form in forms.values() if form.errors), None)
    context["failed"] = failed
    return render(request, "matrix/shortlist.html", context, status=422 if failed else 200)


def _forms(desk: Desk, shown: ShortlistPage, data: Any = None) -> dict[str, Form]:
    tied = shown.proposal.tied if shown.proposal else ()
    initial = {"title": desk.procurement.title, "source": "copy"}
    return {
        "choose": ChooseForm(data, tied=tied),
        "tender": TenderForm(data, shipped=shipped(), initial=initial),
    }


@require_POST
@page("bids.propose_shortlist", find=rfp_for)
def propose(request: Visit, rfp: Rfp) -> HttpResponse:
    desk = Desk(rfp.procurement, rfp)
    shown = shortlist_page(request.user, desk)
    form = _forms(desk, shown, request.POST)["choose"]
    try:
        given = form.checked()
        shortlisting.propose(
            rfp=rfp,
            chosen=[uuid.UUID(one) for one in given["chosen"]],
            reason=given["reason"],
            actor=request.user,
        )
    except Incomplete as error:
        form.carry(error)
        return _show(request, desk, shown, choose=form)
    return _back(rfp.procurement_id)


@require_POST
@page("bids.confirm_shortlist", find=shortlists.shortlist_for)
def confirm(request: Visit, held: Shortlist) -> HttpResponse:
    deciding.confirm(shortlist=held, actor=request.user)
    return _back(held.procurement_id)


@require_POST
@page("bids.confirm_shortlist", find=shortlists.shortlist_for)
def drop(request: Visit, held: Shortlist) -> HttpResponse:
    deciding.drop(shortlist=held, actor=request.user)
    return _back(held.procurement_id)


@require_POST
@page("bids.propose_shortlist", find=shortlists.confirmed_shortlist_for)
def start_tender(request: Visit, held: Shortlist) -> HttpResponse:
    """Open the procurement of the tender and lead to its questionnaire."""
    desk = Desk(held.rfp.procurement, held.rfp)
    shown = shortlist_page(request.user, desk)
    form = _forms(desk, shown, request.POST)["tender"]
    try:
        made = shortlisting.start_tender(shortlist=held, actor=request.user, **form.checked())
    except Incomplete as error:
        form.carry(error)
        return _show(request, desk, shown, tender=form)
    return redirect("rfp:builder", procurement_id=made.procurement_id)


def _back(procurement_id: uuid.UUID) -> HttpResponse:
    return redirect("matrix:shortlist", procurement_id=procurement_id)
