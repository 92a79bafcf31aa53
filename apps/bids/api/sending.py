"""Files that a vendor sends for its store: in pieces, as the page sends them, and back again.

A sender announces name, size and SHA-256, puts pieces of at most `piece` bytes at the offset where
the file ends so far, and completes it. What has come stays when the line drops: announcing the same
file again says how much is here.
"""

import uuid
from collections.abc import Mapping
from typing import IO, Any

from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from rest_framework import serializers, status
from rest_framework.parsers import BaseParser, JSONParser
from rest_framework.response import Response

from apps.bids import selectors
from apps.bids.api.store import file_shown
from apps.bids.forms.answers import whole
from apps.bids.models import EvidenceUpload
from apps.bids.selectors.evidence import BidUpload
from apps.bids.services import uploading
from apps.bids.types.evidence import parse_about
from apps.core.api import Endpoint, Input
from apps.core.downloads import download
from apps.core.errors import Incomplete, TooLarge
from apps.workspace.types import Call


class Octets(BaseParser):
    """The body as it is; one byte more than a piece may have is read, so that the service sees it."""

    media_type = "application/octet-stream"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,  # noqa: ARG002 -- the framework passes it
        parser_context: Mapping[str, Any] | None = None,  # noqa: ARG002 -- the same
    ) -> Any:
        return stream.read(uploading.LARGEST_PIECE + 1)


class AnnouncedInput(Input):
    name = serializers.CharField(max_length=400)
    size = serializers.IntegerField(min_value=0)
    sha256 = serializers.CharField(max_length=64)
    kind = serializers.CharField(max_length=20, default="other")
    issued = serializers.CharField(max_length=10, allow_blank=True, default="")
    expires = serializers.CharField(max_length=10, allow_blank=True, default="")


class Uploads(Endpoint):
    permissions = {"get": "bids.answer", "post": "bids.answer"}

    def get(self, request: Call, bid_id: uuid.UUID) -> Response:
        """Return the files of this person that are under way."""
        bid = selectors.bid_for(request.user, bid_id=bid_id)
        coming = selectors.evidence_page(request.user, bid).coming
        return Response(
            [{"name": one.name, "size": one.size, **_upload(one.upload)} for one in coming]
        )

    def post(self, request: Call, bid_id: uuid.UUID) -> Response:
        """Announce a file, or go on with the same one that was begun before."""
        bid = selectors.bid_for(request.user, bid_id=bid_id)
        given = AnnouncedInput(data=request.data).checked()
        held = uploading.start(
            bid=bid,
            name=given["name"],
            size=given["size"],
            sha256=given["sha256"],
            about=parse_about(given),
            actor=request.user,
        )
        return Response(_upload(held), status=status.HTTP_201_CREATED)


class OneUpload(Endpoint):
    """A piece is the body, as `application/octet-stream`; two headers say which it is."""

    permissions = {"get": "bids.answer", "put": "bids.answer", "delete": "bids.answer"}
    parser_classes = [Octets, JSONParser]

    def get(self, request: Call, bid_id: uuid.UUID, upload_id: uuid.UUID) -> Response:
        """Say how much has come: what a sender asks after a dropped line."""
        return Response(_upload(_found(request, bid_id, upload_id).upload))

    def put(self, request: Call, bid_id: uuid.UUID, upload_id: uuid.UUID) -> Response:
        """Take a piece: `Upload-Offset` is where it begins, `Upload-Digest` its SHA-256."""
        subject = _found(request, bid_id, upload_id)
        if whole(request.META.get("CONTENT_LENGTH") or "") > uploading.LARGEST_PIECE:
            raise TooLarge(uploading.piece_too_large())
        content = request.data
        held = uploading.put(
            subject=subject,
            offset=_offset(request),
            sha256=request.headers.get("Upload-Digest", ""),
            content=content if isinstance(content, bytes) else b"",
            actor=request.user,
        )
        return Response(_upload(held))

    def delete(self, request: Call, bid_id: uuid.UUID, upload_id: uuid.UUID) -> Response:
        """Give a file up that is not whole."""
        uploading.give_up(subject=_found(request, bid_id, upload_id), actor=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class WholeUpload(Endpoint):
    permissions = {"post": "bids.answer"}

    def post(self, request: Call, bid_id: uuid.UUID, upload_id: uuid.UUID) -> Response:
        """Make the file whole, check it as every file is, and keep it."""
        subject = _found(request, bid_id, upload_id)
        Input(data=request.data or {}).checked()
        kept = uploading.complete(subject=subject, actor=request.user)
        return Response(
            file_shown(request.user, subject.bid, kept.pk), status=status.HTTP_201_CREATED
        )


def _offset(call: Call) -> int:
    given: str = call.headers.get("Upload-Offset", "")
    if not (given.isascii() and given.isdigit()):
        raise Incomplete(_("Say in the header Upload-Offset at which byte this piece begins."))
    return int(given)


def _found(call: Call, bid_id: uuid.UUID, upload_id: uuid.UUID) -> BidUpload:
    return selectors.upload_for(call.user, bid_id=bid_id, upload_id=upload_id)


def _upload(held: EvidenceUpload) -> dict[str, Any]:
    return {"id": str(held.pk), "received": held.received, "piece": uploading.LARGEST_PIECE}


class EvidenceContent(Endpoint):
    permissions = {"get": "bids.view"}

    def get(self, request: Call, bid_id: uuid.UUID, evidence_id: uuid.UUID) -> HttpResponse:
        """Return a file of the store."""
        held = selectors.evidence_for(request.user, bid_id=bid_id, evidence_id=evidence_id).evidence
        return download(selectors.held_file(held).name, selectors.file_content(held))


UPLOADS = "bids/<uuid:bid_id>/evidence/uploads"
ONE = f"{UPLOADS}/<uuid:upload_id>"
urlpatterns = [
    path(f"{UPLOADS}/", Uploads.as_view(), name="api-uploads"),
    path(f"{ONE}/", OneUpload.as_view(), name="api-upload"),
    path(f"{ONE}/complete/", WholeUpload.as_view(), name="api-complete-upload"),
    path(
        "bids/<uuid:bid_id>/evidence/<uuid:evidence_id>/file/",
        EvidenceContent.as_view(),
        name="api-evidence-file",
    ),
]
