"""What takes a second person, by API: the review of a draft, a later deadline."""

import uuid
from typing import Any

from rest_framework import status
from rest_framework.response import Response

from apps.core.access import authorise
from apps.core.api import Endpoint, Nothing
from apps.rfp import selectors
from apps.rfp.api.inputs import CommentInput, NoteInput, VerdictInput
from apps.rfp.api.showing import found, shown
from apps.rfp.models import Review
from apps.rfp.services import extending, reviewing
from apps.workspace.types import Call


def _shown(review: Review) -> dict[str, Any]:
    return {
        "id": str(review.pk),
        "state": review.state,
        "digest": review.digest,
        "note": review.note,
        "verdict": review.verdict,
    }


class Reviews(Endpoint):
    permissions = {"get": "rfp.view", "post": "rfp.author"}

    def get(self, request: Call, procurement_id: uuid.UUID) -> Response:
        """Return every review of the RFP, newest first, each with its comments."""
        page = selectors.review_page(request.user, found(request, procurement_id))
        every = (*((page.latest,) if page.latest else ()), *page.earlier)
        return Response(
            [
                {
                    **_shown(one.review),
                    "stale": one.stale,
                    "comments": [{"place": c.place, "text": c.text} for c in one.comments],
                }
                for one in every
            ]
        )

    def post(self, request: Call, procurement_id: uuid.UUID) -> Response:
        rfp = found(request, procurement_id)
        given = NoteInput(data=request.data).checked()
        review = reviewing.ask(rfp=rfp, actor=request.user, **given)
        return Response(_shown(review), status=status.HTTP_201_CREATED)


def _review(call: Call, procurement_id: uuid.UUID, review_id: uuid.UUID) -> Review:
    review = selectors.review_for(call.user, procurement_id=procurement_id, review_id=review_id)
    authorise(call.user, "rfp.review", review)
    return review


class ReviewComments(Endpoint):
    permissions = {"post": "rfp.review"}

    def post(self, request: Call, procurement_id: uuid.UUID, review_id: uuid.UUID) -> Response:
        review = _review(request, procurement_id, review_id)
        given = CommentInput(data=request.data).checked()
        reviewing.comment(review=review, actor=request.user, **given)
        return Response(status=status.HTTP_204_NO_CONTENT)


class Approval(Endpoint):
    permissions = {"post": "rfp.review"}

    def post(self, request: Call, procurement_id: uuid.UUID, review_id: uuid.UUID) -> Response:
        review = _review(request, procurement_id, review_id)
        Nothing(data=request.data).checked()
        reviewing.approve(review=review, actor=request.user)
        return Response(_shown(review))


class Return(Endpoint):
    permissions = {"post": "rfp.review"}

    def post(self, request: Call, procurement_id: uuid.UUID, review_id: uuid.UUID) -> Response:
        review = _review(request, procurement_id, review_id)
        given = VerdictInput(data=request.data).checked()
        reviewing.send_back(review=review, actor=request.user, **given)
        return Response(_shown(review))


class Extensions(Endpoint):
    permissions = {"get": "rfp.view"}

    def get(self, request: Call, procurement_id: uuid.UUID) -> Response:
        """Return the request for a later deadline that waits, as a list of none or one."""
        waiting = selectors.open_extension(request.user, found(request, procurement_id))
        return Response(
            [
                {
                    "id": str(one.id),
                    "closes_at": one.closes_at,
                    "reason": one.reason,
                    "requested_by": one.requested_by,
                    "may_confirm": one.may_confirm,
                }
                for one in ([waiting] if waiting else [])
            ]
        )


class OneExtension(Endpoint):
    permissions = {"delete": "rfp.confirm_extension"}

    def delete(self, request: Call, procurement_id: uuid.UUID, extension_id: uuid.UUID) -> Response:
        """Drop a request that nobody has confirmed."""
        extension = selectors.extension_for(
            request.user, procurement_id=procurement_id, extension_id=extension_id
        )
        extending.drop(extension=extension, actor=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class Confirmation(Endpoint):
    permissions = {"post": "rfp.confirm_extension"}

    def post(self, request: Call, procurement_id: uuid.UUID, extension_id: uuid.UUID) -> Response:
        """Confirm a later deadline that somebody else asked for."""
        extension = selectors.extension_for(
            request.user, procurement_id=procurement_id, extension_id=extension_id
        )
        Nothing(data=request.data).checked()
        extending.confirm(extension=extension, actor=request.user)
        return Response(shown(found(request, procurement_id)))
