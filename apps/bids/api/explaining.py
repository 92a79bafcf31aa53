"""What the panel asked a vendor about its own bid, by API, and the vendor's answer."""

import uuid

from django.urls import path
from rest_framework import serializers, status
from rest_framework.response import Response

from apps.bids.selectors import bid_for
from apps.bids.selectors.panel_questions import put_page, sent_for
from apps.bids.services import explaining
from apps.core.api import Endpoint, Input
from apps.workspace.types import Call


class ExplainInput(Input):
    text = serializers.CharField(allow_blank=True)


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
                }
                for one in put_page(request.user, bid).put
            ]
        )


class Explanation(Endpoint):
    permissions = {"post": "bids.explain"}

    def post(self, request: Call, bid_id: uuid.UUID, sent_id: uuid.UUID) -> Response:
        """Answer once and in time. The bid stays as it was submitted."""
        sent = sent_for(request.user, bid_id=bid_id, sent_id=sent_id)
        given = ExplainInput(data=request.data).checked()
        made = explaining.explain(sent=sent, actor=request.user, **given)
        return Response({"answered_at": made.created_at}, status=status.HTTP_201_CREATED)


BID = "bids/<uuid:bid_id>/put-to-us"
urlpatterns = [
    path(f"{BID}/", PutToUs.as_view(), name="api-put-to-us"),
    path(f"{BID}/<uuid:sent_id>/", Explanation.as_view(), name="api-explain"),
]
