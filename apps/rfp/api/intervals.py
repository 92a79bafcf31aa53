"""Recorded intervals by API: a file in, what it would make of the workload out, then taken."""

import uuid
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.response import Response

from apps.core.api import Endpoint
from apps.core.errors import Incomplete
from apps.rfp import selectors
from apps.rfp.api.inputs import IntervalsInput, TakeIntervalsInput
from apps.rfp.api.showing import found, lot_shown, shown
from apps.rfp.models import Lot, Rfp
from apps.rfp.services import intervals
from apps.rfp.services.intervals import Proposal
from apps.rfp.workbooks.stamps import Order
from apps.rfp.workbooks.understanding import Asked
from apps.workspace.types import Call


class Intervals(Endpoint):
    """A form with one field `file`; `?lot=` names the lot where the tender has lots."""

    permissions = {"post": "rfp.author", "put": "rfp.author"}
    parser_classes = [MultiPartParser, JSONParser]

    def post(self, request: Call, procurement_id: uuid.UUID) -> Response:
        """Read a file of recorded intervals; nothing is saved.

        `queue` is a queue of the workload without its week, as JSON: how queues are answered that
        the workload does not have yet.
        """
        rfp = found(request, procurement_id)
        file = request.FILES.get("file")
        if file is None:
            sentence = _("Send a form with one file in the field “file”.")
            raise Incomplete(sentence, fields={"file": sentence})
        given = IntervalsInput(data=request.POST).checked()
        proposal = intervals.propose(
            rfp=rfp,
            name=file.name or "",
            content=file.read(),
            asked=Asked(
                zone=given["zone"],
                order=Order(given["order"]),
                first_month=given["first_month"],
                queue=given["queue"],
            ),
            actor=request.user,
            lot=_lot(request, rfp),
        )
        return Response(_proposed(proposal))

    def put(self, request: Call, procurement_id: uuid.UUID) -> Response:
        """Make what was shown the workload; `token` comes from there."""
        rfp = found(request, procurement_id)
        lot = _lot(request, rfp)
        given = TakeIntervalsInput(data=request.data).checked()
        intervals.take_in(rfp=rfp, token=given["token"], actor=request.user, lot=lot)
        return Response(lot_shown(lot) if lot else shown(rfp))


def _lot(request: Call, rfp: Rfp) -> Lot | None:
    return selectors.named(selectors.lots_of(rfp), request.GET.get("lot", ""))


def _proposed(proposal: Proposal) -> dict[str, Any]:
    counts = proposal.understood.counts
    return {
        "content": proposal.content,
        "source": proposal.source,
        "rows": counts.rows,
        "zone": counts.zone,
        "interval_minutes": counts.interval_minutes,
        "most_agents_at_once": proposal.peaks,
        "remarks": proposal.understood.remarks,
        "doubts": proposal.understood.doubts,
        "token": proposal.token,
    }
