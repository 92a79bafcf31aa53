"""What the panel asked a vendor about its own bid, by API, and the vendor's answer."""

import uuid
from typing import Any

from django.urls import path
from rest_framework import serializers, status
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.response import Response

from apps.bids.selectors import bid_for
from apps.bids.selectors.panel_questions import put_page, sent_for
from apps.bids.services import explaining
from apps.bids.types.evidence import OpenedFile, new_file
from apps.core.api import Endpoint, Input
from apps.workspace.types import Call


class ExplainInput(Input):
    """`kind`, `issued` and `expires` are of the file, which comes as a part of a form."""

    text = serializers.CharField(allow_blank=True)
    file = serializers.FileField(required=False, allow_empty_file=True)
    kind = serializers.CharField(required=False)
    issued = serializers.CharField(required=False)
    expires = serializers.CharField(required=False)


class PutToUs(Endpoint):
    permissions = {"get": "bids.view"}

    def get(self, request: Call, bid_id: uuid.UUID) -> Response:
        """Return what the panel asked about one's own bid, the newest first."""
        bid = bid_for(request.user, bid_id=bid_id)
        return Response(
            [
                {
                    "id": one.sent.pk,
                    "question": one.sent.code,
                    "text": one.sent.text,
                    "due_at": one.sent.due_at,
                    "open": one.open,
                    "answer": one.answer.text if one.answer else None,
                    "answered_at": one.answer.created_at if one.answer else None,
                    "file": _file(one.file) if one.file else None,
                }
                for one in put_page(request.user, bid).put
            ]
        )


def _file(one: OpenedFile) -> dict[str, Any]:
    return {
        "name": one.name,
        "size": one.size,
        "sha256": one.sha256,
        "kind": one.kind,
        "issued": one.issued,
        "expires": one.expires,
    }


class Explanation(Endpoint):
    """The answer as JSON, or as a form with a file that shows it."""

    permissions = {"post": "bids.explain"}
    parser_classes = [MultiPartParser, JSONParser]

    def post(self, request: Call, bid_id: uuid.UUID, sent_id: uuid.UUID) -> Response:
        """Answer once and in time. The bid stays as it was submitted."""
        sent = sent_for(request.user, bid_id=bid_id, sent_id=sent_id)
        given = ExplainInput(data=request.data).checked()
        made = explaining.explain(
            sent=sent, text=given["text"], actor=request.user, file=new_file(given)
        )
        return Response({"answered_at": made.created_at}, status=status.HTTP_201_CREATED)


BID = "bids/<uuid:bid_id>/put-to-us"
urlpatterns = [
    path(f"{BID}/", PutToUs.as_view(), name="api-put-to-us"),
    path(f"{BID}/<uuid:sent_id>/", Explanation.as_view(), name="api-explain"),
]
