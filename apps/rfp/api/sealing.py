"""Openers' keys by API: who holds them, one's own codes once, and their proof."""

import uuid

from rest_framework import serializers, status
from rest_framework.response import Response

from apps.core.api import Endpoint, Input
from apps.rfp import selectors
from apps.rfp.api.showing import found
from apps.rfp.services import sealing
from apps.workspace.types import Call


class CollectInput(Input):
    spare = serializers.BooleanField(default=False)
    replace = serializers.BooleanField(default=False)


class ProveInput(Input):
    codes = serializers.DictField(child=serializers.CharField(max_length=120))
    spare = serializers.BooleanField(default=False)


class Keys(Endpoint):
    permissions = {"get": "rfp.view", "post": "rfp.hold_key"}

    def get(self, request: Call, procurement_id: uuid.UUID) -> Response:
        rfp = found(request, procurement_id)
        shown = selectors.keys_page(request.user, rfp)
        return Response(
            {
                "needed": rfp.keys_needed,
                "kinds": [kind.value for kind in shown.kinds],
                "keys": [
                    {
                        "name": one.name,
                        "spare": one.spare,
                        "collected": one.collected,
                        "proved": one.proved,
                        "rehearsed_at": one.again,
                    }
                    for one in shown.holders
                ],
            }
        )

    def post(self, request: Call, procurement_id: uuid.UUID) -> Response:
        """Make the caller's keys and return their codes: this answer alone holds them."""
        rfp = found(request, procurement_id)
        given = CollectInput(data=request.data or {}).checked()
        codes = sealing.collect(rfp=rfp, actor=request.user, **given)
        return Response(
            {"codes": {one.kind.value: one.text for one in codes}}, status=status.HTTP_201_CREATED
        )


class Proof(Endpoint):
    permissions = {"post": "rfp.hold_key"}

    def post(self, request: Call, procurement_id: uuid.UUID) -> Response:
        rfp = found(request, procurement_id)
        given = ProveInput(data=request.data).checked()
        sealing.prove(rfp=rfp, actor=request.user, **given)
        return Response(status=status.HTTP_204_NO_CONTENT)
