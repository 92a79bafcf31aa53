"""Frozen rankings by API: locking the scores, freezing with prices, the record that stands."""

import json
import uuid
from typing import Any

from rest_framework import serializers, status
from rest_framework.response import Response

from apps.core.access import authorise
from apps.core.api import Endpoint, Input, Nothing
from apps.matrix import selectors
from apps.matrix.models import Ranking
from apps.matrix.services import consensus, ranking
from apps.matrix.services.judging import LONGEST_REASON
from apps.rfp.selectors import lots_in, named
from apps.workspace.types import Call


class FreezeInput(Input):
    reason = serializers.CharField(max_length=LONGEST_REASON, allow_blank=True, default="")


class Locked(Endpoint):
    permissions = {"post": "matrix.lock_round"}

    def post(self, request: Call, procurement_id: uuid.UUID) -> Response:
        scoring_round = selectors.scoring_round_for(request.user, procurement_id=procurement_id)
        Nothing(data=request.data).checked()
        consensus.lock(scoring_round=scoring_round, actor=request.user)
        lots = lots_in(scoring_round.procurement)
        if not lots:
            frozen = selectors.ranking_for(request.user, procurement_id=procurement_id)
            return Response(_ranking(frozen))
        held = {
            lot.code: selectors.latest_ranking(request.user, scoring_round.procurement, lot)
            for lot in lots
        }
        return Response({"lots": {code: _ranking(one) for code, one in held.items() if one}})


class Rankings(Endpoint):
    permissions = {"get": "matrix.view_ranking", "post": "matrix.freeze"}

    def get(self, request: Call, procurement_id: uuid.UUID) -> Response:
        """Return the ranking that stands, with its record; 404 before the scores are locked.

        Where the tender has lots, `?lot=` names whose.
        """
        desk = selectors.desk_for(request.user, procurement_id=procurement_id)
        authorise(request.user, "matrix.view_ranking", desk)
        code = request.GET.get("lot", "")
        named(lots_in(desk.procurement), code)
        found = selectors.ranking_for(request.user, procurement_id=procurement_id, code=code)
        return Response({**_ranking(found), "record": json.loads(found.record)})

    def post(self, request: Call, procurement_id: uuid.UUID) -> Response:
        """Freeze the ranking with the prices of the comparison that was adopted."""
        scoring_round = selectors.scoring_round_for(request.user, procurement_id=procurement_id)
        authorise(request.user, "matrix.freeze", scoring_round)
        given = FreezeInput(data=request.data).checked()
        lot = named(lots_in(scoring_round.procurement), request.GET.get("lot", ""))
        frozen = ranking.freeze(scoring_round=scoring_round, actor=request.user, lot=lot, **given)
        return Response(_ranking(frozen), status=status.HTTP_201_CREATED)


def _ranking(one: Ranking) -> dict[str, Any]:
    return {
        **({"lot": one.lot.code} if one.lot else {}),
        **({"held": one.held} if one.held else {}),
        "stage": one.stage,
        "number": one.number,
        "digest": one.digest,
        "engine_version": one.engine_version,
        "frozen_at": one.created_at,
        "frozen_by": one.frozen_by.name,
    }
