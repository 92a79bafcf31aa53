"""Submitting, withdrawing and reopening by API. The recovery code is answered once, and sent again to reopen."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.urls import path, reverse
from django.utils.translation import gettext as _
from rest_framework import serializers, status
from rest_framework.response import Response

from apps.bids import adapters, selectors
from apps.bids.selectors import kept_keys
from apps.bids.services import keeping, submitting
from apps.bids.types.keeping import Keeps
from apps.core.api import Endpoint, Input
from apps.core.errors import Incomplete, NotFound
from apps.proof.errors import KeyRefused
from apps.proof.recovery import write_code
from apps.workspace.types import Call


class SubmitInput(Input):
    """Without `lots` all that the vendor chose are covered; without a code one is made."""

    lots = serializers.ListField(
        child=serializers.CharField(max_length=12), allow_empty=False, required=False
    )
    recovery_code = serializers.CharField(max_length=200, required=False)
    keep_files = serializers.BooleanField(default=False)


class TakeBackInput(Input):
    """Without the code a bid is reopened as long as its key is not gone; withdrawing needs none."""

    recovery_code = serializers.CharField(max_length=200, required=False)


class Submit(Endpoint):
    permissions = {"post": "bids.submit"}

    def post(self, request: Call, bid_id: uuid.UUID) -> Response:
        bid = selectors.bid_for(request.user, bid_id=bid_id)
        given = SubmitInput(data=request.data or {}).checked()
        submission = submitting.submit(
            bid=bid,
            lots=given.get("lots"),
            actor=request.user,
            arrived_at=request._request.arrival,  # noqa: SLF001 -- stamped on Django's request
            from_edge=settings.BEHIND_EDGE,
            keeps=Keeps(secret_of(given), files=given["keep_files"]),
        )
        return Response(
            {
                **({"recovery_code": write_code(made)} if (made := submission.secret) else {}),
                "submission": str(submission.pk),
                "number": submission.number,
                "lots": submission.lots,
                "arrived_at": submission.arrived_at,
                "committed_at": submission.committed_at,
                "manifest_digest": submission.manifest_digest,
                "receipt": reverse("bids:receipt_file", args=[bid.pk]),
            },
            status=status.HTTP_201_CREATED,
        )


def secret_of(given: Mapping[str, Any]) -> bytes | None:
    """Read the code that a program chose before, so that a lost answer loses nothing."""
    try:
        return kept_keys.read_typed(given["recovery_code"]) if "recovery_code" in given else None
    except KeyRefused as error:
        raise Incomplete(str(error), fields={"recovery_code": str(error)}) from None


class TakeBack(Endpoint):
    """Withdraw, reopen, or begin an empty draft without the key, by the address."""

    permissions = {"post": "bids.withdraw"}
    acts: Mapping[str, Any] = {
        "withdraw": submitting.withdraw,
        "reopen": submitting.reopen,
        "start-again": submitting.start_again,
    }

    def post(self, request: Call, bid_id: uuid.UUID, act: str) -> Response:
        bid = selectors.bid_for(request.user, bid_id=bid_id)
        given = TakeBackInput(data=request.data or {}).checked()
        if act not in self.acts:
            raise NotFound(_("There is nothing here."))
        brought: dict[str, bytes] = {}
        if code := given.get("recovery_code"):
            _kept, brought = keeping.bring(bid=bid, code=code, actor=request.user)
        with adapters.in_hand(brought):
            self.acts[act](bid=bid, actor=request.user)
        return Response({"state": bid.state})


urlpatterns = [
    path("bids/<uuid:bid_id>/submit/", Submit.as_view()),
    path("bids/<uuid:bid_id>/<str:act>/", TakeBack.as_view()),
]
