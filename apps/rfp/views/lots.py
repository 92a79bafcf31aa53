"""The page of lots: add, describe, remove them; give sections to them; limit what one vendor wins."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from apps.core.access import page
from apps.rfp import selectors
from apps.rfp.forms.lots import AddLotForm, AssignForm, EditLotForm, LimitForm
from apps.rfp.models import Lot, Rfp
from apps.rfp.services import authoring
from apps.rfp.types import Desk
from apps.rfp.views.authoring import unstarted
from apps.rfp.views.showing import UNREADABLE, accepted
from apps.workspace.types import Visit


@page("rfp.view", find=selectors.desk_for)
def lots(request: Visit, desk: Desk) -> HttpResponse:
    if desk.rfp is None:
        return unstarted(request, desk)
    return _page(request, desk.rfp)


def _page(
    request: Visit, rfp: Rfp, edited: EditLotForm | None = None, **forms: Any
) -> HttpResponse:
    shown = selectors.lots_page(rfp, selectors.questionnaire(rfp))
    held = [line.lot for line in shown.lines]
    for lot in held:
        lot.rfp = rfp
    wrong = [form for form in (edited, *forms.values()) if form is not None and form.errors]
    context = {
        "page": shown,
        "rfp": rfp,
        "editable": selectors.may_edit(request.user, rfp),
        "add": AddLotForm(),
        "assign": AssignForm(sections=shown.sections, lots=held),
        "limit": LimitForm(initial={"most_lots": rfp.most_lots}),
        "wrong": wrong[0] if wrong else None,
        "lines": [(line, _edit_form(line.lot, edited)) for line in shown.lines],
        **forms,
    }
    return render(request, "rfp/lots.html", context, status=UNREADABLE if wrong else 200)


def _edit_form(lot: Lot, edited: EditLotForm | None) -> EditLotForm:
    return edited if edited is not None and edited.lot.pk == lot.pk else EditLotForm(lot=lot)


def _back(rfp: Rfp) -> HttpResponse:
    return redirect("rfp:lots", procurement_id=rfp.procurement_id)


@require_POST
@page("rfp.author", find=selectors.rfp_for)
def add(request: Visit, rfp: Rfp) -> HttpResponse:
    form = AddLotForm(request.POST)
    if accepted(form, lambda: authoring.add_lot(rfp=rfp, actor=request.user, **form.cleaned_data)):
        return _back(rfp)
    return _page(request, rfp, add=form)


@require_POST
@page("rfp.author", find=selectors.lot_for)
def edit(request: Visit, lot: Lot) -> HttpResponse:
    form = EditLotForm(request.POST, lot=lot)
    if accepted(form, lambda: authoring.edit_lot(lot=lot, actor=request.user, **form.values())):
        return _back(lot.rfp)
    return _page(request, lot.rfp, form)


@require_POST
@page("rfp.author", find=selectors.lot_for)
def remove(request: Visit, lot: Lot) -> HttpResponse:
    authoring.remove_lot(lot=lot, actor=request.user)
    return _back(lot.rfp)


@require_POST
@page("rfp.author", find=selectors.rfp_for)
def assign(request: Visit, rfp: Rfp) -> HttpResponse:
    """Say for which lot each section is asked."""
    shown = selectors.lots_page(rfp, selectors.questionnaire(rfp))
    held = [line.lot for line in shown.lines]
    form = AssignForm(request.POST, sections=shown.sections, lots=held)
    if accepted(
        form,
        lambda: authoring.assign_sections(rfp=rfp, lots=form.lots(), actor=request.user),
    ):
        return _back(rfp)
    return _page(request, rfp, assign=form)


@require_POST
@page("rfp.author", find=selectors.rfp_for)
def limit(request: Visit, rfp: Rfp) -> HttpResponse:
    form = LimitForm(request.POST)
    if accepted(
        form,
        lambda: authoring.limit_lots(
            rfp=rfp, most=form.cleaned_data["most_lots"], actor=request.user
        ),
    ):
        return _back(rfp)
    return _page(request, rfp, limit=form)
