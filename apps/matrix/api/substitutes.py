"""Evaluators who left midway, by API: what their page shows, and the same act."""

import uuid
from collections.abc import Iterable

from rest_framework import serializers, status
from rest_framework.response import Response

from apps.core.access import authorise
from apps.core.api import Endpoint, Input
from apps.matrix import selectors
from apps.matrix.selectors.leavers import replaced_in, substitutes_page
from apps.matrix.services import substituting
from apps.rfp.models import Section
from apps.workspace.types import Call


class ReplacedInput(Input):
    """`counts` is about the sections that were finished; the others never count."""

    person = serializers.UUIDField()
    counts = serializers.BooleanField()
    substitute = serializers.UUIDField(allow_null=True, default=None)
    reason = serializers.CharField(max_length=substituting.LONGEST, allow_blank=True)


class Substitutes(Endpoint):
    permissions = {"get": "matrix.view_progress", "post": "matrix.substitute"}

    def get(self, request: Call, procurement_id: uuid.UUID) -> Response:
        """Return who left and waits for a word, and what was decided: counts, never a score."""
        desk = selectors.desk_for(request.user, procurement_id=procurement_id)
        authorise(request.user, "matrix.view_progress", desk)
        held = selectors.board(request.user, desk.scoring_round) if desk.scoring_round else None
        page = substitutes_page(request.user, desk, held)
        return Response(
            {
                "waiting": [
                    {
                        "person": str(one.user.pk),
                        "sections": [
                            {
                                "section": part.section.code,
                                "scored": part.scored,
                                "assigned": part.cells,
                            }
                            for part in one.sections
                        ],
                    }
                    for one in page.leavers
                ],
                "decided": [
                    {
                        "person": str(one.user.pk),
                        "counts": _codes(one.counted),
                        "left_out": _codes(one.left_out),
                        "substitute": str(one.substitute.pk) if one.substitute else None,
                        "reason": one.reason,
                        "decided_by": str(one.decided_by.pk),
                    }
                    for one in page.replaced
                ],
            }
        )

    def post(self, request: Call, procurement_id: uuid.UUID) -> Response:
        scoring_round = selectors.scoring_round_for(request.user, procurement_id=procurement_id)
        authorise(request.user, "matrix.substitute", scoring_round)
        given = ReplacedInput(data=request.data).checked()
        made = substituting.replace(
            scoring_round=scoring_round,
            replaced=given["person"],
            substitute=given["substitute"],
            counts=given["counts"],
            reason=given["reason"],
            actor=request.user,
        )
        (one,) = replaced_in(made)
        return Response(
            {"counts": _codes(one.counted), "left_out": _codes(one.left_out)},
            status=status.HTTP_201_CREATED,
        )


def _codes(sections: Iterable[Section]) -> list[str]:
    return [one.code for one in sections]
