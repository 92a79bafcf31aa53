"""What a vendor is told, and says that it read: what is asked, addenda, answers to all, the data pack."""

import uuid
from typing import Any

from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from rest_framework.response import Response

from apps.bids import selectors
from apps.bids.selectors.addenda import Notice
from apps.bids.selectors.name_list import names_of
from apps.bids.services import acknowledging, clarifying
from apps.core.api import Endpoint, Nothing
from apps.core.downloads import download
from apps.core.errors import NotFound
from apps.rfp.models import Question
from apps.rfp.selectors import pack_content
from apps.rfp.states import EnvelopeKind, ScoringMode
from apps.rfp.types import Chapter, least, plain
from apps.workspace.types import Call

# What is asked


class About(Endpoint):
    permissions = {"get": "bids.view"}

    def get(self, request: Call, bid_id: uuid.UUID) -> Response:
        """Return what is asked and how it counts; questions on the price for whom it is shown."""
        bid = selectors.bid_for(request.user, bid_id=bid_id)
        held = selectors.about(bid)
        rfp, priced = held["rfp"], selectors.sees_price(bid.pk)
        lots: dict[Any, str] = {lot.pk: lot.code for lot in held["lots"]}
        return Response(
            {
                "introduction": rfp.introduction,
                "closes_at": held["round"].closes_at,
                "opens_at": held["opens_at"],
                "digest": rfp.digest,
                "hours": held["hours"],
                "quality_weight": held["quality"],
                "price_weight": held["price"],
                "quality_minimum": least(rfp.quality_minimum),
                "term_months": rfp.term_months,
                "least_contacts": rfp.least_contacts,
                "pricing_models": rfp.pricing_models,
                "asks_cost_floor": rfp.asks_cost_floor,
                "told_of_others": held["told_of_others"],
                "lots": [{"code": one.code, "name": one.name} for one in held["lots"]],
                "knockouts": [
                    {"code": code, "reason": reason} for code, reason, _lot in held["knockouts"]
                ],
                "sections": [
                    _section(one, lots.get(one.section.lot_id), priced=priced)
                    for one in held["chapters"]
                ],
            }
        )


def _section(chapter: Chapter, lot: str | None, *, priced: bool) -> dict[str, Any]:
    section = chapter.section
    shown = priced or section.envelope != EnvelopeKind.COMMERCIAL
    asked = [one for one in chapter.questions if not one.in_stage] if shown else []
    return {
        "code": section.code,
        "title": section.title,
        "envelope": section.envelope,
        "weight": chapter.weight,
        "minimum": least(section.minimum),
        "lot": lot,
        "questions": [_question(one) for one in asked],
    }


def _question(one: Question) -> dict[str, Any]:
    names = (
        *("code", "topic", "text", "kind", "options", "unit", "required", "mode", "word_limit"),
        *("allows_na", "commitment", "evidence", "evidence_required", "evidence_class"),
    )
    return {
        **{name: getattr(one, name) for name in names},
        "weight": plain(one.weight),
        "held_at": least(one.held_at),
        "rubric": one.rubric if one.mode == ScoringMode.MANUAL else {},
    }


# Changes, answers to all, data


class Notices(Endpoint):
    permissions = {"get": "bids.view"}

    def get(self, request: Call, bid_id: uuid.UUID) -> Response:
        """Return every addendum, newest first, with what it means for this bid."""
        bid = selectors.bid_for(request.user, bid_id=bid_id)
        page = selectors.notices_page(request.user, bid)
        return Response(
            {"version": page.version, "notices": [_notice(one) for one in page.notices]}
        )


def _notice(one: Notice) -> dict[str, Any]:
    return {
        "id": str(one.addendum.pk),
        "version": one.addendum.version,
        "published_at": one.addendum.published_at,
        "reason": one.addendum.reason,
        "changes": [
            {
                "code": change.code,
                "label": change.label,
                "kind": change.kind,
                "before": change.before,
                "after": change.after,
            }
            for change in one.differences
        ],
        "meaning": one.sentence,
        "acknowledged_by": one.acknowledged_by,
        "acknowledged_at": one.acknowledged_at,
        "may_acknowledge": one.may_acknowledge,
        "may_confirm": one.may_confirm,
    }


class Names(Endpoint):
    permissions = {"get": "bids.view"}

    def get(self, request: Call, bid_id: uuid.UUID) -> Response:
        """Return the names of the vendors that submitted, where the RFP published that; 404 else."""
        bid = selectors.bid_for(request.user, bid_id=bid_id)
        names = names_of(bid)
        if not names:
            raise NotFound(_("There is no list of names here."))
        return Response({"names": names})


class NoticeRead(Endpoint):
    permissions = {"put": "bids.acknowledge"}

    def put(self, request: Call, bid_id: uuid.UUID, addendum_id: uuid.UUID) -> Response:
        """Say that an addendum was read. Saying it twice is no mistake."""
        found = selectors.addendum_of_bid(request.user, bid_id=bid_id, addendum_id=addendum_id)
        Nothing(data=request.data or {}).checked()
        acknowledging.acknowledge(bid=found.bid, addendum=found.addendum, actor=request.user)
        return Response({"unacknowledged": selectors.unacknowledged(found.bid)})


class NoticeConfirmed(Endpoint):
    permissions = {"put": "bids.confirm"}

    def put(self, request: Call, bid_id: uuid.UUID, addendum_id: uuid.UUID) -> Response:
        """Say that the submitted bid stands as it is after an addendum."""
        found = selectors.addendum_of_bid(request.user, bid_id=bid_id, addendum_id=addendum_id)
        Nothing(data=request.data or {}).checked()
        acknowledging.confirm(bid=found.bid, addendum=found.addendum, actor=request.user)
        return Response({"unacknowledged": selectors.unacknowledged(found.bid)})


class AnswersRead(Endpoint):
    permissions = {"put": "bids.view"}

    def put(self, request: Call, bid_id: uuid.UUID) -> Response:
        """Take the marks of new answers away, for this person."""
        bid = selectors.bid_for(request.user, bid_id=bid_id)
        Nothing(data=request.data or {}).checked()
        clarifying.mark_read(bid=bid, actor=request.user)
        return Response({"unread": selectors.unread_answers(request.user, bid)})


class Data(Endpoint):
    permissions = {"get": "bids.view"}

    def get(self, request: Call, bid_id: uuid.UUID) -> Response:
        """Return the released versions of the data pack, newest first."""
        page = selectors.data_page(selectors.bid_for(request.user, bid_id=bid_id))
        return Response(
            {
                "undisclosed": page.undisclosed,
                "priced_on": page.priced,
                "versions": [
                    {
                        "number": one.version.number,
                        "note": one.version.note,
                        "released_at": one.version.created_at,
                        "files": [
                            {"id": str(file.pk), "name": file.name, "size": file.size}
                            for file in one.files
                        ],
                    }
                    for one in page.released
                ],
            }
        )


class DataFile(Endpoint):
    permissions = {"get": "bids.view"}

    def get(self, request: Call, bid_id: uuid.UUID, file_id: uuid.UUID) -> HttpResponse:
        """Return one released file."""
        file = selectors.data_file_for(request.user, bid_id=bid_id, file_id=file_id).file
        return download(file.name, pack_content(file))


BID = "bids/<uuid:bid_id>"
NOTICE = f"{BID}/changes/<uuid:addendum_id>"
urlpatterns = [
    path(f"{BID}/about/", About.as_view(), name="api-about"),
    path(f"{BID}/names/", Names.as_view(), name="api-names"),
    path(f"{BID}/changes/", Notices.as_view(), name="api-notices"),
    path(f"{NOTICE}/acknowledgement/", NoticeRead.as_view(), name="api-acknowledge"),
    path(f"{NOTICE}/confirmation/", NoticeConfirmed.as_view(), name="api-confirm"),
    path(f"{BID}/questions/read/", AnswersRead.as_view(), name="api-answers-read"),
    path(f"{BID}/data/", Data.as_view(), name="api-data"),
    path(f"{BID}/data/<uuid:file_id>/", DataFile.as_view(), name="api-data-file"),
]
