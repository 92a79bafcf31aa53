"""Publishing an RFP by API."""

import uuid

from rest_framework import status
from rest_framework.response import Response

from apps.core.api import Endpoint, Nothing
from apps.rfp import selectors
from apps.rfp.api.inputs import AcceptInput, ReasonInput
from apps.rfp.api.showing import found, shown
from apps.rfp.services import publishing
from apps.rfp.states import RfpState
from apps.workspace.types import Call


class Publication(Endpoint):
    permissions = {"get": "rfp.view", "post": "rfp.publish"}

    def get(self, request: Call, procurement_id: uuid.UUID) -> Response:
        """Return what blocks publication and what the linter found."""
        rfp = found(request, procurement_id)
        faults = selectors.findings(rfp, selectors.questionnaire(rfp))
        draft = rfp.state == RfpState.DRAFT
        blockers = (
            (
                *selectors.completeness(rfp),
                *selectors.review_blockers(rfp),
                *selectors.key_blockers(rfp),
            )
            if draft
            else ()
        )
        return Response(
            {
                "state": rfp.state,
                "digest": rfp.digest,
                "blockers": [{"code": one.code, "sentence": one.sentence} for one in blockers],
                "findings": [
                    {
                        "code": one.code,
                        "severity": one.severity,
                        "title": one.title,
                        "text": one.text,
                        "where": list(one.where),
                        "accepted": one.reason,
                    }
                    for one in faults
                ],
            }
        )

    def post(self, request: Call, procurement_id: uuid.UUID) -> Response:
        rfp = found(request, procurement_id)
        Nothing(data=request.data).checked()
        return Response(shown(publishing.publish(rfp=rfp, actor=request.user)))


class Findings(Endpoint):
    permissions = {"post": "rfp.author"}

    def post(self, request: Call, procurement_id: uuid.UUID) -> Response:
        rfp = found(request, procurement_id)
        given = AcceptInput(data=request.data).checked()
        publishing.accept_finding(rfp=rfp, actor=request.user, **given)
        return Response(status=status.HTTP_204_NO_CONTENT)


class Cancellation(Endpoint):
    permissions = {"post": "rfp.publish"}

    def post(self, request: Call, procurement_id: uuid.UUID) -> Response:
        rfp = found(request, procurement_id)
        given = ReasonInput(data=request.data).checked()
        publishing.cancel(rfp=rfp, actor=request.user, **given)
        return Response(shown(rfp))


class Content(Endpoint):
    permissions = {"get": "rfp.view"}

    def get(self, request: Call, procurement_id: uuid.UUID) -> Response:
        """Return the published content and the digest of its canonical JSON."""
        rfp = found(request, procurement_id)
        frozen = selectors.frozen_content(rfp).decode()
        return Response({"digest": rfp.digest, "content": frozen})
