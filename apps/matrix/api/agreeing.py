"""The consensus by API: opened, agreed, given back."""

import uuid

from rest_framework.response import Response

from apps.core.access import authorise
from apps.core.api import Endpoint, Input, Nothing
from apps.matrix import selectors
from apps.matrix.api.inputs import ReasonInput, judged, judgement
from apps.matrix.models import ScoringRound
from apps.matrix.services import consensus
from apps.workspace.types import Call


class Opened(Endpoint):
    permissions = {"post": "matrix.open_consensus"}

    def post(self, request: Call, procurement_id: uuid.UUID) -> Response:
        """Open the consensus."""
        scoring_round = _round(request, procurement_id, Nothing)
        consensus.open_consensus(scoring_round=scoring_round, actor=request.user)
        return Response({"phase": scoring_round.phase})


def _round(request: Call, procurement_id: uuid.UUID, form: type[Input]) -> ScoringRound:
    found = selectors.scoring_round_for(request.user, procurement_id=procurement_id)
    form(data=request.data).checked()
    return found


class Returned(Endpoint):
    permissions = {"post": "matrix.open_consensus"}

    def post(self, request: Call, procurement_id: uuid.UUID) -> Response:
        scoring_round = selectors.scoring_round_for(request.user, procurement_id=procurement_id)
        given = ReasonInput(data=request.data).checked()
        consensus.return_to_scoring(scoring_round=scoring_round, actor=request.user, **given)
        return Response({"phase": scoring_round.phase})


class Agreements(Endpoint):
    permissions = {"get": "matrix.view_scores", "post": "matrix.agree"}

    def get(self, request: Call, procurement_id: uuid.UUID) -> Response:
        scoring_round = selectors.scoring_round_for(request.user, procurement_id=procurement_id)
        authorise(request.user, "matrix.view_scores", scoring_round)
        rows = selectors.consensus_visible_to(request.user, scoring_round)
        rows = rows.select_related("question", "bid").order_by("question__code", "bid__letter")
        return Response([judged(one) for one in rows])

    def post(self, request: Call, procurement_id: uuid.UUID) -> Response:
        given = judgement(request, procurement_id, "matrix.agree")
        return Response(judged(consensus.agree(actor=request.user, **given)))


class Unanimous(Endpoint):
    permissions = {"post": "matrix.agree"}

    def post(self, request: Call, procurement_id: uuid.UUID) -> Response:
        scoring_round = _round(request, procurement_id, Nothing)
        count = consensus.adopt_unanimous(scoring_round=scoring_round, actor=request.user)
        return Response({"adopted": count})
