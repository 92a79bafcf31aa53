"""A vendor's own people by API: who answers what, who sees the price, who signs, what they say."""

import uuid
from typing import Any

from django.urls import path
from rest_framework import serializers, status
from rest_framework.response import Response

from apps.bids import selectors
from apps.bids.models import Bid
from apps.bids.selectors.agreements import Asked
from apps.bids.selectors.sign_offs import SignOffLine
from apps.bids.selectors.team import Colleague, Said
from apps.bids.services import agreeing, commenting, signing_off, teaming
from apps.bids.states import SignOffPart
from apps.core.api import Endpoint, Input
from apps.workspace.types import Call


class People(serializers.ListField):
    child = serializers.UUIDField()


class SectionsInput(Input):
    """Who answers which section: its code → a person, or null for nobody."""

    sections = serializers.DictField(child=serializers.UUIDField(allow_null=True))


class ReadersInput(Input):
    people = People()


class DutiesInput(Input):
    quality = People(default=list)
    price = People(default=list)


class CommentInput(Input):
    text = serializers.CharField(max_length=commenting.LONGEST)
    mentioned = People(default=list)


class SignOffInput(Input):
    """`fingerprint` is the one that was read with the part: what changed since is not signed."""

    part = serializers.ChoiceField(SignOffPart.choices)
    fingerprint = serializers.CharField(max_length=64)


class AgreementInput(Input):
    """`digest` is that of the text that was read."""

    digest = serializers.CharField(max_length=64)


class Team(Endpoint):
    permissions = {"get": "bids.view"}

    def get(self, request: Call, bid_id: uuid.UUID) -> Response:
        """Return the team and the sections this person sees, each with who answers it."""
        return _team(request, selectors.bid_for(request.user, bid_id=bid_id))


def _team(request: Call, bid: Bid) -> Response:
    page = selectors.team_page(request.user, bid)
    sections = [
        {
            "code": one.progress.section.code,
            "title": one.progress.section.title,
            "answered": one.progress.answered,
            "questions": one.progress.questions,
            "person": str(one.person_id) if one.person_id else None,
        }
        for one in page.shares
    ]
    return Response({"people": [_person(one) for one in page.people], "sections": sections})


def _person(one: Colleague) -> dict[str, Any]:
    return {
        "id": str(one.id),
        "name": one.name,
        "owner": one.owner,
        "reads_price": one.reads_price,
        "signs": sorted(one.signs),
    }


class Sections(Endpoint):
    permissions = {"put": "bids.manage_team"}

    def put(self, request: Call, bid_id: uuid.UUID) -> Response:
        """Share the sections that are named; the others stay as they are."""
        bid = selectors.bid_for(request.user, bid_id=bid_id)
        given = SectionsInput(data=request.data).checked()
        teaming.delegate(bid=bid, people=given["sections"], actor=request.user)
        return _team(request, bid)


class PriceReaders(Endpoint):
    permissions = {"put": "bids.manage_team"}

    def put(self, request: Call, bid_id: uuid.UUID) -> Response:
        """Name all respondents who see the price; whoever is not named sees it no more."""
        bid = selectors.bid_for(request.user, bid_id=bid_id)
        given = ReadersInput(data=request.data).checked()
        teaming.name_price_readers(bid=bid, people=given["people"], actor=request.user)
        return _team(request, bid)


class Duties(Endpoint):
    permissions = {"put": "bids.manage_team"}

    def put(self, request: Call, bid_id: uuid.UUID) -> Response:
        """Say who has to sign which part off; this replaces what was asked before."""
        bid = selectors.bid_for(request.user, bid_id=bid_id)
        given = DutiesInput(data=request.data).checked()
        duties = {part: given[part.value] for part in SignOffPart}
        teaming.ask_for_sign_offs(bid=bid, duties=duties, actor=request.user)
        return _team(request, bid)


class Comments(Endpoint):
    permissions = {"get": "bids.comment", "post": "bids.comment"}

    def get(self, request: Call, bid_id: uuid.UUID, code: str) -> Response:
        """Return what the team said about one answer, oldest first, and whom one may mention."""
        found = selectors.question_by(request.user, bid_id=bid_id, code=code)
        page = selectors.comments_page(request.user, found.bid, found.question)
        audience = [{"id": str(one.pk), "name": one.name} for one in page.audience]
        return Response({"comments": [_said(one) for one in page.said], "audience": audience})

    def post(self, request: Call, bid_id: uuid.UUID, code: str) -> Response:
        found = selectors.question_by(request.user, bid_id=bid_id, code=code)
        given = CommentInput(data=request.data).checked()
        commenting.comment(bid=found.bid, question=found.question, actor=request.user, **given)
        page = selectors.comments_page(request.user, found.bid, found.question)
        return Response(_said(page.said[-1]), status=status.HTTP_201_CREATED)


def _said(one: Said) -> dict[str, Any]:
    return {"text": one.text, "by": one.by, "at": one.at, "mentioned": list(one.mentioned)}


class SignOffs(Endpoint):
    permissions = {"get": "bids.view", "post": "bids.sign_off"}

    def get(self, request: Call, bid_id: uuid.UUID) -> Response:
        """Return the sign-offs asked for, of the parts this person sees."""
        bid = selectors.bid_for(request.user, bid_id=bid_id)
        return Response([_line(one) for one in selectors.sign_offs_of(bid)])

    def post(self, request: Call, bid_id: uuid.UUID) -> Response:
        bid = selectors.bid_for(request.user, bid_id=bid_id)
        given = SignOffInput(data=request.data).checked()
        part = SignOffPart(given["part"])
        signing_off.sign_off(
            bid=bid, part=part, fingerprint=given["fingerprint"], actor=request.user
        )
        shown = [_line(one) for one in selectors.sign_offs_of(bid)]
        return Response(shown, status=status.HTTP_201_CREATED)


def _line(one: SignOffLine) -> dict[str, Any]:
    return {
        "part": one.part,
        "person": str(one.person_id),
        "name": one.name,
        "given": one.given,
        "at": one.at,
        "fingerprint": one.fingerprint,
    }


class Undertakings(Endpoint):
    permissions = {"get": "bids.view"}

    def get(self, request: Call, bid_id: uuid.UUID) -> Response:
        """Return what the RFP asks the vendor to agree to, and what was agreed to."""
        bid = selectors.bid_for(request.user, bid_id=bid_id)
        return Response([_asked(one) for one in selectors.asked_of(bid)])


class OneUndertaking(Endpoint):
    permissions = {"put": "bids.agree"}

    def put(self, request: Call, bid_id: uuid.UUID, undertaking_id: uuid.UUID) -> Response:
        """Agree to the text that was read. Agreeing twice is no mistake."""
        found = selectors.undertaking_for(
            request.user, bid_id=bid_id, undertaking_id=undertaking_id
        )
        given = AgreementInput(data=request.data).checked()
        agreeing.agree(
            bid=found.bid,
            undertaking=found.undertaking,
            text_digest=given["digest"],
            actor=request.user,
        )
        return Response([_asked(one) for one in selectors.asked_of(found.bid)])


def _asked(one: Asked) -> dict[str, Any]:
    return {
        "id": str(one.id),
        "kind": one.kind,
        "text": one.text,
        "digest": one.digest,
        "agreed_by": one.by,
        "agreed_at": one.at,
    }


BID = "bids/<uuid:bid_id>"
urlpatterns = [
    path(f"{BID}/team/", Team.as_view(), name="api-team"),
    path(f"{BID}/team/sections/", Sections.as_view(), name="api-team-sections"),
    path(f"{BID}/team/price-readers/", PriceReaders.as_view(), name="api-price-readers"),
    path(f"{BID}/team/sign-offs/", Duties.as_view(), name="api-sign-off-duties"),
    path(f"{BID}/answers/<str:code>/comments/", Comments.as_view(), name="api-comments"),
    path(f"{BID}/sign-offs/", SignOffs.as_view(), name="api-sign-offs"),
    path(f"{BID}/undertakings/", Undertakings.as_view(), name="api-undertakings"),
    path(
        f"{BID}/undertakings/<uuid:undertaking_id>/",
        OneUndertaking.as_view(),
        name="api-undertaking",
    ),
]
