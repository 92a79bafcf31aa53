"""Writing an RFP by API."""

import uuid

from rest_framework import status
from rest_framework.response import Response

from apps.core.api import Endpoint
from apps.rfp import selectors
from apps.rfp.api.inputs import (
    DeadlineInput,
    ExtendInput,
    KeepInput,
    PresetInput,
    SectionInput,
    StartInput,
    WeightsInput,
    WorkloadInput,
)
from apps.rfp.api.showing import found, named, question_shown, shown
from apps.rfp.models import Question
from apps.rfp.services import authoring, extending
from apps.workspace.selectors import procurement_for
from apps.workspace.types import Call


class Whole(Endpoint):
    permissions = {"get": "rfp.view", "post": "rfp.author", "patch": "rfp.author"}

    def get(self, request: Call, procurement_id: uuid.UUID) -> Response:
        return Response(shown(found(request, procurement_id)))

    def post(self, request: Call, procurement_id: uuid.UUID) -> Response:
        procurement = procurement_for(request.user, procurement_id=procurement_id)
        given = StartInput(data=request.data).checked()
        source = given.pop("questionnaire")
        rfp = authoring.start(procurement=procurement, source=source, actor=request.user, **given)
        return Response(shown(rfp), status=status.HTTP_201_CREATED)

    def patch(self, request: Call, procurement_id: uuid.UUID) -> Response:
        rfp = found(request, procurement_id)
        authoring.set_terms(rfp=rfp, actor=request.user, **named(request.data))
        return Response(shown(rfp))


class PresetOf(Endpoint):
    permissions = {"put": "rfp.author"}

    def put(self, request: Call, procurement_id: uuid.UUID) -> Response:
        """Move to a preset; the periods of a public one carry days and a reason."""
        rfp = found(request, procurement_id)
        given = PresetInput(data=request.data).checked()
        authoring.set_preset(rfp=rfp, actor=request.user, **given)
        return Response(shown(rfp))


class Kept(Endpoint):
    permissions = {"put": "rfp.author"}

    def put(self, request: Call, procurement_id: uuid.UUID) -> Response:
        rfp = found(request, procurement_id)
        given = KeepInput(data=request.data).checked()
        authoring.keep_questions(rfp=rfp, actor=request.user, **given)
        return Response(shown(rfp))


class Weights(Endpoint):
    permissions = {"put": "rfp.author"}

    def put(self, request: Call, procurement_id: uuid.UUID) -> Response:
        rfp = found(request, procurement_id)
        given = WeightsInput(data=request.data).checked()
        authoring.weigh_sections(rfp=rfp, actor=request.user, **given)
        return Response(shown(rfp))


class Sections(Endpoint):
    permissions = {"post": "rfp.author"}

    def post(self, request: Call, procurement_id: uuid.UUID) -> Response:
        rfp = found(request, procurement_id)
        given = SectionInput(data=request.data).checked()
        section = authoring.add_section(rfp=rfp, actor=request.user, **given)
        made = {"id": str(section.pk), "code": section.code, "title": section.title}
        return Response(made, status=status.HTTP_201_CREATED)


class Questions(Endpoint):
    permissions = {"post": "rfp.author"}

    def post(self, request: Call, procurement_id: uuid.UUID, section_id: uuid.UUID) -> Response:
        section = selectors.section_for(
            request.user, procurement_id=procurement_id, section_id=section_id
        )
        question = authoring.add_question(
            section=section, actor=request.user, **named(request.data)
        )
        return Response(question_shown(question), status=status.HTTP_201_CREATED)


class OneQuestion(Endpoint):
    permissions = {"patch": "rfp.author", "delete": "rfp.author"}

    def _found(self, request: Call, procurement_id: uuid.UUID, question_id: uuid.UUID) -> Question:
        return selectors.question_for(
            request.user, procurement_id=procurement_id, question_id=question_id
        )

    def patch(self, request: Call, procurement_id: uuid.UUID, question_id: uuid.UUID) -> Response:
        question = self._found(request, procurement_id, question_id)
        authoring.edit_question(question=question, actor=request.user, **named(request.data))
        return Response(question_shown(question))

    def delete(self, request: Call, procurement_id: uuid.UUID, question_id: uuid.UUID) -> Response:
        question = self._found(request, procurement_id, question_id)
        authoring.remove_question(question=question, actor=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class WorkloadOf(Endpoint):
    permissions = {"put": "rfp.author"}

    def put(self, request: Call, procurement_id: uuid.UUID) -> Response:
        rfp = found(request, procurement_id)
        given = WorkloadInput(data=request.data).checked()
        authoring.set_workload(rfp=rfp, actor=request.user, **given)
        return Response(shown(rfp))


class Deadline(Endpoint):
    permissions = {"put": "rfp.author", "post": "rfp.publish"}

    def put(self, request: Call, procurement_id: uuid.UUID) -> Response:
        rfp = found(request, procurement_id)
        given = DeadlineInput(data=request.data).checked()
        authoring.set_deadline(rfp=rfp, actor=request.user, **given)
        return Response(shown(rfp))

    def post(self, request: Call, procurement_id: uuid.UUID) -> Response:
        """Ask for a later deadline of a published RFP; a second person confirms it."""
        rfp = found(request, procurement_id)
        given = ExtendInput(data=request.data).checked()
        extension = extending.ask(rfp=rfp, actor=request.user, **given)
        made = {
            "extension": str(extension.pk),
            "state": extension.state,
            "closes_at": extension.closes_at,
            "reason": extension.reason,
        }
        return Response(made, status=status.HTTP_202_ACCEPTED)
