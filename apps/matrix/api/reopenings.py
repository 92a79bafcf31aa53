"""Locked scores agreed anew, by API: what their page shows, and the same three acts."""

import uuid
from typing import Any

from rest_framework import serializers, status
from rest_framework.response import Response

from apps.core.access import authorise
from apps.core.api import Endpoint, Input, Nothing
from apps.matrix import selectors
from apps.matrix.models import Reopening
from apps.matrix.selectors.reopenings import reopening_for, reopenings_page
from apps.matrix.services import reopening
from apps.workspace.types import Call


class AskInput(Input):
    reason = serializers.CharField(max_length=reopening.LONGEST, allow_blank=True)


class DropInput(Input):
    answer = serializers.CharField(max_length=reopening.LONGEST, allow_blank=True, default="")


class Reopenings(Endpoint):
    permissions = {"get": "matrix.view_ranking", "post": "matrix.ask_reopening"}

    def get(self, request: Call, procurement_id: uuid.UUID) -> Response:
        """Return every request, and the rankings that stand no more because of one."""
        desk = selectors.desk_for(request.user, procurement_id=procurement_id)
        authorise(request.user, "matrix.view_ranking", desk)
        page = reopenings_page(request.user, desk)
        waiting = (page.waiting,) if page.waiting else ()
        return Response(
            {
                "requests": [_request(one) for one in (*page.past, *waiting)],
                "superseded": [
                    {
                        **({"lot": one.lot.code} if one.lot else {}),
                        "stage": one.stage,
                        "number": one.number,
                        "digest": one.digest,
                    }
                    for one in page.superseded
                ],
            }
        )

    def post(self, request: Call, procurement_id: uuid.UUID) -> Response:
        scoring_round = selectors.scoring_round_for(request.user, procurement_id=procurement_id)
        authorise(request.user, "matrix.ask_reopening", scoring_round)
        given = AskInput(data=request.data).checked()
        made = reopening.ask(scoring_round=scoring_round, actor=request.user, **given)
        return Response(_request(made), status=status.HTTP_201_CREATED)


class Decision(Endpoint):
    permissions = {"post": "matrix.confirm_reopening", "delete": "matrix.drop_reopening"}

    def post(self, request: Call, procurement_id: uuid.UUID, reopening_id: uuid.UUID) -> Response:
        """Confirm somebody else's request: a new round of consensus begins."""
        Nothing(data=request.data or {}).checked()
        held = reopening_for(request.user, procurement_id=procurement_id, reopening_id=reopening_id)
        made = reopening.confirm(reopening=held, actor=request.user)
        return Response({**_request(held), "phase": made.phase})

    def delete(self, request: Call, procurement_id: uuid.UUID, reopening_id: uuid.UUID) -> Response:
        """Drop a request: the lock stands."""
        held = reopening_for(request.user, procurement_id=procurement_id, reopening_id=reopening_id)
        given = DropInput(data=request.data or {}).checked()
        reopening.drop(reopening=held, actor=request.user, **given)
        return Response(_request(held))


def _request(one: Reopening) -> dict[str, Any]:
    return {
        "id": one.pk,
        "round": one.scoring_round.number,
        "state": one.state,
        "reason": one.reason,
        "answer": one.answer,
        "asked_by": str(one.requested_by_id),
        "decided_by": str(one.decided_by_id) if one.decided_by_id else None,
        "prices_known": one.prices_known,
    }
