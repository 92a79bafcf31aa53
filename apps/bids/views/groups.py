"""The panel's groups: who waits for what, and the release of the next one."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from apps.bids.forms.grouping import GroupForm, ReleaseForm, SeatsForm
from apps.bids.models import PanelGroup
from apps.bids.selectors.groups import GroupLine, group_for, groups_page
from apps.bids.services import grouping
from apps.core.access import page
from apps.core.errors import Incomplete
from apps.core.forms import Form
from apps.workspace.models import Procurement, User
from apps.workspace.selectors import procurement_for
from apps.workspace.types import Visit


@page("bids.view_groups", find=procurement_for)
def groups(request: Visit, case: Procurement) -> HttpResponse:
    return _page(request, case)


def _page(request: Visit, case: Procurement, failed: Form | None = None) -> HttpResponse:
    shown = groups_page(request.user, case)
    context = {
        "case": case,
        "page": shown,
        "failed": failed,
        "rows": [(one, _seats(one, shown.evaluators, failed)) for one in shown.groups],
        "add_form": failed
        if isinstance(failed, GroupForm)
        else GroupForm(sections=shown.whole, evaluators=shown.evaluators),
        "release_form": failed if isinstance(failed, ReleaseForm) else ReleaseForm(),
    }
    return render(request, "bids/groups.html", context, status=422 if failed else 200)


def _seats(one: GroupLine, evaluators: tuple[User, ...], failed: Form | None) -> Form:
    prefix = str(one.group.position)
    if type(failed) is SeatsForm and failed.prefix == prefix:
        return failed
    held = [str(member.pk) for member in one.members]
    return SeatsForm(prefix=prefix, evaluators=evaluators, initial={"members": held})


@require_POST
@page("bids.arrange_groups", find=procurement_for)
def arrange(request: Visit, case: Procurement) -> HttpResponse:
    shown = groups_page(request.user, case)
    form = GroupForm(request.POST, sections=shown.whole, evaluators=shown.evaluators)
    try:
        grouping.arrange(procurement=case, actor=request.user, **form.checked())
    except Incomplete as error:
        form.carry(error)
        return _page(request, case, form)
    return redirect("bids:groups", procurement_id=case.pk)


@require_POST
@page("bids.arrange_groups", find=group_for)
def remove(request: Visit, group: PanelGroup) -> HttpResponse:
    grouping.remove(group=group, actor=request.user)
    return redirect("bids:groups", procurement_id=group.procurement_id)


@require_POST
@page("bids.arrange_groups", find=group_for)
def reseat(request: Visit, group: PanelGroup) -> HttpResponse:
    people = groups_page(request.user, group.procurement).evaluators
    form = SeatsForm(request.POST, prefix=str(group.position), evaluators=people)
    try:
        grouping.reseat(group=group, actor=request.user, **form.checked())
    except Incomplete as error:
        form.carry(error)
        return _page(request, group.procurement, form)
    return redirect("bids:groups", procurement_id=group.procurement_id)


@require_POST
@page("bids.release_group", find=group_for)
def release(request: Visit, group: PanelGroup) -> HttpResponse:
    form = ReleaseForm(request.POST)
    try:
        grouping.release(group=group, actor=request.user, **form.checked())
    except Incomplete as error:
        form.carry(error)
        return _page(request, group.procurement, form)
    return redirect("bids:groups", procurement_id=group.procurement_id)
