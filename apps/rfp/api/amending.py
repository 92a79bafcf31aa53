"""Addenda by API: drafted change by change, shown as differences, published as a new version."""

import uuid
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from django.utils.translation import gettext as _
from rest_framework import serializers, status
from rest_framework.response import Response

from apps.core.access import authorise
from apps.core.api import Endpoint, Input
from apps.core.errors import NotFound
from apps.rfp import selectors
from apps.rfp.api.showing import found, named, paged
from apps.rfp.models import Addendum, Question
from apps.rfp.selectors.differences import Difference
from apps.rfp.services import amending
from apps.rfp.services.drafting import refuse
from apps.rfp.states import Consequence
from apps.workspace.models import User
from apps.workspace.types import Call


class AddendumInput(Input):
    reason = serializers.CharField(max_length=2000)
    consequence = serializers.ChoiceField(Consequence.choices)
    late_reason = serializers.CharField(max_length=2000, allow_blank=True, default="")


def _shown(one: Addendum, differences: tuple[Difference, ...]) -> dict[str, Any]:
    return {
        "id": str(one.pk),
        "state": one.state,
        "version": one.version,
        "reason": one.reason,
        "consequence": one.consequence,
        "late_reason": one.late_reason,
        "published_at": one.published_at,
        "differences": [
            {
                "place": d.place,
                "label": d.label,
                "kind": d.kind,
                "before": d.before,
                "after": d.after,
            }
            for d in differences
        ],
    }


def _addendum(call: Call, procurement_id: uuid.UUID, addendum_id: uuid.UUID) -> Addendum:
    held = selectors.addendum_for(call.user, procurement_id=procurement_id, addendum_id=addendum_id)
    authorise(call.user, "rfp.amend", held)
    return held


class Addenda(Endpoint):
    permissions = {"get": "rfp.view", "post": "rfp.amend"}

    def get(self, request: Call, procurement_id: uuid.UUID) -> Response:
        """Return the published addenda, newest first, each with what it changed."""
        rfp = found(request, procurement_id)
        every = selectors.published_addenda(rfp)
        return paged(request, every, lambda one: _shown(one.addendum, one.differences))

    def post(self, request: Call, procurement_id: uuid.UUID) -> Response:
        """Begin an addendum; one is drafted at a time."""
        rfp = found(request, procurement_id)
        held = amending.start(rfp=rfp, actor=request.user)
        return Response(_shown(held, ()), status=status.HTTP_201_CREATED)


class OneAddendum(Endpoint):
    permissions = {"get": "rfp.amend", "delete": "rfp.amend"}

    def get(self, request: Call, procurement_id: uuid.UUID, addendum_id: uuid.UUID) -> Response:
        """Return a draft with what it would change, and its changes by number."""
        page = selectors.addendum_page(_addendum(request, procurement_id, addendum_id))
        return Response(
            {
                **_shown(page.addendum, page.differences),
                "changes": [
                    {"number": at, "about": one} for at, one in enumerate(page.changes, start=1)
                ],
                "late": page.late,
            }
        )

    def delete(self, request: Call, procurement_id: uuid.UUID, addendum_id: uuid.UUID) -> Response:
        """Discard a draft."""
        held = _addendum(request, procurement_id, addendum_id)
        amending.discard(addendum=held, actor=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


def _question(held: Addendum, given: dict[str, Any]) -> Question:
    asked = Question.objects.filter(rfp=held.rfp, code=str(given.pop("code", "")), withdrawn=False)
    question = asked.select_related("section").first()
    if question is None:
        raise NotFound(_("There is no such question in this RFP."))
    question.rfp = held.rfp
    return question


def _only(given: Mapping[str, Any], *names: str) -> None:
    if set(given) != set(names):
        wanted = ", ".join(("change", *names))
        raise refuse("change", _("This change takes: {names}.").format(names=wanted))


def _introduction(held: Addendum, given: dict[str, Any], actor: User) -> None:
    _only(given, "text")
    amending.change_introduction(addendum=held, text=given["text"], actor=actor)


def _facts(held: Addendum, given: dict[str, Any], actor: User) -> None:
    _only(given, "facts")
    amending.change_facts(addendum=held, facts=given["facts"], actor=actor)


def _texts(held: Addendum, given: dict[str, Any], actor: User) -> None:
    question = _question(held, given)
    if not given or not set(given) <= {"topic", "text", "evidence"}:
        raise refuse("change", _("This change takes: {names}.").format(
            names="change, code, topic, text, evidence"
        ))  # fmt: skip
    amending.change_question(addendum=held, question=question, actor=actor, **given)


def _withdraw(held: Addendum, given: dict[str, Any], actor: User) -> None:
    question = _question(held, given)
    _only(given)
    amending.withdraw_question(addendum=held, question=question, actor=actor)


def _add(held: Addendum, given: dict[str, Any], actor: User) -> None:
    code = str(given.pop("section", ""))
    chapters = selectors.questionnaire(held.rfp)
    section = next((one.section for one in chapters if one.section.code == code), None)
    if section is None:
        raise refuse("section", _("Choose a section of this RFP."))
    amending.add_question(addendum=held, section=section, actor=actor, **given)


KINDS: Final[Mapping[str, Callable[[Addendum, dict[str, Any], User], None]]] = MappingProxyType(
    {
        "introduction": _introduction,
        "facts": _facts,
        "question": _texts,
        "withdraw": _withdraw,
        "add": _add,
    }
)


class AddendumChanges(Endpoint):
    permissions = {"post": "rfp.amend"}

    def post(self, request: Call, procurement_id: uuid.UUID, addendum_id: uuid.UUID) -> Response:
        """Put a change into the draft: `change` says what the other fields mean."""
        held = _addendum(request, procurement_id, addendum_id)
        given = named(request.data)
        act = KINDS.get(str(given.pop("change", "")))
        if act is None:
            sentence = _("Use one of these changes: {kinds}.").format(kinds=", ".join(KINDS))
            raise refuse("change", sentence)
        act(held, given, request.user)
        page = selectors.addendum_page(held)
        return Response(_shown(held, page.differences), status=status.HTTP_201_CREATED)


class OneChange(Endpoint):
    permissions = {"delete": "rfp.amend"}

    def delete(
        self, request: Call, procurement_id: uuid.UUID, addendum_id: uuid.UUID, number: int
    ) -> Response:
        """Take a change out of the draft, by its number."""
        held = _addendum(request, procurement_id, addendum_id)
        amending.undo(addendum=held, number=number, actor=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class AddendumPublication(Endpoint):
    permissions = {"post": "rfp.amend"}

    def post(self, request: Call, procurement_id: uuid.UUID, addendum_id: uuid.UUID) -> Response:
        """Publish the draft as a new version that every vendor is told of."""
        held = _addendum(request, procurement_id, addendum_id)
        given = AddendumInput(data=request.data).checked()
        made = amending.publish(addendum=held, actor=request.user, **given)
        return Response(_shown(made, ()))
