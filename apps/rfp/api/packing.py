"""The data pack by API: files prepared, released in versions, read back."""

import uuid
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from rest_framework import serializers, status
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from apps.core.access import authorise
from apps.core.api import Endpoint, Input
from apps.core.downloads import download
from apps.core.errors import Incomplete
from apps.rfp import selectors
from apps.rfp.api.showing import found, paged
from apps.rfp.models import PackFile
from apps.rfp.selectors.packing import Released
from apps.rfp.services import releasing
from apps.workspace.types import Call


class ReleaseInput(Input):
    note = serializers.CharField(max_length=2000)


def _file(one: PackFile) -> dict[str, Any]:
    return {
        "id": str(one.pk),
        "name": one.name,
        "size": one.size,
        "sha256": one.sha256,
        "added_in": one.added_in,
    }


def _version(one: Released) -> dict[str, Any]:
    return {
        "number": one.version.number,
        "note": one.version.note,
        "released_at": one.version.created_at,
        "files": [_file(file) for file in one.files],
        "added": list(one.added),
        "dropped": list(one.dropped),
    }


class PackFiles(Endpoint):
    """The files of the next version. A file is sent as a form with one field, `file`."""

    permissions = {"get": "rfp.view", "post": "rfp.author"}
    parser_classes = [MultiPartParser]

    def get(self, request: Call, procurement_id: uuid.UUID) -> Response:
        page = selectors.pack_page(request.user, found(request, procurement_id))
        return paged(request, page.files, _file)

    def post(self, request: Call, procurement_id: uuid.UUID) -> Response:
        """Add a file, or replace the one of this name, in the next version."""
        rfp = found(request, procurement_id)
        file = request.FILES.get("file")
        if file is None:
            sentence = _("Send a form with one file in the field “file”.")
            raise Incomplete(sentence, fields={"file": sentence})
        held = releasing.add(rfp=rfp, name=file.name or "", content=file.read(), actor=request.user)
        return Response(_file(held), status=status.HTTP_201_CREATED)


class OnePackFile(Endpoint):
    permissions = {"get": "rfp.view", "delete": "rfp.author"}

    def get(self, request: Call, procurement_id: uuid.UUID, file_id: uuid.UUID) -> HttpResponse:
        """Return the file itself."""
        held = _found(request, procurement_id, file_id)
        authorise(request.user, "rfp.view", held.rfp)
        return download(held.name, selectors.pack_content(held))

    def delete(self, request: Call, procurement_id: uuid.UUID, file_id: uuid.UUID) -> Response:
        """Leave the file out of the next version; released ones keep it."""
        held = _found(request, procurement_id, file_id)
        releasing.drop(file=held, actor=request.user)
        return Response(status=HTTPStatus.NO_CONTENT)


class PackReleases(Endpoint):
    permissions = {"get": "rfp.view", "post": "rfp.author"}

    def get(self, request: Call, procurement_id: uuid.UUID) -> Response:
        """Return the released versions, newest first."""
        every = selectors.released_versions(found(request, procurement_id))
        return paged(request, every, _version)

    def post(self, request: Call, procurement_id: uuid.UUID) -> Response:
        """Release what is prepared as the next version."""
        rfp = found(request, procurement_id)
        given = ReleaseInput(data=request.data).checked()
        made = releasing.release(rfp=rfp, actor=request.user, **given)
        answer = {"number": made.number, "note": made.note}
        return Response(answer, status=status.HTTP_201_CREATED)


def _found(call: Call, procurement_id: uuid.UUID, file_id: uuid.UUID) -> PackFile:
    return selectors.pack_file_for(call.user, procurement_id=procurement_id, file_id=file_id)
