"""A vendor's final offer by API: the same services and refusals as its page, and as much to be seen."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.urls import path, reverse
from rest_framework import serializers, status
from rest_framework.response import Response

from apps.bids import selectors
from apps.bids.api.submitting import secret_of
from apps.bids.selectors.own_offers import FinalOfferPage, OfferSheet, asked_lots
from apps.bids.services import final_offers
from apps.bids.types.draft import WHOLE, DraftPrice
from apps.bids.types.keeping import Keeps
from apps.core.api import Endpoint, Input, Nothing
from apps.proof.recovery import write_code
from apps.rfp.selectors import named
from apps.workspace.types import Call


class SheetInput(Input):
    """The price sheet, of the lot named where the tender has lots, and what it was written on."""

    sheet = serializers.JSONField()
    version = serializers.IntegerField(min_value=0)
    lot = serializers.CharField(max_length=12, default="")


def _price(held: DraftPrice | None) -> dict[str, Any] | None:
    return {"sheet": held.sheet, "version": held.version} if held else None


def _sheet(held: OfferSheet) -> dict[str, Any]:
    return {"first": _price(held.first), "price": _price(held.price), "unsent": held.unsent}


def _shown(page: FinalOfferPage) -> dict[str, Any]:
    """Return what is asked and offered; where there are lots, sheet by sheet."""
    last = page.last
    sheets = (
        {
            "lots": [{"lot": one.code, **_sheet(one)} for one in page.lots],
            "unsent": page.unsent,
        }
        if page.lots
        else _sheet(page.here)
    )
    return {
        "closes_at": page.round.closes_at,
        "reason": page.round.reason,
        "open": page.open,
        **sheets,
        "submitted": {
            "submission": str(last.pk),
            "number": last.number,
            "arrived_at": last.arrived_at,
            "manifest_digest": last.manifest_digest,
            **({"lots": last.lots} if last.lots else {}),
        }
        if last
        else None,
    }


class FinalOffer(Endpoint):
    """For owners and for whom they show the price; to everybody else it is not there."""

    permissions = {"get": "bids.price", "put": "bids.price"}

    def get(self, request: Call, bid_id: uuid.UUID) -> Response:
        """Return what is asked, the first price, and the one that is saved for the final offer."""
        bid = selectors.asked_bid_for(request.user, bid_id=bid_id)
        return Response(_shown(selectors.final_offer_page(request.user, bid)))

    def put(self, request: Call, bid_id: uuid.UUID) -> Response:
        """Save the price sheet; nothing is offered before it is submitted."""
        bid = selectors.asked_bid_for(request.user, bid_id=bid_id)
        given = SheetInput(data=request.data).checked()
        saved = final_offers.save(
            bid=bid,
            raw=given["sheet"],
            version=given["version"],
            actor=request.user,
            lot=named(asked_lots(bid), given["lot"]),
        )
        return Response({"version": saved.version})


class SubmitInput(Input):
    """Which lots a final offer covers, without them all whose sheet is saved.

    `version`, by lot `versions`, is that of the sheet that was read. Without a code one is made.
    """

    lots = serializers.ListField(
        child=serializers.CharField(max_length=12), max_length=100, required=False
    )
    version = serializers.IntegerField(min_value=1, required=False)
    versions = serializers.DictField(child=serializers.IntegerField(min_value=1), required=False)
    recovery_code = serializers.CharField(max_length=200, required=False)


def _covers(given: Mapping[str, Any]) -> dict[str, int | None] | None:
    versions: dict[str, int] = given.get("versions", {})
    if "lots" in given:
        return {code: versions.get(code) for code in given["lots"]}
    if "version" in given:
        return {WHOLE: given["version"]}
    return {**versions} or None


class SubmitFinalOffer(Endpoint):
    permissions = {"post": "bids.submit"}

    def post(self, request: Call, bid_id: uuid.UUID) -> Response:
        """Seal the saved prices as the final offer; the last one before the closing time counts."""
        bid = selectors.asked_bid_for(request.user, bid_id=bid_id)
        given = SubmitInput(data=request.data or {}).checked()
        made = final_offers.submit(
            bid=bid,
            actor=request.user,
            arrived_at=request._request.arrival,  # noqa: SLF001 -- stamped on Django's request
            from_edge=settings.BEHIND_EDGE,
            covers=_covers(given),
            keeps=Keeps(secret_of(given)),
        )
        return Response(
            {
                **({"recovery_code": write_code(code)} if (code := made.secret) else {}),
                "submission": str(made.pk),
                "number": made.number,
                "arrived_at": made.arrived_at,
                "committed_at": made.committed_at,
                "manifest_digest": made.manifest_digest,
                **({"lots": made.lots} if made.lots else {}),
                "receipt": reverse("bids:receipt_file_of", args=[bid.pk, made.pk]),
            },
            status=status.HTTP_201_CREATED,
        )


class WithdrawFinalOffer(Endpoint):
    permissions = {"post": "bids.withdraw"}

    def post(self, request: Call, bid_id: uuid.UUID) -> Response:
        """Take the final offer back before the closing time: the first offer stands again."""
        bid = selectors.asked_bid_for(request.user, bid_id=bid_id)
        Nothing(data=request.data or {}).checked()
        final_offers.withdraw(bid=bid, actor=request.user)
        return Response({"withdrawn": True})


ONE = "bids/<uuid:bid_id>/final-offer"
urlpatterns = [
    path(f"{ONE}/", FinalOffer.as_view(), name="api-final-offer"),
    path(f"{ONE}/submit/", SubmitFinalOffer.as_view(), name="api-submit-final-offer"),
    path(f"{ONE}/withdraw/", WithdrawFinalOffer.as_view(), name="api-withdraw-final-offer"),
]
