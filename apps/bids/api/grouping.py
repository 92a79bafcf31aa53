"""The panel's groups by API: what their page shows, and the same acts."""

import uuid
from typing import Any

from django.urls import path
from rest_framework import serializers, status
from rest_framework.response import Response

from apps.bids.selectors.groups import GroupLine, group_for, groups_page
from apps.bids.services import grouping
from apps.core.access import authorise
from apps.core.api import Endpoint, Input
from apps.workspace.models import Procurement
from apps.workspace.selectors import procurement_for
from apps.workspace.types import Call


class GroupInput(Input):
    name = serializers.CharField(allow_blank=True, max_length=grouping.LONGEST_NAME)
    sections = serializers.ListField(child=serializers.UUIDField())
    members = serializers.ListField(child=serializers.UUIDField())


class MembersInput(Input):
    members = serializers.ListField(child=serializers.UUIDField())


class ReleaseInput(Input):
    note = serializers.CharField(allow_blank=True, max_length=grouping.LONGEST_NOTE)


class Groups(Endpoint):
    permissions = {"get": "bids.view_groups", "post": "bids.arrange_groups"}

    def get(self, request: Call, procurement_id: uuid.UUID) -> Response:
        """Return the groups in their order, and the sections that belong to the whole panel."""
        procurement = procurement_for(request.user, procurement_id=procurement_id)
        authorise(request.user, "bids.view_groups", procurement)
        return Response(_shown(request, procurement))

    def post(self, request: Call, procurement_id: uuid.UUID) -> Response:
        """Add a group after the others, before any bid is open."""
        procurement = procurement_for(request.user, procurement_id=procurement_id)
        authorise(request.user, "bids.arrange_groups", procurement)
        given = GroupInput(data=request.data).checked()
        grouping.arrange(procurement=procurement, actor=request.user, **given)
        return Response(_shown(request, procurement), status=status.HTTP_201_CREATED)


class OneGroup(Endpoint):
    permissions = {"put": "bids.arrange_groups", "delete": "bids.arrange_groups"}

    def put(self, request: Call, procurement_id: uuid.UUID, group_id: uuid.UUID) -> Response:
        """Name the members anew, until the group reads."""
        group = group_for(request.user, procurement_id=procurement_id, group_id=group_id)
        authorise(request.user, "bids.arrange_groups", group)
        given = MembersInput(data=request.data).checked()
        grouping.reseat(group=group, actor=request.user, **given)
        return Response(_shown(request, group.procurement))

    def delete(self, request: Call, procurement_id: uuid.UUID, group_id: uuid.UUID) -> Response:
        """Take the group out of the order before any bid is open."""
        group = group_for(request.user, procurement_id=procurement_id, group_id=group_id)
        grouping.remove(group=group, actor=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class Release(Endpoint):
    permissions = {"post": "bids.release_group"}

    def post(self, request: Call, procurement_id: uuid.UUID, group_id: uuid.UUID) -> Response:
        """Let the next group read its sections."""
        group = group_for(request.user, procurement_id=procurement_id, group_id=group_id)
        authorise(request.user, "bids.release_group", group)
        given = ReleaseInput(data=request.data).checked()
        grouping.release(group=group, actor=request.user, **given)
        return Response(_shown(request, group.procurement), status=status.HTTP_201_CREATED)


def _shown(request: Call, procurement: Procurement) -> dict[str, Any]:
    page = groups_page(request.user, procurement)
    return {
        "groups": [_group(one) for one in page.groups],
        "whole_panel": [section.code for section in page.whole],
    }


def _group(one: GroupLine) -> dict[str, Any]:
    return {
        "id": str(one.group.pk),
        "name": one.group.name,
        "sections": [section.code for section in one.sections],
        "members": [str(member.pk) for member in one.members],
        "released": one.released,
        "released_at": one.release.released_at if one.release else None,
        "note": one.release.note if one.release else "",
    }


CASE = "procurements/<uuid:procurement_id>/groups"
urlpatterns = [
    path(f"{CASE}/", Groups.as_view(), name="api-groups"),
    path(f"{CASE}/<uuid:group_id>/", OneGroup.as_view(), name="api-group"),
    path(f"{CASE}/<uuid:group_id>/release/", Release.as_view(), name="api-group-release"),
]
