"""Readiness by API: begin, answer, read the score, sign off. `framework` names the shipped file."""

import uuid
from typing import Any

from django.urls import path
from django.utils.translation import gettext as _
from rest_framework import serializers, status
from rest_framework.response import Response

from apps.core.access import authorise
from apps.core.api import Endpoint, Input
from apps.core.errors import NotFound
from apps.readiness import selectors
from apps.readiness.models import Assessment
from apps.readiness.services import assessing
from apps.readiness.types import Given
from apps.workspace.models import User
from apps.workspace.selectors import procurement_for
from apps.workspace.types import Call


class AnswerInput(Input):
    level = serializers.IntegerField(allow_null=True)
    evidence = serializers.CharField(allow_blank=True)


class Nothing(Input):
    """An act without input: whatever is sent is refused."""


def _standing(user: User, procurement_id: uuid.UUID, framework: str) -> Assessment:
    procurement = procurement_for(user, procurement_id=procurement_id)
    authorise(user, "readiness.view", procurement)
    found = selectors.newest(procurement, framework)
    if found is None:
        raise NotFound(_("There is no assessment with this framework. Begin one."))
    return found


class AssessmentEndpoint(Endpoint):
    """The newest assessment with one framework."""

    permissions = {"get": "readiness.view", "post": "readiness.assess"}

    def get(self, request: Call, procurement_id: uuid.UUID, framework: str) -> Response:
        return Response(_assessment(_standing(request.user, procurement_id, framework)))

    def post(self, request: Call, procurement_id: uuid.UUID, framework: str) -> Response:
        """Begin one; a draft that is under way is returned instead."""
        procurement = procurement_for(request.user, procurement_id=procurement_id)
        Nothing(data=request.data or {}).checked()
        begun = assessing.begin(procurement=procurement, framework=framework, actor=request.user)
        return Response(_assessment(begun), status=status.HTTP_201_CREATED)


class AnswerEndpoint(Endpoint):
    permissions = {"put": "readiness.assess"}

    def put(
        self, request: Call, procurement_id: uuid.UUID, framework: str, question: str
    ) -> Response:
        assessment = _standing(request.user, procurement_id, framework)
        given = AnswerInput(data=request.data).checked()
        assessing.answer_all(
            assessment=assessment, answers={question: Given(**given)}, actor=request.user
        )
        return Response(_assessment(assessment))


class SignOffEndpoint(Endpoint):
    permissions = {"post": "readiness.sign_off"}

    def post(self, request: Call, procurement_id: uuid.UUID, framework: str) -> Response:
        assessment = _standing(request.user, procurement_id, framework)
        Nothing(data=request.data or {}).checked()
        signed = assessing.sign_off(assessment=assessment, actor=request.user)
        return Response(_assessment(signed))


def _assessment(held: Assessment) -> dict[str, Any]:
    """Return an assessment; `record` is text whose UTF-8 bytes have the digest, once signed off."""
    given = selectors.answers_of(held)
    result: Any = selectors.record_of(held, given).to_plain()["result"]
    return {
        "number": held.number,
        "framework": held.framework,
        "framework_version": held.framework_version,
        "state": held.state,
        "answers": {
            slug: {"level": one.level, "evidence": one.evidence, "by": one.saved_by.name}
            for slug, one in given.items()
        },
        "result": result,
        "digest": held.digest or None,
        "record": held.record or None,
        "signed_off_at": held.signed_off_at,
    }


PLACE = "procurements/<uuid:procurement_id>/readiness/<slug:framework>/"
urlpatterns = [
    path(PLACE, AssessmentEndpoint.as_view()),
    path(f"{PLACE}answers/<slug:question>/", AnswerEndpoint.as_view()),
    path(f"{PLACE}sign-off/", SignOffEndpoint.as_view()),
]
