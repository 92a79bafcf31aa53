"""The shortlist of a request for information by API: the same services and refusals as the page."""

import uuid
from typing import Any

from rest_framework import serializers, status
from rest_framework.response import Response

from apps.bids.selectors import shortlist as shortlists
from apps.bids.services import shortlisting as deciding
from apps.core.access import authorise
from apps.core.api import Endpoint, Input, Nothing
from apps.matrix.selectors.shortlisting import ShortlistPage, Standing, shortlist_page
from apps.matrix.services import shortlisting
from apps.rfp.selectors import desk_for, rfp_for
from apps.rfp.services.following import COPY
from apps.rfp.states import Preset
from apps.workspace.types import Call


class ProposeInput(Input):
    """Identifiers of the bids that are taken of those that tie, and why; empty without a tie."""

    chosen = serializers.ListField(child=serializers.UUIDField(), max_length=200, default=list)
    reason = serializers.CharField(max_length=2000, allow_blank=True, default="")


class TenderInput(Input):
    reference = serializers.CharField(max_length=40)
    title = serializers.CharField(max_length=160)
    # `copy` for the questions of the request, else what starting an RFP takes.
    questionnaire = serializers.CharField(max_length=60, default=COPY)
    preset = serializers.ChoiceField(Preset.choices, default=Preset.ASSURED)


def _shown(page: ShortlistPage) -> dict[str, Any]:
    held, found = page.held, page.proposal
    return {
        "rule": page.rule,
        "places": found.places if found else 0,
        "bids": [_standing(one, page) for one in found.standings] if found else [],
        "shortlist": {
            "id": str(held.pk),
            "state": held.state,
            "digest": held.digest,
            "reason": held.reason,
            "requested_by": held.requested_by.name,
            "decided_by": held.decided_by.name if held.decided_by else None,
            "decided_at": held.decided_at,
        }
        if held
        else None,
    }


def _standing(one: Standing, page: ShortlistPage) -> dict[str, Any]:
    return {
        "bid": str(one.bid_id),
        "letter": one.letter,
        "name": one.name,
        "points": one.points or None,
        "rank": one.rank,
        "admitted": one.admitted,
        "because": one.because,
        "verdict": one.verdict.value,
        "taken": one.bid_id in page.taken if page.held else None,
    }


class OneList(Endpoint):
    permissions = {"get": "bids.view_shortlist", "post": "bids.propose_shortlist"}

    def get(self, request: Call, procurement_id: uuid.UUID) -> Response:
        """Return what the rule gives, and the list once one is proposed."""
        return self._answer(request, procurement_id)

    def post(self, request: Call, procurement_id: uuid.UUID) -> Response:
        """Propose what the rule gives; a second person confirms it."""
        rfp = rfp_for(request.user, procurement_id=procurement_id)
        given = ProposeInput(data=request.data or {}).checked()
        shortlisting.propose(rfp=rfp, actor=request.user, **given)
        return self._answer(request, procurement_id, status.HTTP_201_CREATED)

    @staticmethod
    def _answer(call: Call, procurement_id: uuid.UUID, code: int = 200) -> Response:
        desk = desk_for(call.user, procurement_id=procurement_id)
        authorise(call.user, "bids.view_shortlist", desk)
        return Response(_shown(shortlist_page(call.user, desk)), status=code)


class Confirmation(Endpoint):
    permissions = {"post": "bids.confirm_shortlist", "delete": "bids.confirm_shortlist"}

    def post(self, request: Call, procurement_id: uuid.UUID, shortlist_id: uuid.UUID) -> Response:
        """Confirm somebody else's proposal; every vendor is told about itself."""
        Nothing(data=request.data or {}).checked()
        held = shortlists.shortlist_for(
            request.user, procurement_id=procurement_id, shortlist_id=shortlist_id
        )
        deciding.confirm(shortlist=held, actor=request.user)
        return Response({"state": held.state, "digest": held.digest})

    def delete(self, request: Call, procurement_id: uuid.UUID, shortlist_id: uuid.UUID) -> Response:
        """Drop a proposal: nobody has been told."""
        held = shortlists.shortlist_for(
            request.user, procurement_id=procurement_id, shortlist_id=shortlist_id
        )
        deciding.drop(shortlist=held, actor=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class Tender(Endpoint):
    permissions = {"post": "bids.propose_shortlist"}

    def post(self, request: Call, procurement_id: uuid.UUID) -> Response:
        """Open the procurement of the tender and start its RFP."""
        held = shortlists.confirmed_shortlist_for(request.user, procurement_id=procurement_id)
        given = TenderInput(data=request.data).checked()
        made = shortlisting.start_tender(
            shortlist=held,
            reference=given["reference"],
            title=given["title"],
            source=given["questionnaire"],
            preset=given["preset"],
            actor=request.user,
        )
        found = {"procurement": str(made.procurement_id), "rfp": str(made.pk)}
        return Response(found, status=status.HTTP_201_CREATED)
