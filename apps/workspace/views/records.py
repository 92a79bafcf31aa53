"""The record of a procurement: read, taken away, checked."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from apps.core import ledger, soundness
from apps.core.access import page
from apps.core.downloads import download
from apps.core.soundness import Soundness
from apps.workspace import selectors
from apps.workspace.models import Procurement
from apps.workspace.services import records
from apps.workspace.types import Visit

ROWS = 50


@page("workspace.view_record", find=selectors.procurement_for)
def record(request: Visit, case: Procurement) -> HttpResponse:
    return _page(request, case)


@require_POST
@page("workspace.view_record", find=selectors.procurement_for)
def check(request: Visit, case: Procurement) -> HttpResponse:
    """Recompute the whole log now and say what was found. Nothing is written."""
    return _page(request, case, soundness.check(case.organisation_id))


def _page(request: Visit, case: Procurement, found: Soundness | None = None) -> HttpResponse:
    events = Paginator(selectors.record_of(case), ROWS).get_page(request.GET.get("page"))
    context = {
        "case": case,
        "events": events,
        "entries": [selectors.entry(event) for event in events],
        "standing": ledger.standing(),
        "found": found,
    }
    return render(request, "workspace/record.html", context)


@require_GET
@page("workspace.view_record", find=selectors.procurement_for)
def record_file(request: Visit, case: Procurement) -> HttpResponse:
    content = records.take(procurement=case, actor=request.user)
    return download(f"record {case.reference}.json", content, kind="application/json")


@require_GET
@page("workspace.view_record", find=selectors.procurement_for)
def checkpoint(request: Visit, case: Procurement) -> HttpResponse:
    note = records.newest_checkpoint(procurement=case, actor=request.user)
    return download("record.checkpoint", note.encode(), kind="text/plain; charset=utf-8")
