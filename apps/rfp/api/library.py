"""The library by API: what a questionnaire can start from, templates, the question bank, packs."""

import uuid
from typing import Any

from rest_framework import serializers, status
from rest_framework.response import Response

from apps.core.access import authorise
from apps.core.api import Endpoint, Input
from apps.rfp import selectors
from apps.rfp.api.showing import found, paged, shown
from apps.rfp.models import Template
from apps.rfp.selectors.bank import LONGEST_SEARCH, SOURCES, Found
from apps.rfp.selectors.library import Held, Kept
from apps.rfp.services import authoring
from apps.rfp.states import AnswerKind
from apps.rfp.types import Shipped
from apps.workspace.types import Call


class TemplateInput(Input):
    name = serializers.CharField(max_length=120)
    note = serializers.CharField(max_length=500, allow_blank=True, default="")


class SearchInput(Input):
    search = serializers.CharField(max_length=LONGEST_SEARCH, allow_blank=True, default="")
    source = serializers.ChoiceField(["", *SOURCES], default="")  # type: ignore[assignment]  # a field, which the class takes away
    kind = serializers.ChoiceField(["", *AnswerKind.values], default="")


class TakeInput(Input):
    keys = serializers.ListField(child=serializers.CharField(max_length=120), max_length=200)


class PackInput(Input):
    pack = serializers.CharField(max_length=60)


def _shipped(one: Shipped) -> dict[str, Any]:
    return {"source": one.slug, "title": one.title, "questions": one.questions}


def _kept(one: Kept) -> dict[str, Any]:
    return {
        **_template(one.template),
        "source": one.value,
        "sections": one.sections,
        "questions": one.questions,
        "scored": one.scored,
        "saved_by": one.by,
    }


def _template(one: Template) -> dict[str, Any]:
    return {"id": str(one.pk), "name": one.name, "note": one.note}


def _found(one: Found) -> dict[str, Any]:
    item = one.item
    return {
        "key": one.key,
        "source": one.source,
        "place": one.place,
        "section": one.section,
        "topic": item.topic,
        "text": item.text,
        "kind": item.kind,
        "mode": item.mode,
    }


class Sources(Endpoint):
    permissions = {"get": "rfp.view"}

    def get(self, request: Call, procurement_id: uuid.UUID) -> Response:
        """Return what a questionnaire can start from; each `source` is taken by the start."""
        desk = selectors.desk_for(request.user, procurement_id=procurement_id)
        authorise(request.user, "rfp.view", desk)
        offer = selectors.sources(request.user, desk.procurement)
        return Response(
            {
                "shipped": [_shipped(one) for one in offer.shipped],
                "packs": [_shipped(one) for one in offer.packs],
                "templates": [_kept(one) for one in offer.templates],
                "earlier": [
                    {
                        "source": one.value,
                        "reference": one.reference,
                        "title": one.title,
                        "questions": one.questions,
                    }
                    for one in offer.earlier
                ],
            }
        )


class Templates(Endpoint):
    permissions = {"get": "rfp.view", "post": "rfp.author"}

    def get(self, request: Call, procurement_id: uuid.UUID) -> Response:
        found(request, procurement_id)
        return paged(request, selectors.templates(), _kept)

    def post(self, request: Call, procurement_id: uuid.UUID) -> Response:
        """Keep the questionnaire as a template of the organisation."""
        rfp = found(request, procurement_id)
        given = TemplateInput(data=request.data).checked()
        made = authoring.save_template(rfp=rfp, actor=request.user, **given)
        return Response(_template(made), status=status.HTTP_201_CREATED)


class OneTemplate(Endpoint):
    permissions = {"put": "rfp.author", "delete": "rfp.author"}

    def _held(self, request: Call, procurement_id: uuid.UUID, template_id: uuid.UUID) -> Held:
        return selectors.template_for(
            request.user, procurement_id=procurement_id, template_id=template_id
        )

    def put(self, request: Call, procurement_id: uuid.UUID, template_id: uuid.UUID) -> Response:
        """Rename a template."""
        held = self._held(request, procurement_id, template_id)
        given = TemplateInput(data=request.data).checked()
        renamed = authoring.rename_template(
            procurement=held.procurement, template=held.template, actor=request.user, **given
        )
        return Response(_template(renamed))

    def delete(self, request: Call, procurement_id: uuid.UUID, template_id: uuid.UUID) -> Response:
        held = self._held(request, procurement_id, template_id)
        authoring.delete_template(
            procurement=held.procurement, template=held.template, actor=request.user
        )
        return Response(status=status.HTTP_204_NO_CONTENT)


class Bank(Endpoint):
    permissions = {"get": "rfp.author"}

    def get(self, request: Call, procurement_id: uuid.UUID) -> Response:
        """Search the question bank, best match first: `search`, `source`, `kind`, `page`."""
        rfp = found(request, procurement_id)
        authorise(request.user, "rfp.author", rfp)
        asked = request.GET.dict()
        wanted = {name: text for name, text in asked.items() if name not in {"page", "page_size"}}
        given = SearchInput(data=wanted).checked()
        return paged(request, selectors.bank(request.user, rfp, **given), _found)


class Taken(Endpoint):
    permissions = {"post": "rfp.author"}

    def post(self, request: Call, procurement_id: uuid.UUID, section_id: uuid.UUID) -> Response:
        """Add questions of the bank to a section; `left` names rules that could not come along."""
        section = selectors.section_for(
            request.user, procurement_id=procurement_id, section_id=section_id
        )
        given = TakeInput(data=request.data).checked()
        added = authoring.add_from_bank(section=section, actor=request.user, **given)
        answer = {"codes": added.codes, "left": added.left}
        return Response(answer, status=status.HTTP_201_CREATED)


class Packs(Endpoint):
    permissions = {"post": "rfp.author"}

    def post(self, request: Call, procurement_id: uuid.UUID) -> Response:
        """Add a shipped pack, with weight 0 until it is shared out."""
        rfp = found(request, procurement_id)
        given = PackInput(data=request.data).checked()
        authoring.add_pack(rfp=rfp, actor=request.user, **given)
        return Response(shown(rfp), status=status.HTTP_201_CREATED)
