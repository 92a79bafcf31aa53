"""After an outage, by API: the same request, confirmation and refusals as on the page."""

import datetime as dt
import uuid
from typing import Any

from django.urls import path
from rest_framework import serializers, status
from rest_framework.response import Response

from apps.bids import selectors
from apps.bids.forms.outages import MOST_HOURS
from apps.bids.selectors.outages import AskedOutage
from apps.bids.services import outages
from apps.core.access import authorise
from apps.core.api import Endpoint, Input, Nothing
from apps.workspace.models import Organisation
from apps.workspace.selectors import acting_buyer
from apps.workspace.types import Call


class OutageInput(Input):
    """When the platform was out, and by how many hours every deadline in that time moves."""

    begins_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    hours = serializers.IntegerField(min_value=1, max_value=MOST_HOURS)
    reason = serializers.CharField()


def _organisation(call: Call) -> Organisation:
    found = acting_buyer(call.user)
    authorise(call.user, "rfp.extend_after_outage", found)
    return found


def _shown(one: AskedOutage) -> dict[str, Any]:
    """Return one request; tenders of other panels are a number."""
    return {
        "id": str(one.id),
        "reason": one.reason,
        "requested_by": one.requested_by,
        "may_confirm": one.may_confirm,
        "deadlines": [
            {
                "reference": held.reference,
                "title": held.title,
                "of": "final_offers" if held.final else "bids",
                "from": held.before,
                "to": held.after,
            }
            for held in one.deadlines
        ],
        "others": one.others,
    }


class Outages(Endpoint):
    permissions = {"get": "rfp.extend_after_outage", "post": "rfp.extend_after_outage"}

    def get(self, request: Call) -> Response:
        """Return the requests that wait for a second person."""
        waiting = selectors.waiting_outages(request.user, _organisation(request))
        return Response([_shown(one) for one in waiting])

    def post(self, request: Call) -> Response:
        """Ask to move every deadline in an outage; nothing moves before somebody else confirms."""
        organisation = _organisation(request)
        given = OutageInput(data=request.data).checked()
        by = dt.timedelta(hours=given.pop("hours"))
        made = outages.ask(organisation=organisation, by=by, actor=request.user, **given)
        waiting = selectors.waiting_outages(request.user, organisation)
        shown = next(_shown(one) for one in waiting if one.id == made)
        return Response(shown, status=status.HTTP_201_CREATED)


class OneOutage(Endpoint):
    permissions = {"post": "rfp.extend_after_outage", "delete": "rfp.extend_after_outage"}

    def post(self, request: Call, outage_id: uuid.UUID) -> Response:
        """Confirm what somebody else asked for: all these deadlines move, or none."""
        organisation = _organisation(request)
        Nothing(data=request.data).checked()
        moved = outages.confirm(organisation=organisation, outage=outage_id, actor=request.user)
        return Response({"moved": moved})

    def delete(self, request: Call, outage_id: uuid.UUID) -> Response:
        """Drop a request that nobody has confirmed."""
        organisation = _organisation(request)
        outages.drop(organisation=organisation, outage=outage_id, actor=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


urlpatterns = [
    path("outages/", Outages.as_view(), name="api-outages"),
    path("outages/<uuid:outage_id>/", OneOutage.as_view(), name="api-outage"),
]
