"""A questionnaire from a file: bring it, say what is what, compare, confirm. Every step is a page."""

from collections.abc import Callable
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from apps.core.access import page
from apps.core.downloads import download
from apps.core.errors import DomainError, Incomplete, WrongState
from apps.rfp import selectors
from apps.rfp.forms.importing import BringForm, LayoutForm, WayForm
from apps.rfp.forms.questionnaire import StartForm
from apps.rfp.models import Rfp, Upload
from apps.rfp.services import exporting, uploads
from apps.rfp.services.outcomes import Outcome
from apps.rfp.states import RfpState
from apps.rfp.types import Desk
from apps.rfp.views.showing import UNREADABLE, builder_at, posted, show_start
from apps.workspace.types import Visit

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PER_PAGE = 50


@page("rfp.view", find=selectors.rfp_for)
def workbook(request: Visit, rfp: Rfp) -> HttpResponse:
    name, content = exporting.workbook_of(rfp=rfp, actor=request.user)
    return download(name, content, kind=XLSX)


@page("rfp.view", find=selectors.rfp_for)
def questionnaire_file(request: Visit, rfp: Rfp) -> HttpResponse:
    name, content = exporting.file_of(rfp=rfp, actor=request.user)
    return download(name, content, kind="application/json")


@page("rfp.author", find=selectors.rfp_for)
def bring(request: Visit, rfp: Rfp) -> HttpResponse:
    """Upload a questionnaire for the draft, or go on with the one that waits."""
    form, status = BringForm(posted(request), request.FILES or None), 200
    if request.method == "POST":
        kept, status = _brought(
            form,
            lambda file: uploads.bring(
                rfp=rfp, name=file.name or "", content=file.read(), actor=request.user
            ),
        )
        if kept:
            return _next(kept)
    context = {
        "form": form,
        "rfp": rfp,
        "waiting": selectors.brought_by(request.user, rfp),
        "editable": selectors.may_edit(request.user, rfp),
    }
    return render(request, "rfp/bring.html", context, status=status)


@require_POST
@page("rfp.author", find=selectors.desk_for)
def start_file(request: Visit, desk: Desk) -> HttpResponse:
    """Start the questionnaire of a procurement from a file."""
    form = BringForm(request.POST, request.FILES)
    kept, status = _brought(
        form,
        lambda file: uploads.start_from_file(
            procurement=desk.procurement,
            name=file.name or "",
            content=file.read(),
            actor=request.user,
        ),
    )
    if kept:
        return _next(kept)
    offer = selectors.sources(request.user, desk.procurement)
    start = StartForm(sources=offer.names, packs=offer.packs)
    return show_start(request, desk, offer, form=start, bring=form, status=status)


def _brought(form: BringForm, act: Callable[[Any], Upload]) -> tuple[Upload | None, int]:
    """Bring a file; a refusal stands beside the field, with the status it has."""
    if not form.is_valid():
        return None, UNREADABLE
    try:
        return act(form.cleaned_data["file"]), 200
    except Incomplete as refused:
        form.carry(refused)
        return None, refused.status


def _next(upload: Upload) -> HttpResponse:
    """Lead on: a foreign workbook needs to be told what is what, any other file does not."""
    name = "rfp:import-layout" if selectors.needs_layout(upload) else "rfp:import-preview"
    return redirect(name, procurement_id=upload.rfp.procurement_id, upload_id=upload.pk)


@page("rfp.author", find=selectors.upload_for)
def layout(request: Visit, upload: Upload) -> HttpResponse:
    """Say which sheet, which row and which columns; see what the first rows become."""
    shown = selectors.layout_page(upload)
    form = LayoutForm(posted(request), page=shown, wanted=request.GET.get("sheet", ""))
    if request.method == "POST" and form.is_valid():
        try:
            uploads.lay_out(upload=upload, layouts=form.layouts(), actor=request.user)
        except Incomplete as refused:
            form.carry_places(refused)
        else:
            if "go_on" in request.POST:
                return _preview(upload)
            return redirect(request.path + "#h-sample")
    context = {"form": form, "page": shown, "rfp": upload.rfp}
    return render(request, "rfp/layout.html", context, status=UNREADABLE if form.errors else 200)


def _preview(upload: Upload) -> HttpResponse:
    return redirect(
        "rfp:import-preview", procurement_id=upload.rfp.procurement_id, upload_id=upload.pk
    )


@page("rfp.author", find=selectors.upload_for)
def preview(request: Visit, upload: Upload) -> HttpResponse:
    """Show every difference; confirm it."""
    form = WayForm(request.POST if request.method == "POST" else request.GET)
    given = form.given()
    if request.method != "POST":
        return _shown(request, upload, way=given["way"])
    try:
        uploads.take_in(upload=upload, way=given["way"], seen=given["seen"], actor=request.user)
    except Incomplete as refused:
        return _shown(request, upload, way=given["way"], refused=refused)
    except WrongState as refused:
        if upload.rfp.state != RfpState.DRAFT:
            raise
        return _shown(request, upload, way=given["way"], refused=refused)
    return builder_at(upload.rfp)


def _shown(
    request: Visit, upload: Upload, *, way: str, refused: DomainError | None = None
) -> HttpResponse:
    try:
        outcome = uploads.outcome_of(upload=upload, way=way, actor=request.user)
    except Incomplete as wrong:
        context: dict[str, Any] = {"rfp": upload.rfp, "upload": upload, "wrong": wrong}
        context["brought"] = selectors.facts_of_upload(upload)
        return render(request, "rfp/import_wrong.html", context, status=wrong.status)
    context = {
        **_lists(request, outcome),
        "rfp": upload.rfp,
        "upload": upload,
        "brought": selectors.facts_of_upload(upload),
        "refused": refused,
        "page": outcome,
    }
    return render(request, "rfp/import.html", context, status=refused.status if refused else 200)


def _lists(request: Visit, outcome: Outcome) -> dict[str, Any]:
    """Return the list that is looked at, one page of it; the others are counted."""
    held = outcome.lists
    wanted = request.GET.get("show", "")
    show = wanted if wanted in held else next((name for name in held if held[name]), "changes")
    rows = Paginator(held[show], PER_PAGE).get_page(request.GET.get("page"))
    return {"show": show, "rows": rows, "counts": {name: len(one) for name, one in held.items()}}


@require_POST
@page("rfp.author", find=selectors.upload_for)
def give_up(request: Visit, upload: Upload) -> HttpResponse:
    uploads.give_up(upload=upload, actor=request.user)
    return builder_at(upload.rfp)
