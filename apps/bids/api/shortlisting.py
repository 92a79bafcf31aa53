"""A vendor's own result by API, and the buyer's invitations from a shortlist."""

import uuid
from typing import Any

from django.urls import path
from rest_framework import status
from rest_framework.response import Response

from apps.bids.selectors import results
from apps.bids.selectors import shortlist as shortlists
from apps.bids.services import inviting
from apps.core.api import Endpoint, Nothing
from apps.rfp.selectors import rfp_for
from apps.workspace.types import Call


class Result(Endpoint):
    permissions = {"get": "bids.view"}

    def get(self, request: Call, bid_id: uuid.UUID) -> Response:
        """Return what this vendor was told of its own bid or answers: nothing of any other."""
        bid = results.result_bid_for(request.user, bid_id=bid_id)
        if bid.round.rfp.asks_price:
            return Response({"results": [_told(one) for one in results.own_results(bid)]})
        shown = shortlists.result_page(bid)
        return Response(
            {
                "taken": shown.taken,
                "points": shown.points or None,
                "because": shown.because,
                "rule": shown.rule,
            }
        )


def _told(one: results.OwnResult) -> dict[str, Any]:
    return {
        "lot": one.lot.code if one.lot else None,
        "outcome": one.outcome,
        "because": one.because,
        "standstill_until": one.standstill_until,
        "letter": one.letter,
        "digest": one.digest,
        "price": one.priced or None,
    }


class Shortlisted(Endpoint):
    permissions = {"post": "bids.invite"}

    def post(self, request: Call, procurement_id: uuid.UUID) -> Response:
        """Invite everybody who was taken from the request for information before."""
        rfp = rfp_for(request.user, procurement_id=procurement_id)
        Nothing(data=request.data or {}).checked()
        invited = inviting.invite_shortlisted(rfp=rfp, actor=request.user)
        return Response({"invited": invited}, status=status.HTTP_201_CREATED)


urlpatterns = [
    path("bids/<uuid:bid_id>/result/", Result.as_view(), name="api-result"),
    path(
        "procurements/<uuid:procurement_id>/invitations/shortlisted/",
        Shortlisted.as_view(),
        name="api-invite-shortlisted",
    ),
]
