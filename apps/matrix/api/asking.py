"""Questions of the panel to one vendor by API: drafted, sent by a lead or set aside."""

import uuid
from typing import Any

from django.urls import path
from rest_framework import serializers, status
from rest_framework.response import Response

from apps.bids.types.evidence import OpenedFile
from apps.core.access import authorise
from apps.core.api import Endpoint, Input
from apps.matrix import selectors
from apps.matrix.selectors.asking import Explained, Line, to_send_for, vendor_questions_page
from apps.matrix.services import asking
from apps.workspace.types import Call


class DraftInput(Input):
    question = serializers.CharField(max_length=12)
    bid = serializers.CharField(max_length=2)  # its letter
    text = serializers.CharField(allow_blank=True)


class SendInput(Input):
    text = serializers.CharField(allow_blank=True)
    days = serializers.IntegerField()


class ShelveInput(Input):
    reason = serializers.CharField(allow_blank=True)


class VendorQuestions(Endpoint):
    permissions = {"get": "matrix.view_round", "post": "matrix.ask_vendor"}

    def get(self, request: Call, procurement_id: uuid.UUID) -> Response:
        """Return what was asked of vendors; what was not sent, to a lead and whoever drafted it."""
        scoring_round = selectors.scoring_round_for(request.user, procurement_id=procurement_id)
        authorise(request.user, "matrix.view_round", scoring_round)
        page = vendor_questions_page(request.user, scoring_round)
        return Response([_line(one) for one in (*page.waiting, *page.shelved, *page.sent)])

    def post(self, request: Call, procurement_id: uuid.UUID) -> Response:
        """Draft a question about one answer of one bid. Its vendor learns nothing of it yet."""
        scoring_round = selectors.scoring_round_for(request.user, procurement_id=procurement_id)
        authorise(request.user, "matrix.ask_vendor", scoring_round)
        given = DraftInput(data=request.data).checked()
        place = selectors.place_for(
            request.user, procurement_id=procurement_id, code=given["question"], letter=given["bid"]
        )
        made = asking.draft(place=place, text=given["text"], actor=request.user)
        return Response({"id": made.pk}, status=status.HTTP_201_CREATED)


def _line(one: Line) -> dict[str, Any]:
    return {
        "id": one.asked.pk,
        "bid": one.asked.bid.letter,
        "question": one.asked.question.code,
        "drafted": one.asked.text,
        "sent": _sent(one.explained[0]) if one.explained else None,
        "set_aside": one.shelved.reason if one.shelved else None,
    }


def _sent(one: Explained) -> dict[str, Any]:
    return {
        "text": one.text,
        "sent_at": one.sent_at,
        "due_at": one.due_at,
        "answer": "".join(part.text for part in one.answer) if one.answered_at else None,
        "answered_at": one.answered_at,
        "file": _file(one.file) if one.file else None,
    }


def _file(one: OpenedFile) -> dict[str, Any]:
    """Say what a file proves, without the name it has, which may tell whose it is."""
    return {
        "size": one.size,
        "sha256": one.sha256,
        "class": one.kind,
        "issued": one.issued,
        "expires": one.expires,
    }


class Sending(Endpoint):
    permissions = {"post": "matrix.send_question"}

    def post(self, request: Call, procurement_id: uuid.UUID, asked_id: uuid.UUID) -> Response:
        """Send a drafted question to its vendor, with days to answer it."""
        held = to_send_for(request.user, procurement_id=procurement_id, asked_id=asked_id)
        given = SendInput(data=request.data).checked()
        made = asking.send(to_send=held, actor=request.user, **given)
        return Response({"due_at": made.due_at}, status=status.HTTP_201_CREATED)


class Shelving(Endpoint):
    permissions = {"post": "matrix.ask_vendor"}

    def post(self, request: Call, procurement_id: uuid.UUID, asked_id: uuid.UUID) -> Response:
        """Set a drafted question aside, with the reason."""
        held = to_send_for(request.user, procurement_id=procurement_id, asked_id=asked_id)
        given = ShelveInput(data=request.data).checked()
        asking.shelve(to_send=held, actor=request.user, **given)
        return Response({"set_aside": True}, status=status.HTTP_201_CREATED)


ASKED = "procurements/<uuid:procurement_id>/scoring/vendor-questions"
urlpatterns = [
    path(f"{ASKED}/", VendorQuestions.as_view(), name="api-vendor-questions"),
    path(f"{ASKED}/<uuid:asked_id>/send/", Sending.as_view(), name="api-send-question"),
    path(f"{ASKED}/<uuid:asked_id>/shelve/", Shelving.as_view(), name="api-shelve-question"),
]
