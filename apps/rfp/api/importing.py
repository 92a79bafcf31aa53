"""The questionnaire as a file by API: taken out, brought in, laid out, compared, confirmed."""

import uuid
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from rest_framework import status
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from apps.core.api import Endpoint
from apps.core.downloads import download
from apps.core.errors import Incomplete
from apps.rfp import selectors
from apps.rfp.api.inputs import ConfirmInput, LayoutInput
from apps.rfp.api.showing import found, shown
from apps.rfp.models import Upload
from apps.rfp.selectors.uploads import layouts_of
from apps.rfp.services import exporting, uploads
from apps.rfp.workbooks.foreign import Layout, plain_of
from apps.rfp.workbooks.vocabulary import Role
from apps.workspace.types import Call

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class WorkbookOf(Endpoint):
    permissions = {"get": "rfp.view"}

    def get(self, request: Call, procurement_id: uuid.UUID) -> HttpResponse:
        """Return the questionnaire as an Excel workbook, to be filled in and brought back."""
        name, content = exporting.workbook_of(
            rfp=found(request, procurement_id), actor=request.user
        )
        return download(name, content, kind=XLSX)


class FileOf(Endpoint):
    permissions = {"get": "rfp.view"}

    def get(self, request: Call, procurement_id: uuid.UUID) -> HttpResponse:
        """Return the questionnaire in the file format of the shipped ones, as JSON."""
        name, content = exporting.file_of(rfp=found(request, procurement_id), actor=request.user)
        return download(name, content, kind="application/json")


class Imports(Endpoint):
    """Files are sent as a form with one field, `file`."""

    permissions = {"post": "rfp.author"}
    parser_classes = [MultiPartParser]

    def post(self, request: Call, procurement_id: uuid.UUID) -> Response:
        """Bring a file: it is read and kept for a day, for the person who brought it alone."""
        rfp = found(request, procurement_id)
        file = request.FILES.get("file")
        if file is None:
            sentence = _("Send a form with one file in the field “file”.")
            raise Incomplete(sentence, fields={"file": sentence})
        upload = uploads.bring(
            rfp=rfp, name=file.name or "", content=file.read(), actor=request.user
        )
        return Response(_upload_shown(upload), status=status.HTTP_201_CREATED)


class OneImport(Endpoint):
    permissions = {"get": "rfp.author", "post": "rfp.author", "delete": "rfp.author"}

    def get(self, request: Call, procurement_id: uuid.UUID, upload_id: uuid.UUID) -> Response:
        """Return every difference to the draft; `?way=` is one of `ways`."""
        upload = _found(request, procurement_id, upload_id)
        outcome = uploads.outcome_of(
            upload=upload, way=request.GET.get("way", ""), actor=request.user
        )
        return Response({**_upload_shown(upload), **outcome.plain()})

    def post(self, request: Call, procurement_id: uuid.UUID, upload_id: uuid.UUID) -> Response:
        """Import what was compared; `seen` comes from the comparison."""
        upload = _found(request, procurement_id, upload_id)
        given = ConfirmInput(data=request.data).checked()
        uploads.take_in(upload=upload, actor=request.user, **given)
        return Response(shown(upload.rfp))

    def delete(self, request: Call, procurement_id: uuid.UUID, upload_id: uuid.UUID) -> Response:
        """Forget the file."""
        upload = _found(request, procurement_id, upload_id)
        uploads.give_up(upload=upload, actor=request.user)
        return Response(status=HTTPStatus.NO_CONTENT)


class LayoutOf(Endpoint):
    permissions = {"put": "rfp.author"}

    def put(self, request: Call, procurement_id: uuid.UUID, upload_id: uuid.UUID) -> Response:
        """Say where the questions of a foreign workbook stand; rows and columns count from 1."""
        upload = _found(request, procurement_id, upload_id)
        given = LayoutInput(data=request.data).checked()
        uploads.lay_out(
            upload=upload,
            layouts=[_layout(one) for one in given["layouts"]],
            actor=request.user,
        )
        return Response(_upload_shown(upload))


def _found(request: Call, procurement_id: uuid.UUID, upload_id: uuid.UUID) -> Upload:
    return selectors.upload_for(request.user, procurement_id=procurement_id, upload_id=upload_id)


def _layout(one: dict[str, Any]) -> Layout:
    header = one.get("header")
    return Layout(
        sheet=one["sheet"],
        header=None if header is None else header - 1,
        columns={Role(role): at - 1 for role, at in one["columns"].items()},
        hidden_rows=one["hidden_rows"],
    )


def _upload_shown(upload: Upload) -> dict[str, Any]:
    brought = selectors.facts_of_upload(upload)
    return {
        "id": str(upload.pk),
        "name": brought.name,
        "size": brought.size,
        "sha256": brought.sha256,
        "kind": upload.kind,
        "needs_layout": selectors.needs_layout(upload),
        "layouts": [_layout_shown(one) for one in layouts_of(upload)],
    }


def _layout_shown(layout: Layout) -> dict[str, Any]:
    plain = plain_of(layout)
    header = plain["header"]
    return {
        **plain,
        "header": None if header is None else header + 1,
        "columns": {role: at + 1 for role, at in plain["columns"].items()},
    }
