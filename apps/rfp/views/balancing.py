"""Weights with locks, the preset, and Undo."""

import uuid
from decimal import Decimal

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from apps.core.access import page
from apps.core.errors import Incomplete, NotFound
from apps.rfp import selectors
from apps.rfp.forms.library import BalanceForm, PresetForm
from apps.rfp.models import Rfp, Section
from apps.rfp.selectors.balancing import lines_of
from apps.rfp.services import authoring, weighing
from apps.rfp.types import plain
from apps.rfp.views.showing import UNREADABLE, accepted, builder_at, posted
from apps.workspace.types import Visit

BACK = ("terms", "workload", "publish")  # the pages beside the builder that offer Undo


@page("rfp.author", find=selectors.rfp_for)
def balance(request: Visit, rfp: Rfp) -> HttpResponse:
    """Change weights and share the difference over the unlocked ones: preview first, then save."""
    chapters = selectors.questionnaire(rfp)
    wanted = request.POST.get("section") or request.GET.get("section", "")
    section = next((c.section for c in chapters if c.section.code == wanted), None)
    held = weighing.held_weights(rfp, section)
    form = BalanceForm(posted(request), held=held)
    shown: dict[str, Decimal] | None = None
    if request.method == "POST" and form.is_valid():
        if "save" in request.POST and accepted(form, lambda: _save(request, rfp, section, form)):
            return redirect_to(rfp, section)
        shown = _previewed(rfp, section, form) if "save" not in request.POST else None
    context = {
        "rfp": rfp,
        "form": form,
        "section": section,
        "sections": [chapter.section for chapter in chapters],
        "lines": lines_of(chapters, section, held, form, shown),
        "preview": shown is not None,
        "total": plain(weighing.total_of(held, section)),
        "sum": plain(sum(held.values(), Decimal(0))),
        "editable": selectors.may_edit(request.user, rfp),
    }
    return render(request, "rfp/balance.html", context, status=UNREADABLE if form.errors else 200)


def _previewed(rfp: Rfp, section: Section | None, form: BalanceForm) -> dict[str, Decimal] | None:
    try:
        return weighing.proposal(rfp=rfp, section=section, typed=form.typed(), locked=form.locked())
    except Incomplete as error:
        form.carry(error)
        return None


def _save(request: Visit, rfp: Rfp, section: Section | None, form: BalanceForm) -> None:
    authoring.save_weights(
        rfp=rfp,
        section=section,
        weights=form.figures("next"),
        seen=form.figures("seen"),
        actor=request.user,
    )


def redirect_to(rfp: Rfp, section: Section | None) -> HttpResponse:
    return builder_at(rfp, section=section.code if section else "")


@page("rfp.author", find=selectors.rfp_for)
def preset(request: Visit, rfp: Rfp) -> HttpResponse:
    """Choose how much ceremony the tender takes; a public one names its procedure and periods."""
    form = PresetForm(posted(request), initial=PresetForm.initial_of(rfp))
    if request.method == "POST" and accepted(
        form, lambda: authoring.set_preset(rfp=rfp, actor=request.user, **form.chosen())
    ):
        return redirect("rfp:publish", procurement_id=rfp.procurement_id)
    context = {"rfp": rfp, "form": form, "editable": selectors.may_edit(request.user, rfp)}
    return render(request, "rfp/preset.html", context, status=UNREADABLE if form.errors else 200)


@require_POST
@page("rfp.author", find=selectors.rfp_for)
def undo(request: Visit, rfp: Rfp) -> HttpResponse:
    try:
        change = uuid.UUID(request.POST.get("change", ""))
    except ValueError:
        raise NotFound("") from None
    authoring.undo(rfp=rfp, change_id=change, actor=request.user)
    if (back := request.POST.get("back", "")) in BACK:
        return redirect(f"rfp:{back}", procurement_id=rfp.procurement_id)
    return builder_at(rfp, section=request.POST.get("section", ""))
