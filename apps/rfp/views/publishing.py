"""Publication: what blocks it, what the linter found, the frozen content and its deadline."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from apps.core import clock
from apps.core.access import can, page
from apps.core.downloads import download
from apps.core.forms import Form
from apps.rfp import selectors
from apps.rfp.forms.publishing import AcceptForm, CancelForm, DeadlineForm, ExtendForm
from apps.rfp.models import Rfp
from apps.rfp.services import authoring, publishing
from apps.rfp.types import Desk
from apps.rfp.views.authoring import unstarted
from apps.rfp.views.showing import UNREADABLE, accepted, posted
from apps.workspace.types import Visit


def show(request: Visit, desk: Desk, **forms: Form) -> HttpResponse:
    """Draw the page; `forms` are those to show again with their errors."""
    held = selectors.publication(request.user, desk)
    initial = DeadlineForm.initial_of(held.round)
    context: dict[str, Any] = {
        "page": held,
        "now": clock.now(),
        "may_publish": can(request.user, "rfp.publish", desk),
        "deadline": DeadlineForm(initial=initial),
        "extend": ExtendForm(initial=initial),
        "undo": selectors.undo_of(request.user, desk.rfp) if desk.rfp else None,
        "extension": selectors.open_extension(request.user, desk.rfp) if desk.rfp else None,
        "cancel": CancelForm(),
        "accept": None,
        **forms,
    }
    failed = [form for form in forms.values() if form.errors]
    context["form"] = failed[0] if failed else None
    return render(request, "rfp/publish.html", context, status=UNREADABLE if failed else 200)


def back(rfp: Rfp) -> HttpResponse:
    return redirect("rfp:publish", procurement_id=rfp.procurement_id)


@page("rfp.view", find=selectors.desk_for)
def publish(request: Visit, desk: Desk) -> HttpResponse:
    """Show what blocks publication; a POST publishes, or shows again what still blocks it."""
    if desk.rfp is None:
        return unstarted(request, desk)
    rfp, form = desk.rfp, Form(posted(request))
    if request.method == "POST" and accepted(
        form, lambda: publishing.publish(rfp=rfp, actor=request.user)
    ):
        return back(rfp)
    return show(request, desk, **({"publish": form} if request.method == "POST" else {}))


@require_POST
@page("rfp.author", find=selectors.rfp_for)
def set_deadline(request: Visit, rfp: Rfp) -> HttpResponse:
    form = DeadlineForm(request.POST)
    if accepted(
        form,
        lambda: authoring.set_deadline(
            rfp=rfp,
            closes_at=form.cleaned_data["closes_at"],
            zone=form.cleaned_data["zone"],
            actor=request.user,
        ),
    ):
        return back(rfp)
    return show(request, Desk(rfp.procurement, rfp), deadline=form)


@require_POST
@page("rfp.author", find=selectors.rfp_for)
def accept(request: Visit, rfp: Rfp) -> HttpResponse:
    form = AcceptForm(request.POST)
    if accepted(
        form,
        lambda: publishing.accept_finding(rfp=rfp, actor=request.user, **form.cleaned_data),
    ):
        return back(rfp)
    return show(request, Desk(rfp.procurement, rfp), accept=form)


@require_POST
@page("rfp.publish", find=selectors.rfp_for)
def cancel(request: Visit, rfp: Rfp) -> HttpResponse:
    form = CancelForm(request.POST)
    if accepted(
        form,
        lambda: publishing.cancel(rfp=rfp, reason=form.cleaned_data["reason"], actor=request.user),
    ):
        return back(rfp)
    return show(request, Desk(rfp.procurement, rfp), cancel=form)


@page("rfp.view", find=selectors.desk_for)
def preview(request: Visit, desk: Desk) -> HttpResponse:
    shown = selectors.preview(desk, section=request.GET.get("section", ""))
    return render(request, "rfp/preview.html", {"page": shown})


@page("rfp.view", find=selectors.rfp_for)
def content(_request: Visit, rfp: Rfp) -> HttpResponse:
    """Hand out the frozen content byte for byte: its SHA-256 is the digest on the page."""
    frozen = selectors.frozen_content(rfp)
    return download(f"rfp-{rfp.digest[:12]}.json", frozen, kind="application/json")
