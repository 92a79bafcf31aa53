"""Lots by API: added, described, given their sections and their workload."""

import uuid

from rest_framework import status
from rest_framework.response import Response

from apps.core.api import Endpoint
from apps.rfp import selectors
from apps.rfp.api.inputs import AssignInput, EditLotInput, LimitInput, LotInput, WorkloadInput
from apps.rfp.api.showing import found, lot_shown, shown
from apps.rfp.models import Lot
from apps.rfp.services import authoring
from apps.workspace.types import Call


class Lots(Endpoint):
    permissions = {"get": "rfp.view", "post": "rfp.author"}

    def get(self, request: Call, procurement_id: uuid.UUID) -> Response:
        rfp = found(request, procurement_id)
        return Response([lot_shown(lot) for lot in selectors.lots_of(rfp)])

    def post(self, request: Call, procurement_id: uuid.UUID) -> Response:
        rfp = found(request, procurement_id)
        given = LotInput(data=request.data).checked()
        lot = authoring.add_lot(rfp=rfp, actor=request.user, **given)
        return Response(lot_shown(lot), status=status.HTTP_201_CREATED)


def _lot(request: Call, procurement_id: uuid.UUID, lot_id: uuid.UUID) -> Lot:
    return selectors.lot_for(request.user, procurement_id=procurement_id, lot_id=lot_id)


class OneLot(Endpoint):
    permissions = {"put": "rfp.author", "delete": "rfp.author"}

    def put(self, request: Call, procurement_id: uuid.UUID, lot_id: uuid.UUID) -> Response:
        lot = _lot(request, procurement_id, lot_id)
        given = EditLotInput(data=request.data).checked()
        return Response(lot_shown(authoring.edit_lot(lot=lot, actor=request.user, **given)))

    def delete(self, request: Call, procurement_id: uuid.UUID, lot_id: uuid.UUID) -> Response:
        authoring.remove_lot(lot=_lot(request, procurement_id, lot_id), actor=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class WorkloadOf(Endpoint):
    permissions = {"put": "rfp.author"}

    def put(self, request: Call, procurement_id: uuid.UUID, lot_id: uuid.UUID) -> Response:
        """Set what is priced for this lot, and today's own cost of it."""
        lot = _lot(request, procurement_id, lot_id)
        given = WorkloadInput(data=request.data).checked()
        authoring.set_workload(rfp=lot.rfp, lot=lot, actor=request.user, **given)
        return Response(lot_shown(lot))


class Assigned(Endpoint):
    permissions = {"put": "rfp.author"}

    def put(self, request: Call, procurement_id: uuid.UUID) -> Response:
        """Say for which lot sections are asked."""
        rfp = found(request, procurement_id)
        given = AssignInput(data=request.data).checked()
        authoring.assign_sections(rfp=rfp, lots=given["sections"], actor=request.user)
        return Response(shown(rfp))


class Limit(Endpoint):
    permissions = {"put": "rfp.author"}

    def put(self, request: Call, procurement_id: uuid.UUID) -> Response:
        """Say how many lots one vendor may win."""
        rfp = found(request, procurement_id)
        given = LimitInput(data=request.data).checked()
        authoring.limit_lots(rfp=rfp, most=given["most_lots"], actor=request.user)
        return Response(shown(rfp))
