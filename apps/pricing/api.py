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
from apps.rfp.models import Lot
from apps.rfp.selectors import lots_in, named
from apps.workspace.models import Procurement
from apps.workspace.selectors import procurement_for
from apps.workspace.types import Call


class AssumptionsInput(Input):
    terms = serializers.JSONField(required=False)
    uncertainty = serializers.JSONField(required=False)
    bids = serializers.JSONField(required=False)
    based_on = serializers.IntegerField(min_value=0, required=False)


class AdoptInput(Input):
    reason = serializers.CharField(required=False, allow_blank=True, default="")


def _lot(request: Call, procurement: Procurement) -> Lot | None:
    """Return the lot that `?lot=` names; it has to where the tender has lots."""
    return named(lots_in(procurement), request.GET.get("lot", ""))


class AssumptionsEndpoint(Endpoint):
    permissions = {"get": "pricing.view", "put": "pricing.set_assumptions"}

    def get(self, request: Call, procurement_id: uuid.UUID) -> Response:
        procurement = procurement_for(request.user, procurement_id=procurement_id)
        authorise(request.user, "pricing.view", procurement)
        held = selectors.assumptions_of(procurement, _lot(request, procurement))
        return Response(_assumed(held))

    def put(self, request: Call, procurement_id: uuid.UUID) -> Response:
        procurement = procurement_for(request.user, procurement_id=procurement_id)
        given = AssumptionsInput(data=request.data).checked()
        lot = _lot(request, procurement)
        services.set_assumptions(
            procurement=procurement,
            based_on=given.pop("based_on", None),
            terms=given,
            actor=request.user,
            lot=lot,
        )
        return Response(_assumed(selectors.assumptions_of(procurement, lot)))


class ComparisonEndpoint(Endpoint):
    """The comparison under the assumptions that stand: calculated, not kept."""

    permissions = {"get": "pricing.view"}

    def get(self, request: Call, procurement_id: uuid.UUID) -> Response:
        procurement = procurement_for(request.user, procurement_id=procurement_id)
        authorise(request.user, "pricing.view", procurement)
        lot = _lot(request, procurement)
        return Response(selectors.comparison(request.user, procurement, lot).to_plain())


class AdoptedEndpoint(Endpoint):
    permissions = {"get": "pricing.view", "post": "pricing.adopt"}

    def get(self, request: Call, procurement_id: uuid.UUID) -> Response:
        procurement = procurement_for(request.user, procurement_id=procurement_id)
        authorise(request.user, "pricing.view", procurement)
        lot = _lot(request, procurement)
        adopted = selectors.adopted_for(
            request.user, procurement_id=procurement_id, code=lot.code if lot else ""
        )
        return Response(_adopted(adopted))

    def post(self, request: Call, procurement_id: uuid.UUID) -> Response:
        procurement = procurement_for(request.user, procurement_id=procurement_id)
        given = AdoptInput(data=request.data).checked()
        lot = _lot(request, procurement)
        adopted = services.adopt(procurement=procurement, actor=request.user, lot=lot, **given)
        return Response(_adopted(adopted), status=status.HTTP_201_CREATED)


def _assumed(held: Assumed) -> dict[str, Any]:
    return {**held.plain(), "number": held.number, "set_by": held.by or None, "set_at": held.at}


def _adopted(held: Comparison) -> dict[str, Any]:
    """Return the adopted comparison; `record` is the text whose UTF-8 bytes have the digest."""
    return {
        **({"lot": held.lot.code} if held.lot else {}),
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
