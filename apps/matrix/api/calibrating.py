"""A round on a mock bid by API: what its page shows, and the same acts."""

import uuid
from typing import Any

from django.urls import path
from rest_framework import serializers, status
from rest_framework.response import Response

from apps.core.access import authorise
from apps.core.api import Endpoint, Input, Nothing
from apps.core.errors import Incomplete
from apps.matrix.api.inputs import as_text
from apps.matrix.selectors.calibrating import Round, Trial, calibration_page
from apps.matrix.services import calibrating
from apps.matrix.services.judging import LONGEST_REASON
from apps.matrix.types import Tried
from apps.workspace.models import Procurement
from apps.workspace.selectors import procurement_for
from apps.workspace.types import Call


class MockInput(Input):
    question = serializers.CharField(max_length=12)
    text = serializers.CharField(allow_blank=True)


class TriedInput(Input):
    question = serializers.CharField(max_length=12)
    value = serializers.DecimalField(max_digits=6, decimal_places=2)
    reason = serializers.CharField(max_length=LONGEST_REASON, allow_blank=True)


def _procurement(request: Call, procurement_id: uuid.UUID, permission: str) -> Procurement:
    found = procurement_for(request.user, procurement_id=procurement_id)
    authorise(request.user, permission, found)
    return found


class Rounds(Endpoint):
    permissions = {"get": "matrix.view_round", "post": "matrix.calibrate"}

    def get(self, request: Call, procurement_id: uuid.UUID) -> Response:
        """Return every mock bid, the newest first; of others' scores counts, until all are shown."""
        procurement = _procurement(request, procurement_id, "matrix.view_round")
        page = calibration_page(request.user, procurement)
        return Response([_round(one) for one in ((page.now,) if page.now else ()) + page.shown])

    def post(self, request: Call, procurement_id: uuid.UUID) -> Response:
        """Write what the mock bid answers to one question; what it said before is replaced."""
        procurement = _procurement(request, procurement_id, "matrix.calibrate")
        given = MockInput(data=request.data).checked()
        calibrating.write(
            procurement=procurement, code=given["question"], text=given["text"], actor=request.user
        )
        return Response({"question": given["question"]}, status=status.HTTP_201_CREATED)


def _round(one: Round) -> dict[str, Any]:
    return {
        "number": one.calibration.number,
        "state": one.calibration.state,
        "answers": [_trial(trial) for trial in one.trials],
        "evaluators": [{"name": done.name, "scored": done.scored} for done in one.done],
    }


def _trial(one: Trial) -> dict[str, Any]:
    return {
        "question": one.question.code,
        "text": one.answer.text,
        "own": {"value": one.value, "reason": one.reason} if one.value is not None else None,
        "scores": [
            {"evaluator": str(s.evaluator_id), "value": as_text(s.value), "reason": s.reason}
            for s in one.given
        ],
    }


class Answer(Endpoint):
    permissions = {"delete": "matrix.calibrate"}

    def delete(self, request: Call, procurement_id: uuid.UUID, code: str) -> Response:
        """Take an answer out of a mock bid that nobody scores yet."""
        procurement = _procurement(request, procurement_id, "matrix.calibrate")
        calibrating.remove(procurement=procurement, code=code, actor=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class Start(Endpoint):
    permissions = {"post": "matrix.calibrate"}

    def post(self, request: Call, procurement_id: uuid.UUID) -> Response:
        """Give the mock bid to the evaluators."""
        procurement = _procurement(request, procurement_id, "matrix.calibrate")
        Nothing(data=request.data).checked()
        calibrating.start(procurement=procurement, actor=request.user)
        return Response({"state": "scoring"})


class Tries(Endpoint):
    permissions = {"post": "matrix.try_scores"}

    def post(self, request: Call, procurement_id: uuid.UUID) -> Response:
        """Score one mock answer; a score may change until all are shown."""
        procurement = _procurement(request, procurement_id, "matrix.try_scores")
        given = TriedInput(data=request.data).checked()
        page = calibration_page(request.user, procurement)
        answers = {
            one.question.code: one.answer.pk for one in (page.now.trials if page.now else ())
        }
        if given["question"] not in answers:
            sentence = "The mock bid has no answer to this question."
            raise Incomplete(sentence, fields={"question": sentence})
        tried = {answers[given["question"]]: Tried(given["value"], given["reason"])}
        for error in calibrating.score(
            procurement=procurement, given=tried, actor=request.user
        ).values():
            raise error
        return Response({"value": as_text(given["value"])})


class Shown(Endpoint):
    permissions = {"post": "matrix.calibrate"}

    def post(self, request: Call, procurement_id: uuid.UUID) -> Response:
        """Show the panel what each evaluator gave, and why."""
        procurement = _procurement(request, procurement_id, "matrix.calibrate")
        Nothing(data=request.data).checked()
        calibrating.show(procurement=procurement, actor=request.user)
        return Response({"state": "shown"})


CASE = "procurements/<uuid:procurement_id>/scoring/calibration"
urlpatterns = [
    path(f"{CASE}/", Rounds.as_view(), name="api-calibration"),
    path(f"{CASE}/start/", Start.as_view(), name="api-start-calibration"),
    path(f"{CASE}/scores/", Tries.as_view(), name="api-try-scores"),
    path(f"{CASE}/show/", Shown.as_view(), name="api-show-calibration"),
    path(f"{CASE}/<str:code>/", Answer.as_view(), name="api-mock-answer"),
]
