"""Order, sections, weights with locks and Undo by API."""

import uuid
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers, status
from rest_framework.response import Response

from apps.core.access import authorise
from apps.core.api import Endpoint, Input, Nothing
from apps.core.errors import NotFound
from apps.rfp import selectors
from apps.rfp.api.showing import found, question_shown, shown
from apps.rfp.models import Rfp, Section
from apps.rfp.services import authoring, weighing
from apps.rfp.types import least, plain
from apps.workspace.types import Call


class OneSectionInput(Input):
    title = serializers.CharField(max_length=120)
    weight = serializers.CharField(max_length=12)
    minimum = serializers.CharField(max_length=12, allow_null=True, default=None)


class MoveInput(Input):
    up = serializers.BooleanField()


class PlaceInput(Input):
    section = serializers.UUIDField(required=False)
    place = serializers.IntegerField(min_value=1, allow_null=True, default=None)


class ProposeInput(Input):
    section = serializers.CharField(max_length=12, allow_blank=True, default="")
    weights = serializers.DictField(child=serializers.CharField(max_length=12))
    locked = serializers.ListField(child=serializers.CharField(max_length=12), default=list)


class BalanceInput(Input):
    section = serializers.CharField(max_length=12, allow_blank=True, default="")
    weights = serializers.DictField(child=serializers.DecimalField(7, 4, min_value=0))
    seen = serializers.DictField(child=serializers.DecimalField(7, 4, min_value=0))


class UndoInput(Input):
    change = serializers.UUIDField()


class OneSection(Endpoint):
    permissions = {"put": "rfp.author", "delete": "rfp.author"}

    def put(self, request: Call, procurement_id: uuid.UUID, section_id: uuid.UUID) -> Response:
        section = _section(request, procurement_id, section_id)
        given = OneSectionInput(data=request.data).checked()
        authoring.edit_section(rfp=section.rfp, section=section, actor=request.user, **given)
        return Response(
            {
                "id": str(section.pk),
                "code": section.code,
                "title": section.title,
                "weight": plain(section.weight),
                "minimum": least(section.minimum),
            }
        )

    def delete(self, request: Call, procurement_id: uuid.UUID, section_id: uuid.UUID) -> Response:
        """Remove a section with its questions."""
        section = _section(request, procurement_id, section_id)
        authoring.remove_section(rfp=section.rfp, section=section, actor=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class SectionMove(Endpoint):
    permissions = {"post": "rfp.author"}

    def post(self, request: Call, procurement_id: uuid.UUID, section_id: uuid.UUID) -> Response:
        """Move a section one place up or down."""
        section = _section(request, procurement_id, section_id)
        given = MoveInput(data=request.data).checked()
        authoring.move_section(rfp=section.rfp, section=section, actor=request.user, **given)
        return Response(status=status.HTTP_204_NO_CONTENT)


class QuestionPlace(Endpoint):
    permissions = {"put": "rfp.author"}

    def put(self, request: Call, procurement_id: uuid.UUID, question_id: uuid.UUID) -> Response:
        """Put a question at a place, 1 for the first and null for the end, here or elsewhere."""
        question = selectors.question_for(
            request.user, procurement_id=procurement_id, question_id=question_id
        )
        given = PlaceInput(data=request.data).checked()
        named = given.pop("section", None)
        section = _section(request, procurement_id, named) if named else None
        moved = authoring.place_question(
            question=question, section=section, actor=request.user, **given
        )
        return Response({**question_shown(moved), "section": moved.section.code})


def _section(call: Call, procurement_id: uuid.UUID, section_id: uuid.UUID) -> Section:
    return selectors.section_for(call.user, procurement_id=procurement_id, section_id=section_id)


def _named(rfp: Rfp, code: str) -> Section | None:
    """Return the section whose questions are weighed; None weighs the sections themselves."""
    if not code:
        return None
    section = Section.objects.filter(rfp=rfp, code=code).first()
    if section is None:
        raise NotFound(_("This section is not in the questionnaire any more."))
    return section


def _plain(weights: dict[str, Decimal]) -> dict[str, str]:
    return {code: plain(weight) for code, weight in weights.items()}


class Balance(Endpoint):
    permissions = {"post": "rfp.author", "put": "rfp.author"}

    def post(self, request: Call, procurement_id: uuid.UUID) -> Response:
        """Propose weights: what is given and locked stays, the rest shares the difference."""
        rfp = found(request, procurement_id)
        authorise(request.user, "rfp.author", rfp)
        given = ProposeInput(data=request.data).checked()
        section = _named(rfp, given["section"])
        held = weighing.held_weights(rfp, section)
        wanted = weighing.proposal(
            rfp=rfp, section=section, typed=given["weights"], locked=given["locked"]
        )
        return Response({"seen": _plain(held), "weights": _plain(wanted)})

    def put(self, request: Call, procurement_id: uuid.UUID) -> Response:
        """Save what was proposed; `seen` are the weights that it was proposed for."""
        rfp = found(request, procurement_id)
        given: dict[str, Any] = BalanceInput(data=request.data).checked()
        section = _named(rfp, given.pop("section"))
        authoring.save_weights(rfp=rfp, section=section, actor=request.user, **given)
        return Response(_plain(weighing.held_weights(rfp, section)))


class ShareOut(Endpoint):
    permissions = {"post": "rfp.author"}

    def post(self, request: Call, procurement_id: uuid.UUID) -> Response:
        """Bring the sections to 100 in their present proportion."""
        rfp = found(request, procurement_id)
        Nothing(data=request.data).checked()
        authoring.share_out(rfp=rfp, actor=request.user)
        return Response(_plain(weighing.held_weights(rfp, None)))


class Undo(Endpoint):
    permissions = {"get": "rfp.author", "post": "rfp.author"}

    def get(self, request: Call, procurement_id: uuid.UUID) -> Response:
        """Return the change that Undo would take back; `change` is null where there is none."""
        rfp = found(request, procurement_id)
        authorise(request.user, "rfp.author", rfp)
        last = selectors.undo_of(request.user, rfp)
        return Response({"change": str(last.pk) if last else None, "words": last and last.words})

    def post(self, request: Call, procurement_id: uuid.UUID) -> Response:
        """Take the last change back; 412 when another one came after the one named."""
        rfp = found(request, procurement_id)
        given = UndoInput(data=request.data).checked()
        authoring.undo(rfp=rfp, change_id=given["change"], actor=request.user)
        return Response(shown(rfp))
