"""Bids by API: the same services and the same refusals as the pages."""

import uuid
from typing import Any

from django.http import HttpResponse
from django.urls import path
from rest_framework import serializers, status
from rest_framework.response import Response

from apps.bids import adapters, selectors
from apps.bids.api import (
    bringing,
    exchange,
    explaining,
    grouping,
    holding,
    offering,
    opening,
    outages,
    ruling,
    sending,
    shortlisting,
    staging,
    store,
    submitting,
    team,
    told,
)
from apps.bids.models import Invitation
from apps.bids.services import answering, choosing, exporting, inviting, sheets
from apps.bids.types.draft import Draft, DraftPrice
from apps.core.access import authorise
from apps.core.api import Endpoint, Input
from apps.core.downloads import download
from apps.rfp.selectors import lots_of, named, rfp_for
from apps.workspace.types import Call


class InvitationInput(Input):
    vendor_name = serializers.CharField(max_length=160)
    contact = serializers.CharField(max_length=120)
    email = serializers.EmailField()


class AnswerInput(Input):
    answer = serializers.JSONField()
    version = serializers.IntegerField(min_value=0)


class PriceInput(Input):
    sheet = serializers.JSONField()
    version = serializers.IntegerField(min_value=0)


class LotsInput(Input):
    lots = serializers.ListField(child=serializers.CharField(max_length=12), allow_empty=False)


class Invitations(Endpoint):
    permissions = {"get": "bids.view_vendors", "post": "bids.invite"}

    def get(self, request: Call, procurement_id: uuid.UUID) -> Response:
        rfp = rfp_for(request.user, procurement_id=procurement_id)
        authorise(request.user, "bids.view_vendors", rfp)
        return Response([_invitation(one) for one in selectors.invitations_of(request.user, rfp)])

    def post(self, request: Call, procurement_id: uuid.UUID) -> Response:
        rfp = rfp_for(request.user, procurement_id=procurement_id)
        given = InvitationInput(data=request.data).checked()
        invitation, _token = inviting.invite(rfp=rfp, actor=request.user, **given)
        return Response(_invitation(invitation), status=status.HTTP_201_CREATED)


def _invitation(one: Invitation) -> dict[str, Any]:
    return {
        "id": str(one.pk),
        "vendor": one.vendor.name,
        "contact": one.contact,
        "email": one.email,
        "state": one.state,
        "expires_at": one.expires_at,
        "reason_declined": one.reason_declined,
    }


class AnswersWorkbook(Endpoint):
    permissions = {"get": "bids.read_answers"}

    def get(self, request: Call, procurement_id: uuid.UUID) -> HttpResponse:
        """Return the questionnaire as a workbook with a column of answers per opened bid."""
        rfp = rfp_for(request.user, procurement_id=procurement_id)
        name, content = exporting.answers_workbook(rfp=rfp, actor=request.user)
        return download(name, content)


class MyBids(Endpoint):
    permissions = {"get": "bids.mine"}

    def get(self, request: Call) -> Response:
        return Response(
            [
                {
                    "id": str(one.bid.pk),
                    "buyer": one.buyer,
                    "title": one.title,
                    "state": one.bid.state,
                    "closes_at": one.closes_at,
                }
                for one in selectors.mine(request.user)
            ]
        )


class MyBid(Endpoint):
    permissions = {"get": "bids.view"}

    def get(self, request: Call, bid_id: uuid.UUID) -> Response:
        bid = selectors.bid_for(request.user, bid_id=bid_id)
        about = {"id": str(bid.pk), "state": bid.state, "closes_at": bid.round.closes_at}
        try:
            draft = selectors.draft_of(bid)
        except adapters.Locked:
            return Response({**about, "sealed": True})
        return Response(
            {
                **about,
                "answers": {
                    one.code: {
                        "answer": draft.values.get(one.code),
                        "version": draft.kept[one.pk].version if one.pk in draft.kept else 0,
                    }
                    for one in draft.questions
                    if one.code in draft.asked
                },
                **({"price": _price(draft.price)} if draft.sees_price else {}),
                **_lots(draft),
                "missing": [{"code": gap.code, "detail": gap.sentence} for gap in draft.gaps()],
            }
        )


def _price(held: DraftPrice | None) -> dict[str, Any]:
    return {"sheet": held.sheet if held else None, "version": held.version if held else 0}


def _lots(draft: Draft) -> dict[str, Any]:
    """Return the lots that are answered for, each with its price; nothing where there are none."""
    if not draft.offered:
        return {}
    shown = draft.sees_price
    return {
        "lots": {
            lot.code: _price(draft.prices.get(lot.code)) if shown else {} for lot in draft.lots
        }
    }


class ChosenLots(Endpoint):
    permissions = {"put": "bids.answer"}

    def put(self, request: Call, bid_id: uuid.UUID) -> Response:
        """Choose the lots to answer for."""
        bid = selectors.bid_for(request.user, bid_id=bid_id)
        given = LotsInput(data=request.data).checked()
        choosing.choose_lots(bid=bid, codes=given["lots"], actor=request.user)
        return Response(_lots(selectors.draft_of(bid)))


class OneAnswer(Endpoint):
    permissions = {"put": "bids.answer"}

    def put(self, request: Call, bid_id: uuid.UUID, code: str) -> Response:
        found = selectors.question_by(request.user, bid_id=bid_id, code=code)
        given = AnswerInput(data=request.data).checked()
        saved = answering.save_answer(
            bid=found.bid,
            question=found.question,
            raw=given["answer"],
            version=given["version"],
            actor=request.user,
        )
        return Response({"version": saved.version if saved else 0})


class Price(Endpoint):
    permissions = {"put": "bids.price"}

    def put(self, request: Call, bid_id: uuid.UUID) -> Response:
        """Save the price sheet; where the tender has lots, `?lot=` names whose."""
        bid = selectors.priced_bid_for(request.user, bid_id=bid_id)
        given = PriceInput(data=request.data).checked()
        saved = sheets.save_price(
            bid=bid,
            raw=given["sheet"],
            version=given["version"],
            actor=request.user,
            lot=named(lots_of(bid.round.rfp), request.GET.get("lot", "")),
        )
        return Response({"version": saved.version})


urlpatterns = [
    path("procurements/<uuid:procurement_id>/invitations/", Invitations.as_view()),
    *opening.urlpatterns,
    *outages.urlpatterns,
    path("procurements/<uuid:procurement_id>/opening/workbook/", AnswersWorkbook.as_view()),
    path("bids/", MyBids.as_view()),
    path("bids/<uuid:bid_id>/", MyBid.as_view()),
    path("bids/<uuid:bid_id>/answers/<str:code>/", OneAnswer.as_view()),
    path("bids/<uuid:bid_id>/lots/", ChosenLots.as_view()),
    path("bids/<uuid:bid_id>/price/", Price.as_view()),
    *exchange.urlpatterns,
    *staging.urlpatterns,
    *grouping.urlpatterns,
    *offering.urlpatterns,
    *ruling.urlpatterns,
    *shortlisting.urlpatterns,
    *store.urlpatterns,
    *sending.urlpatterns,
    *bringing.urlpatterns,
    *team.urlpatterns,
    *told.urlpatterns,
    *explaining.urlpatterns,
    *holding.urlpatterns,
    *submitting.urlpatterns,  # last: its addresses take any act
]
