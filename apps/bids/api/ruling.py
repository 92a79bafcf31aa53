"""What bids are subject to by API, and the panel's verdict on each row."""

import uuid

from django.urls import path
from rest_framework import serializers, status
from rest_framework.response import Response

from apps.bids import selectors
from apps.bids.selectors import rulings
from apps.bids.services import ruling
from apps.core.access import authorise
from apps.core.api import Endpoint, Input
from apps.rfp.selectors import rfp_for
from apps.workspace.types import Call


class RulingInput(Input):
    number = serializers.IntegerField(min_value=1)
    verdict = serializers.CharField(max_length=10)
    amount = serializers.CharField(max_length=30, required=False, allow_blank=True)
    reason = serializers.CharField(max_length=4000)


class Rulings(Endpoint):
    permissions = {"get": "bids.view_rulings"}

    def get(self, request: Call, procurement_id: uuid.UUID) -> Response:
        """Return every row of every opened bid with the verdict that stands."""
        rfp = rfp_for(request.user, procurement_id=procurement_id)
        authorise(request.user, "bids.view_rulings", rfp)
        return Response(
            [
                {
                    "bid": one.bid_id,
                    "letter": one.letter,
                    "number": row.number,
                    **row.row.without_price(),
                    "effect": row.effect or None,
                    "verdict": row.ruling.verdict if row.ruling else None,
                    "amount": row.ruling.amount if row.ruling else None,
                    "ruled_because": row.ruling.reason if row.ruling else "",
                }
                for one in rulings.ruled_bids(request.user, rfp)
                for row in one.rows
            ]
        )


class Rule(Endpoint):
    permissions = {"post": "bids.rule"}

    def post(self, request: Call, procurement_id: uuid.UUID, bid_id: uuid.UUID) -> Response:
        bid = selectors.opened_bid_for(request.user, procurement_id=procurement_id, bid_id=bid_id)
        given = RulingInput(data=request.data).checked()
        made = ruling.rule(bid=bid, actor=request.user, **given)
        body = {"number": made.number, "verdict": made.verdict, "version": made.version}
        return Response(body, status=status.HTTP_201_CREATED)


urlpatterns = [
    path("procurements/<uuid:procurement_id>/rulings/", Rulings.as_view(), name="api-rulings"),
    path(
        "procurements/<uuid:procurement_id>/bids/<uuid:bid_id>/rulings/",
        Rule.as_view(),
        name="api-rule",
    ),
]
