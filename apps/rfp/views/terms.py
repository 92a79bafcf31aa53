"""The terms and the workload of a draft."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.core.access import page
from apps.core.errors import NotFound
from apps.rfp import selectors
from apps.rfp.forms.informing import InformationForm
from apps.rfp.forms.profile import MonthForm
from apps.rfp.forms.terms import TermsForm
from apps.rfp.forms.workload import WorkloadForm
from apps.rfp.models import Rfp
from apps.rfp.services import authoring
from apps.rfp.types import Demand, Desk
from apps.rfp.views.authoring import unstarted
from apps.rfp.views.showing import UNREADABLE, accepted, posted
from apps.workspace.types import Visit


@page("rfp.view", find=selectors.desk_for)
def terms(request: Visit, desk: Desk) -> HttpResponse:
    if desk.rfp is None:
        return unstarted(request, desk)
    if not desk.rfp.asks_price:
        return _information(request, desk.rfp)
    rfp, facts = desk.rfp, selectors.facts_of(desk.rfp.questionnaire)
    initial = TermsForm.initial_of(rfp, facts)
    form = TermsForm(posted(request), facts=facts, preset=rfp.preset, initial=initial)
    if request.method == "POST" and accepted(
        form, lambda: authoring.set_terms(rfp=rfp, actor=request.user, **form.terms())
    ):
        return redirect("rfp:terms", procurement_id=desk.procurement.pk)
    context = {
        "form": form,
        "rfp": rfp,
        "editable": selectors.may_edit(request.user, rfp),
        "sentence": selectors.award_sentence(rfp),
        "scored_price": selectors.scored_price(rfp),
        "undo": selectors.undo_of(request.user, rfp),
    }
    return render(request, "rfp/terms.html", context, status=UNREADABLE if form.errors else 200)


def _information(request: Visit, rfp: Rfp) -> HttpResponse:
    """The terms of a request for information: no price, and who goes on the shortlist."""
    facts = selectors.facts_of(rfp.questionnaire)
    initial = InformationForm.initial_of(rfp, facts)
    form = InformationForm(posted(request), facts=facts, initial=initial)
    if request.method == "POST" and accepted(
        form, lambda: authoring.set_terms(rfp=rfp, actor=request.user, **form.terms())
    ):
        return redirect("rfp:terms", procurement_id=rfp.procurement_id)
    rule = selectors.shortlist_rule(rfp)
    context = {
        "form": form,
        "rfp": rfp,
        "editable": selectors.may_edit(request.user, rfp),
        "rule": rule.sentence if rule else "",
        "undo": selectors.undo_of(request.user, rfp),
    }
    status = UNREADABLE if form.errors else 200
    return render(request, "rfp/information.html", context, status=status)


@page("rfp.view", find=selectors.desk_for)
def workload(request: Visit, desk: Desk) -> HttpResponse:
    """Show the typical week; edit one queue of it, or add one with `?queue=new`."""
    if desk.rfp is None:
        return unstarted(request, desk)
    if not desk.rfp.asks_price:
        raise NotFound(_("A request for information has no workload: it asks for no price."))
    rfp, lots = desk.rfp, selectors.lots_of(desk.rfp)
    lot = selectors.picked(lots, request.GET.get("lot", ""))
    held = selectors.workload_of(rfp, lot)
    at = _place(held, request.POST.get("queue") or request.GET.get("queue", ""))
    month = MonthForm(request.GET if "contacts" in request.GET else None)
    form = _form(request, held, at, month)
    if request.method == "POST" and accepted(
        form,
        lambda: authoring.set_workload(
            rfp=rfp,
            actor=request.user,
            content=form.content(held.content if held else None, at),
            in_house=selectors.own_cost_of(rfp, lot),
            source=form.cleaned_data["source"],
            lot=lot,
        ),
    ):
        query = f"?{urlencode({'lot': lot.code})}" if lot else ""
        return redirect(reverse("rfp:workload", args=[desk.procurement.pk]) + query)
    context = {
        "form": form,
        "month": month,
        "rfp": rfp,
        "workload": held,
        "own_cost": selectors.own_cost_of(rfp, lot) is not None,
        "lots": lots,
        "lot": lot,
        "weeks": selectors.weeks_of(held),
        "at": at,
        "editable": selectors.may_edit(request.user, rfp),
        "undo": selectors.undo_of(request.user, rfp),
    }
    return render(request, "rfp/workload.html", context, status=UNREADABLE if form.errors else 200)


def _place(held: Demand | None, wanted: str) -> int:
    """Return the queue to edit: by number, or one past the last for a new one."""
    count = len(held.content["queues"]) if held else 0
    if wanted == "new":
        return count
    return min(int(wanted), count) if wanted.isdecimal() and len(wanted) < 4 else 0  # noqa: PLR2004 -- digits


def _form(request: Visit, held: Demand | None, at: int, month: MonthForm) -> WorkloadForm:
    initial: dict[str, Any] = {}
    if held and at < len(held.content["queues"]):
        initial = WorkloadForm.initial_of(held.content, at, held.source)
    elif held:
        initial = {"source": held.source, "interval_minutes": held.content["interval_minutes"]}
    if month.is_bound:
        initial |= month.queue()
    return WorkloadForm(posted(request), initial=initial)
