"""The opening by API: what can be known of it, and the turn of a key."""

import uuid
from dataclasses import asdict

from django.urls import path
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.response import Response

from apps.bids import selectors
from apps.bids.services import ceremony
from apps.core.access import authorise, second_factor_is_fresh
from apps.core.api import Endpoint, Input
from apps.core.errors import StepUpNeeded
from apps.rfp.selectors import desk_for, rfp_for
from apps.rfp.states import EnvelopeKind, KeyKind
from apps.workspace.types import Call


class OpeningInput(Input):
    kind = serializers.ChoiceField(EnvelopeKind.choices)
    code = serializers.CharField(max_length=120)


class Opening(Endpoint):
    permissions = {"get": "bids.view_opened", "post": "bids.open"}

    def get(self, request: Call, procurement_id: uuid.UUID) -> Response:
        desk = desk_for(request.user, procurement_id=procurement_id)
        authorise(request.user, "bids.view_opened", desk)
        page = selectors.opening_page(request.user, desk)
        bids = [
            {
                "letter": one.letter,
                "name": one.name,
                "reference": one.reference,
                "digest": one.digest,
                "arrived_at": one.arrived_at,
                "price_opened": one.price_opened,
                "lots": list(one.lots),
            }
            for one in page.bids
        ]
        return Response(
            {
                "closes_at": page.closes_at,
                "opens_at": page.opens_at,
                "opened_at": page.opened_at,
                "bids": bids,
            }
        )

    def post(self, request: Call, procurement_id: uuid.UUID) -> Response:
        """Turn a key for one kind of envelope; asks for a fresh second factor as the page does."""
        rfp = rfp_for(request.user, procurement_id=procurement_id)
        authorise(request.user, "bids.open", rfp)
        if not second_factor_is_fresh(request._request):  # noqa: SLF001 -- the session's request
            raise StepUpNeeded(_("Confirm on the website that it is you, then open the bids."))
        given = OpeningInput(data=request.data).checked()
        turned = ceremony.turn(
            rfp=rfp, kind=KeyKind(given["kind"]), code=given["code"], actor=request.user
        )
        return Response(asdict(turned))


urlpatterns = [
    path("procurements/<uuid:procurement_id>/opening/", Opening.as_view(), name="api-bids-opening"),
]
