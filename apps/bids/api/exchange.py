"""Questions and answers by API: the same services, and the same silence about who asked."""

import uuid
from typing import Any

from django.urls import path
from rest_framework import serializers, status
from rest_framework.response import Response

from apps.bids import selectors
from apps.bids.models import Clarification
from apps.bids.selectors.clarifications import Asked
from apps.bids.services import clarifying
from apps.core.access import authorise
from apps.core.api import Endpoint, Input, Nothing
from apps.rfp.selectors import desk_for
from apps.workspace.types import Call


class QuestionInput(Input):
    text = serializers.CharField(max_length=2000)
    place = serializers.CharField(max_length=12, allow_blank=True, default="")


class ReplyInput(Input):
    question = serializers.CharField(max_length=2000)
    answer = serializers.CharField(max_length=5000)


class RefuseInput(Input):
    reason = serializers.CharField(max_length=2000)


class Questions(Endpoint):
    permissions = {"get": "bids.view", "post": "bids.ask"}

    def get(self, request: Call, bid_id: uuid.UUID) -> Response:
        """Return what this vendor may know: its own questions and every published answer."""
        bid = selectors.bid_for(request.user, bid_id=bid_id)
        page = selectors.questions_page(request.user, bid)
        return Response(
            {
                "until": page.until,
                "answers": [
                    {
                        "number": one.held.number,
                        "place": one.held.place,
                        "question": one.held.question,
                        "answer": one.held.answer,
                        "unread": one.unread,
                    }
                    for one in page.answers
                ],
                "own": [
                    {
                        "text": one.text,
                        "place": one.place,
                        "state": one.state,
                        "held_because": list(one.because),
                        "refused_because": one.refused_because,
                    }
                    for one in page.own
                ],
            }
        )

    def post(self, request: Call, bid_id: uuid.UUID) -> Response:
        bid = selectors.bid_for(request.user, bid_id=bid_id)
        given = QuestionInput(data=request.data).checked()
        made = clarifying.ask(bid=bid, actor=request.user, **given)
        shown = {"state": made.state, "held_because": list(selectors.sentences_of(made))}
        return Response(shown, status=status.HTTP_201_CREATED)


class Clarifications(Endpoint):
    permissions = {"get": "rfp.view"}

    def get(self, request: Call, procurement_id: uuid.UUID) -> Response:
        desk = desk_for(request.user, procurement_id=procurement_id)
        authorise(request.user, "rfp.view", desk)
        page = selectors.clarifications_page(request.user, desk)
        every = (*page.held, *page.waiting, *page.answered, *page.refused)
        return Response([_asked(one) for one in every])


def _asked(one: Asked) -> dict[str, Any]:
    return {
        "id": str(one.id),
        "state": one.state,
        "place": one.place,
        "text": one.text,
        "day": one.day.date(),
        "held_because": list(one.because),
        "number": one.number,
        "question": one.question if one.number else "",
        "answer": one.answer,
    }


class Reply(Endpoint):
    permissions = {"post": "bids.clarify"}

    def post(
        self, request: Call, procurement_id: uuid.UUID, clarification_id: uuid.UUID
    ) -> Response:
        """Answer to every vendor."""
        held = _clarification(request, procurement_id, clarification_id)
        given = ReplyInput(data=request.data).checked()
        made = clarifying.answer(clarification=held, actor=request.user, **given)
        return Response({"number": made.number}, status=status.HTTP_201_CREATED)


class Refusal(Endpoint):
    permissions = {"post": "bids.clarify"}

    def post(
        self, request: Call, procurement_id: uuid.UUID, clarification_id: uuid.UUID
    ) -> Response:
        """Do not answer, with a reason that the asking vendor alone reads."""
        held = _clarification(request, procurement_id, clarification_id)
        given = RefuseInput(data=request.data).checked()
        clarifying.refuse(clarification=held, actor=request.user, **given)
        return Response({"state": held.state})


class Holding(Endpoint):
    permissions = {"post": "bids.clarify", "delete": "bids.clarify"}

    def post(
        self, request: Call, procurement_id: uuid.UUID, clarification_id: uuid.UUID
    ) -> Response:
        """Keep a question to the lead."""
        held = _clarification(request, procurement_id, clarification_id)
        Nothing(data=request.data).checked()
        clarifying.hold_back(clarification=held, actor=request.user)
        return Response({"state": held.state})

    def delete(
        self, request: Call, procurement_id: uuid.UUID, clarification_id: uuid.UUID
    ) -> Response:
        """Let a question that was held back wait for its answer like any other."""
        held = _clarification(request, procurement_id, clarification_id)
        clarifying.release(clarification=held, actor=request.user)
        return Response({"state": held.state})


def _clarification(
    call: Call, procurement_id: uuid.UUID, clarification_id: uuid.UUID
) -> Clarification:
    return selectors.clarification_for(
        call.user, procurement_id=procurement_id, clarification_id=clarification_id
    )


CASE = "procurements/<uuid:procurement_id>"
CLARIFICATION = f"{CASE}/clarifications/<uuid:clarification_id>"
urlpatterns = [
    path("bids/<uuid:bid_id>/questions/", Questions.as_view()),
    path(f"{CASE}/clarifications/", Clarifications.as_view()),
    path(f"{CLARIFICATION}/answer/", Reply.as_view()),
    path(f"{CLARIFICATION}/refusal/", Refusal.as_view(), name="api-clarification-refusal"),
    path(f"{CLARIFICATION}/hold/", Holding.as_view(), name="api-clarification-hold"),
]
