"""Readiness by API: begin, answer, sign off, read the record."""

import uuid
from typing import Any

from django.urls import path
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.api import Endpoint, Input
from apps.readiness import selectors
from apps.readiness.models import Assessment
from apps.readiness.services import assessing
from apps.workspace.models import User
from apps.workspace.selectors import procurement_for


class Call(Request):
    """A request of a signed-in person."""

    user: User


class BeginInput(Input):
    framework = serializers.CharField(max_length=60)


class AnswerInput(Input):
    question = serializers.CharField(max_length=40)
    level = serializers.IntegerField(allow_null=True)
    evidence = serializers.CharField(allow_blank=True, max_length=4000)


class Assessments(Endpoint):
    permissions = {"post": "readiness.assess"}

    def post(self, request: Call, procurement_id: uuid.UUID) -> Response:
        procurement = procurement_for(request.user, procurement_id=procurement_id)
        assessment = assessing.begin(
            procurement=procurement, actor=request.user, **BeginInput(data=request.data).checked()
        )
        return Response(_assessment(assessment), status=status.HTTP_201_CREATED)


class OneAssessment(Endpoint):
    permissions = {"get": "readiness.view", "patch": "readiness.assess"}

    def get(self, request: Call, procurement_id: uuid.UUID, assessment_id: uuid.UUID) -> Response:
        return Response(_assessment(_find(request, procurement_id, assessment_id)))

    def patch(self, request: Call, procurement_id: uuid.UUID, assessment_id: uuid.UUID) -> Response:
        assessment = _find(request, procurement_id, assessment_id)
        given = AnswerInput(data=request.data).checked()
        assessing.answer(assessment=assessment, actor=request.user, **given)
        return Response(_assessment(assessment))


class SignOff(Endpoint):
    permissions = {"post": "readiness.sign_off"}

    def post(self, request: Call, procurement_id: uuid.UUID, assessment_id: uuid.UUID) -> Response:
        assessment = _find(request, procurement_id, assessment_id)
        return Response(_assessment(assessing.sign_off(assessment=assessment, actor=request.user)))


def _find(request: Call, procurement_id: uuid.UUID, assessment_id: uuid.UUID) -> Assessment:
    return selectors.assessment_for(
        request.user, procurement_id=procurement_id, assessment_id=assessment_id
    )


def _assessment(row: Assessment) -> dict[str, Any]:
    record = selectors.record_of(row).to_plain()
    return {
        "id": row.pk,
        "framework": row.framework,
        "version": row.framework_version,
        "state": row.state,
        "digest": row.digest,
        "result": record["result"],
    }


CASE = "procurements/<uuid:procurement_id>/assessments"
urlpatterns = [
    path(f"{CASE}/", Assessments.as_view(), name="api-assessments"),
    path(f"{CASE}/<uuid:assessment_id>/", OneAssessment.as_view(), name="api-assessment"),
    path(f"{CASE}/<uuid:assessment_id>/sign-off/", SignOff.as_view(), name="api-sign-off"),
]
