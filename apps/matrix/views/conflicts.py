"""Conflicts with one vendor: named by an evaluator, settled by a lead.

They have a page of their own: names of vendors stand on none that shows letters.
"""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from apps.core.access import page
from apps.core.errors import Incomplete
from apps.core.forms import Form
from apps.matrix import selectors
from apps.matrix.forms import NameConflictForm, SettleForm
from apps.matrix.selectors.recusals import conflict_for, conflicts_page, vendors_of
from apps.matrix.services import recusing
from apps.matrix.types import Desk
from apps.workspace.models import NamedConflict
from apps.workspace.types import Visit


@page("matrix.view_conflicts", find=selectors.desk_for)
def show(request: Visit, desk: Desk) -> HttpResponse:
    return _page(request, desk)


def _page(
    request: Visit, desk: Desk, *, form: Form | None = None, refused: Form | None = None
) -> HttpResponse:
    context = {
        "case": desk.procurement,
        "page": conflicts_page(request.user, desk),
        "form": form or NameConflictForm(),
        "refused": form or refused,
    }
    wrong = form is not None or refused is not None
    return render(request, "matrix/conflicts.html", context, status=422 if wrong else 200)


@require_POST
@page("matrix.name_conflict", find=selectors.desk_for)
def name_conflict(request: Visit, desk: Desk) -> HttpResponse:
    form = NameConflictForm(request.POST)
    try:
        recusing.name_conflict(procurement=desk.procurement, actor=request.user, **form.checked())
    except Incomplete as error:
        form.carry(error)
        return _page(request, desk, form=form)
    return redirect("matrix:conflicts", procurement_id=desk.procurement.pk)


@require_POST
@page("matrix.settle_conflict", find=conflict_for)
def settle(request: Visit, conflict: NamedConflict) -> HttpResponse:
    case = conflict.procurement
    form = SettleForm(request.POST, vendors=vendors_of(request.user, case))
    try:
        recusing.settle(conflict=conflict, vendor=form.chosen(), actor=request.user)
    except Incomplete as error:
        form.carry(error)
        desk = selectors.desk_for(request.user, procurement_id=case.pk)
        return _page(request, desk, refused=form)
    return redirect("matrix:conflicts", procurement_id=case.pk)
