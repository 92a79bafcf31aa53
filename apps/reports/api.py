"""Reports by API: request, list, watch; and ask about a file by its SHA-256, without signing in."""

import uuid
from typing import Any

from django.conf import settings
from django.urls import path, reverse
from django.utils.translation import gettext as _
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.access import PUBLIC, authorise
from apps.core.api import Endpoint, Input
from apps.core.errors import TooMany
from apps.reports import selectors
from apps.reports.adapters.counting import within_limit
from apps.reports.selectors import Row
from apps.reports.services import requesting, verifying
from apps.rfp.selectors import lots_in, named
from apps.workspace.selectors import procurement_for
from apps.workspace.types import Call


class ReportInput(Input):
    kind = serializers.CharField(max_length=40)


class DigestInput(Input):
    sha256 = serializers.CharField(max_length=200)


class Nothing(Input):
    """An act without input: whatever is sent is refused."""


class Reports(Endpoint):
    permissions = {"get": "reports.view", "post": "reports.request"}

    def get(self, request: Call, procurement_id: uuid.UUID) -> Response:
        case = procurement_for(request.user, procurement_id=procurement_id)
        authorise(request.user, "reports.view", case)
        found = selectors.rows_of(selectors.reports_visible_to(request.user, case))
        return Response([_plain(row) for row in found])

    def post(self, request: Call, procurement_id: uuid.UUID) -> Response:
        """Request a report, of the lot that `?lot=` names; 202, because a worker makes it."""
        case = procurement_for(request.user, procurement_id=procurement_id)
        given = ReportInput(data=request.data).checked()
        lot = named(lots_in(case), request.GET.get("lot", ""))
        report = requesting.request(procurement=case, actor=request.user, lot=lot, **given)
        return Response(_plain(*selectors.rows_of([report])), status=status.HTTP_202_ACCEPTED)


class OneReport(Endpoint):
    permissions = {"get": "reports.view"}

    def get(self, request: Call, procurement_id: uuid.UUID, report_id: uuid.UUID) -> Response:
        report = selectors.report_for(
            request.user, procurement_id=procurement_id, report_id=report_id
        )
        authorise(request.user, "reports.view", report)
        return Response(_plain(*selectors.rows_of([report])))


class Retry(Endpoint):
    permissions = {"post": "reports.request"}

    def post(self, request: Call, procurement_id: uuid.UUID, report_id: uuid.UUID) -> Response:
        report = selectors.report_for(
            request.user, procurement_id=procurement_id, report_id=report_id
        )
        Nothing(data=request.data).checked()
        again = requesting.retry(report=report, actor=request.user)
        return Response(_plain(*selectors.rows_of([again])), status=status.HTTP_202_ACCEPTED)


class Verify(Endpoint):
    """Whether a file is one we issued, by its SHA-256: yes or no, and when."""

    public = True
    permissions = {"post": PUBLIC}

    def post(self, request: Request) -> Response:
        if not within_limit(request._request, "verify"):  # noqa: SLF001 -- Django's own request
            raise TooMany(_("Too many checks from this address. Wait a minute, then try again."))
        found = verifying.by_file_digest(**DigestInput(data=request.data).checked())
        if found is None:
            return Response({"known": False})
        return Response(
            {
                "known": True,
                "state": found.finding.value,
                "reference": found.reference,
                "version": found.version,
                "signed_at": found.signed_at,
                "digest": found.digest,
            }
        )


def _plain(row: Row) -> dict[str, Any]:
    report = row.report
    return {
        "id": str(report.pk),
        "kind": report.kind,
        **({"lot": report.lot.code} if report.lot else {}),
        "version": report.version,
        "reference": report.reference,
        "state": report.state,
        "stage": row.stage,
        "failure": report.failure,
        "requested_by": report.requested_by.name,
        "requested_at": report.requested_at,
        "signed_at": report.signed_at,
        "pages": report.pages,
        "digest": report.digest,
        "signed_sha256": report.signed_sha256,
        "file": _file(row),
    }


def _file(row: Row) -> str | None:
    """Return the address of the signed PDF, once there is one."""
    if not row.issued:
        return None
    place = reverse("reports:file", args=[row.report.procurement_id, row.report.pk])
    return f"{settings.ORIGIN}{place}"


CASE = "procurements/<uuid:procurement_id>/reports/"

urlpatterns = [
    path(CASE, Reports.as_view()),
    path(f"{CASE}<uuid:report_id>/", OneReport.as_view()),
    path(f"{CASE}<uuid:report_id>/retry/", Retry.as_view()),
    path("verify/", Verify.as_view()),
]
