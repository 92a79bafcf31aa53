"""Conflicts with one vendor by API: what their page shows, and the same two acts."""

import uuid

from rest_framework import serializers, status
from rest_framework.response import Response

from apps.core.access import authorise
from apps.core.api import Endpoint, Input
from apps.matrix import selectors
from apps.matrix.selectors.recusals import conflict_for, conflicts_page
from apps.matrix.services import recusing
from apps.workspace.types import Call


class NamedInput(Input):
    named = serializers.CharField(max_length=recusing.NAME)
    note = serializers.CharField(max_length=recusing.NOTE, allow_blank=True)


class SettledInput(Input):
    vendor = serializers.UUIDField(allow_null=True)


class Conflicts(Endpoint):
    permissions = {"get": "matrix.view_conflicts", "post": "matrix.name_conflict"}

    def get(self, request: Call, procurement_id: uuid.UUID) -> Response:
        """One's own, and for a lead what waits; nobody else's."""
        desk = selectors.desk_for(request.user, procurement_id=procurement_id)
        authorise(request.user, "matrix.view_conflicts", desk)
        page = conflicts_page(request.user, desk)
        shown = [
            {
                "id": one.pk,
                "person": str(one.user_id),
                "named": one.named,
                "note": one.note,
                "settled": hasattr(one, "recusal"),
            }
            for one in (*page.own, *page.waiting)
        ]
        return Response(shown)

    def post(self, request: Call, procurement_id: uuid.UUID) -> Response:
        desk = selectors.desk_for(request.user, procurement_id=procurement_id)
        authorise(request.user, "matrix.name_conflict", desk)
        made = recusing.name_conflict(
            procurement=desk.procurement,
            actor=request.user,
            **NamedInput(data=request.data).checked(),
        )
        return Response({"id": made.pk}, status=status.HTTP_201_CREATED)


class Settled(Endpoint):
    permissions = {"post": "matrix.settle_conflict"}

    def post(self, request: Call, procurement_id: uuid.UUID, conflict_id: uuid.UUID) -> Response:
        """Say which invited vendor was meant; null for none of them."""
        conflict = conflict_for(
            request.user, procurement_id=procurement_id, conflict_id=conflict_id
        )
        given = SettledInput(data=request.data).checked()
        made = recusing.settle(conflict=conflict, actor=request.user, **given)
        return Response({"settled": True, "recused": made.vendor_id is not None})
