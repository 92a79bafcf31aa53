"""Procurements and panels by API: the same services as the pages."""

import uuid
from typing import Any

from django.urls import path
from rest_framework import serializers, status
from rest_framework.response import Response

from apps.core.access import authorise
from apps.core.api import Endpoint, Input, Pages
from apps.core.errors import Incomplete
from apps.workspace import selectors
from apps.workspace.models import PanelMember, Procurement
from apps.workspace.services import panel, procurements
from apps.workspace.states import Role
from apps.workspace.types import Call


class CaseInput(Input):
    reference = serializers.CharField(max_length=40)
    title = serializers.CharField(max_length=160)
    currency = serializers.CharField(max_length=3)
    about = serializers.CharField(required=False, allow_blank=True, default="")


class AppointInput(Input):
    email = serializers.EmailField()
    role = serializers.ChoiceField(choices=Role.choices)
    because = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class DeclarationInput(Input):
    conflict = serializers.BooleanField()
    note = serializers.CharField(required=False, allow_blank=True, default="")
    confidential = serializers.BooleanField()


class Procurements(Endpoint):
    permissions = {"get": "workspace.view", "post": "workspace.open_procurement"}

    def get(self, request: Call) -> Response:
        pages = Pages()
        rows = pages.paginate_queryset(
            selectors.procurements_visible_to(request.user), request, view=self
        )
        return pages.get_paginated_response([_case(row) for row in rows or []])

    def post(self, request: Call) -> Response:
        case = procurements.open_case(
            organisation=selectors.acting_buyer(request.user),
            actor=request.user,
            **CaseInput(data=request.data).checked(),
        )
        return Response(_case(case), status=status.HTTP_201_CREATED)


class Panel(Endpoint):
    permissions = {"get": "workspace.view_panel", "post": "workspace.appoint"}

    def get(self, request: Call, procurement_id: uuid.UUID) -> Response:
        case = selectors.procurement_for(request.user, procurement_id=procurement_id)
        authorise(request.user, "workspace.view_panel", case)
        return Response([_member(row) for row in selectors.panel_of(case)])

    def post(self, request: Call, procurement_id: uuid.UUID) -> Response:
        case = selectors.procurement_for(request.user, procurement_id=procurement_id)
        given = AppointInput(data=request.data).checked()
        person = selectors.colleagues(case).filter(email=given["email"].lower()).first()
        if person is None:
            sentence = "This person is not in your organisation. Invite them first."
            raise Incomplete(sentence, fields={"email": sentence})
        member = panel.appoint(
            procurement=case,
            user=person,
            role=Role(given["role"]),
            actor=request.user,
            because=given["because"],
        )
        return Response(_member(member), status=status.HTTP_201_CREATED)


class Declaring(Endpoint):
    permissions = {"post": "workspace.declare_interest"}

    def post(self, request: Call, procurement_id: uuid.UUID) -> Response:
        made = panel.declare(
            procurement=selectors.procurement_for(request.user, procurement_id=procurement_id),
            actor=request.user,
            **DeclarationInput(data=request.data).checked(),
        )
        shown = {
            "interest": made.interest,
            "confidentiality": made.confidentiality,
            "declared_at": made.created_at,
        }
        return Response(shown, status=status.HTTP_201_CREATED)


def _case(row: Procurement) -> dict[str, Any]:
    return {
        "id": row.pk,
        "reference": row.reference,
        "title": row.title,
        "currency": row.currency,
        "phase": row.phase,
        "opened_at": row.created_at,
    }


def _member(row: PanelMember) -> dict[str, Any]:
    return {
        "id": row.pk,
        "name": row.user.name,
        "email": row.user.email,
        "role": row.role,
        "interest": row.interest,
        "declared_at": row.declared_at,
    }


urlpatterns = [
    path("procurements/", Procurements.as_view(), name="api-procurements"),
    path("procurements/<uuid:procurement_id>/panel/", Panel.as_view(), name="api-panel"),
    path(
        "procurements/<uuid:procurement_id>/declaration/",
        Declaring.as_view(),
        name="api-declaration",
    ),
]
