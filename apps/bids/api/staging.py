"""Stages beside the written bid by API: planned, scored, closed."""

import uuid
from typing import Any

from django.urls import path
from rest_framework import serializers, status
from rest_framework.response import Response

from apps.bids import selectors
from apps.bids.models import Stage
from apps.bids.models.stage import LEAST, MOST
from apps.bids.selectors.stages import Given, StageShown
from apps.bids.services import staging
from apps.bids.states import StageKind
from apps.core.access import authorise
from apps.core.api import Endpoint, Input, Nothing
from apps.rfp.selectors import desk_for, rfp_for
from apps.workspace.types import Call


class PlanInput(Input):
    kind = serializers.ChoiceField(StageKind.choices)
    title = serializers.CharField(max_length=120)
    first_day = serializers.DateField()
    last_day = serializers.DateField()
    guests = serializers.ListField(child=serializers.UUIDField(), max_length=200)
    rubric = serializers.DictField(child=serializers.CharField(max_length=300))


class ScoreInput(Input):
    guest = serializers.UUIDField()
    value = serializers.IntegerField(min_value=LEAST, max_value=MOST)
    reason = serializers.CharField(max_length=2000)


def _given(one: Given) -> dict[str, Any]:
    return {"value": one.value, "reason": one.reason, "by": one.by}


def _shown(one: StageShown) -> dict[str, Any]:
    stage = one.stage
    return {
        "id": str(stage.pk),
        "kind": stage.kind,
        "title": stage.title,
        "state": stage.state,
        "first_day": stage.first_day,
        "last_day": stage.last_day,
        "rubric": stage.rubric,
        "vendors": [
            {
                "guest": str(seat.guest.pk),
                "name": seat.name,
                "own": _given(seat.own) if seat.own else None,
                "scores": [_given(score) for score in seat.given],
                "mean": None if seat.mean is None else str(seat.mean),
            }
            for seat in one.seats
        ],
    }


class Stages(Endpoint):
    permissions = {"get": "bids.view_stages", "post": "bids.plan_stage"}

    def get(self, request: Call, procurement_id: uuid.UUID) -> Response:
        """Return every stage: one's own scores while it is open, everybody's afterwards."""
        desk = desk_for(request.user, procurement_id=procurement_id)
        authorise(request.user, "bids.view_stages", desk)
        page = selectors.stages_page(request.user, desk)
        return Response([_shown(one) for one in page.stages])

    def post(self, request: Call, procurement_id: uuid.UUID) -> Response:
        """Plan a stage; `guests` are identifiers of invitations."""
        rfp = rfp_for(request.user, procurement_id=procurement_id)
        authorise(request.user, "bids.plan_stage", rfp)
        given = PlanInput(data=request.data).checked()
        given["guests"] = [str(one) for one in given["guests"]]
        stage = staging.plan(rfp=rfp, actor=request.user, **given)
        return Response(_seen(request, stage), status=status.HTTP_201_CREATED)


class OneStage(Endpoint):
    permissions = {"get": "bids.view_stages"}

    def get(self, request: Call, procurement_id: uuid.UUID, stage_id: uuid.UUID) -> Response:
        stage = _stage(request, procurement_id, stage_id)
        authorise(request.user, "bids.view_stages", stage)
        return Response(_seen(request, stage))


class StageScores(Endpoint):
    permissions = {"post": "bids.score_stage"}

    def post(self, request: Call, procurement_id: uuid.UUID, stage_id: uuid.UUID) -> Response:
        """Score one vendor of a stage, with a reason; a later score replaces one's own."""
        stage = _stage(request, procurement_id, stage_id)
        authorise(request.user, "bids.score_stage", stage)
        given = ScoreInput(data=request.data).checked()
        guest = selectors.guest_of(stage, str(given.pop("guest")))
        staging.score(guest=guest, actor=request.user, **given)
        return Response(_seen(request, stage), status=status.HTTP_201_CREATED)


class StageClosure(Endpoint):
    permissions = {"post": "bids.plan_stage"}

    def post(self, request: Call, procurement_id: uuid.UUID, stage_id: uuid.UUID) -> Response:
        """Close a stage: its scores stand from now on."""
        stage = _stage(request, procurement_id, stage_id)
        Nothing(data=request.data).checked()
        staging.close(stage=stage, actor=request.user)
        return Response(_seen(request, stage))


def _stage(call: Call, procurement_id: uuid.UUID, stage_id: uuid.UUID) -> Stage:
    return selectors.stage_for(call.user, procurement_id=procurement_id, stage_id=stage_id)


def _seen(call: Call, stage: Stage) -> dict[str, Any]:
    stage.refresh_from_db(fields=["state"])
    return _shown(selectors.one_stage(call.user, stage))


CASE = "procurements/<uuid:procurement_id>/stages"
ONE = f"{CASE}/<uuid:stage_id>"
urlpatterns = [
    path(f"{CASE}/", Stages.as_view(), name="api-stages"),
    path(f"{ONE}/", OneStage.as_view(), name="api-stage"),
    path(f"{ONE}/scores/", StageScores.as_view(), name="api-stage-scores"),
    path(f"{ONE}/closure/", StageClosure.as_view(), name="api-stage-closure"),
]
