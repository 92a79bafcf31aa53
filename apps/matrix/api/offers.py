"""Best and final offers on the buyer's side by API: asked for, confirmed, opened, compared."""

import uuid
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers, status
from rest_framework.response import Response

from apps.bids import selectors as bids
from apps.bids.models import OfferRound
from apps.bids.selectors.offers import OffersPage
from apps.bids.services import ceremony
from apps.bids.services import offering as deciding
from apps.bids.types.offering import Asked, Change
from apps.core.access import authorise, can, second_factor_is_fresh
from apps.core.api import Endpoint, Input, Nothing
from apps.core.errors import StepUpNeeded
from apps.matrix.selectors.admission import excluded_places
from apps.matrix.services import offering
from apps.rfp.selectors import desk_for, rfp_for
from apps.rfp.states import KeyKind
from apps.workspace.types import Call


class LeftOutInput(serializers.Serializer[Any]):
    """Why a bid is not asked; without a lot in all that it covers."""

    bid = serializers.UUIDField()
    lot = serializers.CharField(max_length=12, default="")
    reason = serializers.CharField(max_length=500)


class AskInput(Input):
    """Every admitted bid is asked but those left out, each with its reason for the record.

    `lots` are the codes of those that are reopened; without them every lot in which it is possible.
    """

    closes_at = serializers.DateTimeField()
    reason = serializers.CharField(max_length=500)
    left_out = serializers.ListField(child=LeftOutInput(), max_length=200, default=list)
    lots = serializers.ListField(
        child=serializers.CharField(max_length=12), max_length=100, required=False
    )


def _shown(page: OffersPage) -> dict[str, Any]:
    """Before the opening who is asked and the times: not who answers, nor whether anyone does."""
    held = page.round
    return {
        "possible": page.possible,
        "request": {
            "id": str(held.pk),
            "state": held.state,
            "closes_at": held.closes_at,
            "moved": [
                {"from": one.before, "to": one.closes_at, "reason": one.reason}
                for one in page.moved
            ],
            "opens_at": page.opens_at,
            "opened_at": held.opened_at,
            "reason": held.reason,
            "requested_by": held.requested_by.name,
            "decided_by": held.decided_by.name if held.decided_by else None,
            "bids": [_asked(one) for one in page.asked],
        }
        if held
        else None,
        "candidates": [_asked(one) for one in page.candidates],
        "offers": [_change(one, sees=page.sees_prices) for one in page.changes],
        "currency": page.currency,
    }


def _asked(one: Asked) -> dict[str, Any]:
    return {
        "bid": str(one.bid_id),
        "letter": one.letter,
        "name": one.name,
        "asked": not one.left_out_because,
        "left_out_because": one.left_out_because,
        **_of_lot(one),
    }


def _of_lot(one: Asked) -> dict[str, str]:
    return {"lot": one.lot.code} if one.lot else {}


def _change(one: Change, *, sees: bool) -> dict[str, Any]:
    """Return both offers of a bid over the term; amounts for those alone who read prices."""
    row: dict[str, Any] = {
        "bid": str(one.asked.bid_id),
        "answered": one.answered,
        **_of_lot(one.asked),
    }
    return {**row, "first": _money(one.first), "final": _money(one.final)} if sees else row


def _money(amount: Decimal | None) -> str | None:
    return None if amount is None else format(amount, "f")


class Offers(Endpoint):
    permissions = {"get": "bids.view_opened", "post": "bids.request_offers"}

    def get(self, request: Call, procurement_id: uuid.UUID) -> Response:
        """Return the request and, once final offers are opened, both prices of every bid."""
        return self._answer(request, procurement_id)

    def post(self, request: Call, procurement_id: uuid.UUID) -> Response:
        """Ask for final offers; no vendor is told before a second person confirms."""
        rfp = rfp_for(request.user, procurement_id=procurement_id)
        authorise(request.user, "bids.request_offers", rfp)
        given = AskInput(data=request.data).checked()
        offering.request(
            rfp=rfp,
            closes_at=given["closes_at"],
            reason=given["reason"],
            left_out={(one["bid"], one["lot"]): one["reason"] for one in given["left_out"]},
            lots=given.get("lots"),
            actor=request.user,
        )
        return self._answer(request, procurement_id, status.HTTP_201_CREATED)

    @staticmethod
    def _answer(call: Call, procurement_id: uuid.UUID, code: int = status.HTTP_200_OK) -> Response:
        desk = desk_for(call.user, procurement_id=procurement_id)
        authorise(call.user, "bids.view_opened", desk)
        asks = desk.rfp is not None and can(call.user, "bids.request_offers", desk.rfp)
        excluded = excluded_places(call.user, desk.rfp) if desk.rfp and asks else {}
        return Response(_shown(bids.offers_page(call.user, desk, excluded)), status=code)


def _held(call: Call, procurement_id: uuid.UUID, offer_id: uuid.UUID) -> OfferRound:
    Nothing(data=call.data or {}).checked()
    return bids.offer_round_for(call.user, procurement_id=procurement_id, offer_id=offer_id)


class OfferConfirmation(Endpoint):
    permissions = {"post": "bids.confirm_offers", "delete": "bids.confirm_offers"}

    def post(self, request: Call, procurement_id: uuid.UUID, offer_id: uuid.UUID) -> Response:
        """Confirm somebody else's request: each vendor learns that it is asked."""
        held = _held(request, procurement_id, offer_id)
        deciding.confirm(offer_round=held, actor=request.user)
        return Response({"state": held.state})

    def delete(self, request: Call, procurement_id: uuid.UUID, offer_id: uuid.UUID) -> Response:
        """Drop a request: nobody has been told."""
        deciding.drop(offer_round=_held(request, procurement_id, offer_id), actor=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class TurnInput(Input):
    code = serializers.CharField(max_length=120)


class OfferOpening(Endpoint):
    permissions = {"post": "bids.open"}

    def post(self, request: Call, procurement_id: uuid.UUID, offer_id: uuid.UUID) -> Response:
        """Turn a key for the final offers; asks for a fresh second factor as the page does."""
        held = bids.offer_round_for(request.user, procurement_id=procurement_id, offer_id=offer_id)
        authorise(request.user, "bids.open", held)
        if not second_factor_is_fresh(request._request):  # noqa: SLF001 -- the session's request
            raise StepUpNeeded(_("Confirm on the website that it is you, then open the offers."))
        given = TurnInput(data=request.data).checked()
        turned = ceremony.turn(
            rfp=held.rfp,
            kind=KeyKind.FINAL,
            code=given["code"],
            actor=request.user,
            offer_round=held,
        )
        return Response(asdict(turned))
