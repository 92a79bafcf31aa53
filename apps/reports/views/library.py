"""The reports of a procurement: request, watch, download, try again."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from apps.core.access import page
from apps.core.downloads import download
from apps.reports import selectors
from apps.reports.forms import RequestForm
from apps.reports.models import Report
from apps.reports.services import downloading, requesting
from apps.rfp.selectors import lots_in, named
from apps.workspace.models import Procurement
from apps.workspace.selectors import procurement_for
from apps.workspace.types import Visit


@require_GET
@page("reports.view", find=procurement_for)
def library(request: Visit, case: Procurement) -> HttpResponse:
    context = {"case": case, "page": selectors.library(request.user, case)}
    return render(request, "reports/library.html", context)


@require_GET
@page("reports.view", find=procurement_for)
def progress(request: Visit, case: Procurement) -> HttpResponse:
    """Answer the page that asks again: the stages, or word to load the whole page anew."""
    working, seen = selectors.working(request.user, case), request.GET.get("of", "")
    if working.mark == seen:
        return HttpResponse(status=204)  # nothing to draw, and nothing for a screen reader to say
    response = render(request, "reports/_working.html", {"case": case, "working": working})
    if not working.is_of(seen):
        response["HX-Refresh"] = "true"
    return response


@require_POST
@page("reports.request", find=procurement_for)
def request_report(request: Visit, case: Procurement) -> HttpResponse:
    given = RequestForm(request.POST).checked()
    lot = named(lots_in(case), request.GET.get("lot", ""))
    requesting.request(procurement=case, actor=request.user, lot=lot, **given)
    return redirect("reports:library", procurement_id=case.pk)


@require_POST
@page("reports.request", find=selectors.report_for)
def retry(request: Visit, report: Report) -> HttpResponse:
    requesting.retry(report=report, actor=request.user)
    return redirect("reports:library", procurement_id=report.procurement_id)


@require_GET
@page("reports.download", find=selectors.report_for)
def file(request: Visit, report: Report) -> HttpResponse:
    found = downloading.download(report=report, actor=request.user)
    return download(found.name, found.content, kind="application/pdf")
