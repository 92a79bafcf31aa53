"""Prices by API: the assumptions, the comparison under them, the adopted record."""

import uuid
from typing import Any

from django.urls import path
from rest_framework import serializers, status
from rest_framework.response import Response

from apps.core.access import authorise
from apps.core.api import Endpoint, Input
from apps.pricing import selectors, services
from apps.pricing.models import Comparison
from apps.pricing.types import Assumed
from apps.workspace.selectors import procurement_for
from apps.workspace.types import Call


class AssumptionsInput(Input):
    terms = serializers.JSONField(required=False)
    uncertainty = serializers.JSONField(required=False)
    bids = serializers.JSONField(required=False)
    based_on = serializers.IntegerField(min_value=0, required=False)


class AdoptInput(Input):
    reason = serializers.CharField(required=False, allow_blank=True, default="")


class AssumptionsEndpoint(Endpoint):
    permissions = {"get": "pricing.view", "put": "pricing.set_assumptions"}

    def get(self, request: Call, procurement_id: uuid.UUID) -> Response:
        procurement = procurement_for(request.user, procurement_id=procurement_id)
        authorise(request.user, "pricing.view", procurement)
        return Response(_assumed(selectors.assumptions_of(procurement)))

    def put(self, request: Call, procurement_id: uuid.UUID) -> Response:
        procurement = procurement_for(request.user, procurement_id=procurement_id)
        given = AssumptionsInput(data=request.data).checked()
        services.set_assumptions(
            procurement=procurement,
            based_on=given.pop("based_on", None),
            terms=given,
            actor=request.user,
        )
        return Response(_assumed(selectors.assumptions_of(procurement)))


class ComparisonEndpoint(Endpoint):
    """The comparison under the assumptions that stand: calculated, not kept."""

    permissions = {"get": "pricing.view"}

    def get(self, request: Call, procurement_id: uuid.UUID) -> Response:
        procurement = procurement_for(request.user, procurement_id=procurement_id)
        authorise(request.user, "pricing.view", procurement)
        return Response(selectors.comparison(request.user, procurement).to_plain())


class AdoptedEndpoint(Endpoint):
    permissions = {"get": "pricing.view", "post": "pricing.adopt"}

    def get(self, request: Call, procurement_id: uuid.UUID) -> Response:
        procurement = procurement_for(request.user, procurement_id=procurement_id)
        authorise(request.user, "pricing.view", procurement)
        adopted = selectors.adopted_for(request.user, procurement_id=procurement_id)
        return Response(_adopted(adopted))

    def post(self, request: Call, procurement_id: uuid.UUID) -> Response:
        procurement = procurement_for(request.user, procurement_id=procurement_id)
        given = AdoptInput(data=request.data).checked()
        adopted = services.adopt(procurement=procurement, actor=request.user, **given)
        return Response(_adopted(adopted), status=status.HTTP_201_CREATED)


def _assumed(held: Assumed) -> dict[str, Any]:
    return {**held.plain(), "number": held.number, "set_by": held.by or None, "set_at": held.at}


def _adopted(held: Comparison) -> dict[str, Any]:
    """Return the adopted comparison; `record` is the text whose UTF-8 bytes have the digest."""
    return {
        "number": held.number,
        "digest": held.digest,
        "engine_version": held.engine_version,
        "adopted_by": held.adopted_by.name,
        "adopted_at": held.created_at,
        "reason": held.reason,
        "record": held.record,
    }


urlpatterns = [
    path("procurements/<uuid:procurement_id>/assumptions/", AssumptionsEndpoint.as_view()),
    path("procurements/<uuid:procurement_id>/comparison/", ComparisonEndpoint.as_view()),
    path("procurements/<uuid:procurement_id>/comparison/adopted/", AdoptedEndpoint.as_view()),
]
