"""What a vendor holds: versions and files of its answers, receipts, its invitation, its colleagues."""

import uuid
from typing import Any

from django.http import HttpResponse
from django.urls import path, reverse
from rest_framework import serializers, status
from rest_framework.response import Response

from apps.bids import selectors
from apps.bids.models import Submission
from apps.bids.selectors.receipts import own_submissions
from apps.bids.services import answering, inviting
from apps.bids.types.places import reference_of
from apps.core.api import Endpoint, Input
from apps.core.downloads import download
from apps.workspace.types import Call


class RestoreInput(Input):
    """`instead_of` is the version that stood when the history was read."""

    version = serializers.IntegerField(min_value=1)
    instead_of = serializers.IntegerField(min_value=0)


class DeclineInput(Input):
    reason = serializers.CharField(max_length=2000)


class ColleagueInput(Input):
    name = serializers.CharField(max_length=120)
    email = serializers.EmailField()


# One answer: its history, its files


class History(Endpoint):
    permissions = {"get": "bids.view", "post": "bids.answer"}

    def get(self, request: Call, bid_id: uuid.UUID, code: str) -> Response:
        """Return every version of an answer, newest first."""
        found = selectors.question_by(request.user, bid_id=bid_id, code=code)
        return Response(
            [
                {
                    "version": one.version,
                    "answer": one.value,
                    "saved_by": one.saved_by,
                    "saved_at": one.saved_at,
                }
                for one in selectors.history_of(found.bid, found.question)
            ]
        )

    def post(self, request: Call, bid_id: uuid.UUID, code: str) -> Response:
        """Bring an earlier version back, as a new one."""
        found = selectors.question_by(request.user, bid_id=bid_id, code=code)
        given = RestoreInput(data=request.data).checked()
        saved = answering.restore(
            bid=found.bid, question=found.question, actor=request.user, **given
        )
        return Response({"version": saved.version if saved else 0})


class Files(Endpoint):
    permissions = {"get": "bids.answer"}

    def get(self, request: Call, bid_id: uuid.UUID, code: str) -> Response:
        """Return the files of one answer."""
        found = selectors.question_by(request.user, bid_id=bid_id, code=code)
        held = selectors.draft_of(found.bid).files.get(found.question.pk, ())
        return Response(
            [
                {"id": str(one.id), "name": one.name, "size": one.size, "expires": one.expires}
                for one in held
            ]
        )


class OneFile(Endpoint):
    permissions = {"get": "bids.view", "delete": "bids.answer"}

    def get(self, request: Call, bid_id: uuid.UUID, attachment_id: uuid.UUID) -> HttpResponse:
        """Return a file of the bid."""
        found = selectors.attachment_for(request.user, bid_id=bid_id, attachment_id=attachment_id)
        held, content = selectors.own_file(found)
        return download(held.name, content)

    def delete(self, request: Call, bid_id: uuid.UUID, attachment_id: uuid.UUID) -> Response:
        """Take a file out of the bid; the store keeps what was put there."""
        found = selectors.attachment_for(request.user, bid_id=bid_id, attachment_id=attachment_id)
        answering.remove_attachment(attachment=found, actor=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


# The whole bid


class Receipts(Endpoint):
    permissions = {"get": "bids.view"}

    def get(self, request: Call, bid_id: uuid.UUID) -> Response:
        """Return every submission, newest first, with the address of its receipt."""
        bid = selectors.bid_for(request.user, bid_id=bid_id)
        return Response([_submission(one) for one in own_submissions(bid)])


def _submission(one: Submission) -> dict[str, Any]:
    return {
        "submission": str(one.pk),
        "number": one.number,
        "final_offer": one.offer_round_id is not None,
        "reference": reference_of(one.manifest_digest),
        "arrived_at": one.arrived_at,
        "committed_at": one.committed_at,
        "manifest_digest": one.manifest_digest,
        "receipt": reverse("bids:receipt_file_of", args=[one.bid_id, one.pk]),
    }


class Declined(Endpoint):
    permissions = {"post": "bids.decline"}

    def post(self, request: Call, bid_id: uuid.UUID) -> Response:
        """Say no after having accepted; the buyer reads the reason."""
        invitation = selectors.own_invitation(request.user, bid_id=bid_id)
        given = DeclineInput(data=request.data).checked()
        inviting.decline(invitation=invitation, actor=request.user, **given)
        return Response({"invitation": invitation.state})


class Colleagues(Endpoint):
    permissions = {"post": "bids.invite_colleague"}

    def post(self, request: Call, bid_id: uuid.UUID) -> Response:
        """Invite a colleague by mail; the link in it is theirs alone."""
        bid = selectors.bid_for(request.user, bid_id=bid_id)
        given = ColleagueInput(data=request.data).checked()
        inviting.invite_colleague(bid=bid, actor=request.user, **given)
        return Response({"invited": given["email"]}, status=status.HTTP_201_CREATED)


BID = "bids/<uuid:bid_id>"
ANSWER = f"{BID}/answers/<str:code>"
urlpatterns = [
    path(f"{ANSWER}/history/", History.as_view(), name="api-history"),
    path(f"{ANSWER}/files/", Files.as_view(), name="api-files"),
    path(f"{BID}/files/<uuid:attachment_id>/", OneFile.as_view(), name="api-file"),
    path(f"{BID}/receipts/", Receipts.as_view(), name="api-receipts"),
    path(f"{BID}/decline/", Declined.as_view(), name="api-decline"),
    path(f"{BID}/team/invitations/", Colleagues.as_view(), name="api-colleagues"),
]
