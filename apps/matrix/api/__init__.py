"""The evaluation by API: the same services and refusals as the pages, and no more to be seen."""

import uuid
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.urls import path
from django.utils.translation import gettext as _
from rest_framework import serializers, status
from rest_framework.response import Response

from apps.core.access import authorise
from apps.core.api import Endpoint, Input
from apps.core.errors import Incomplete, NotFound
from apps.matrix import selectors
from apps.matrix.api import (
    conflicts,
    offers,
    rankings,
    reopenings,
    shortlists,
    substitutes,
)
from apps.matrix.models import Consensus, Score, ScoringRound
from apps.matrix.services import consensus, scoring
from apps.matrix.services.judging import LONGEST_REASON
from apps.matrix.types import Place
from apps.rfp.models import Section
from apps.workspace.types import Call


class AssignmentsInput(Input):
    """Evaluators by the code of the section: {"4": ["<id of a person>"]}."""

    assignments = serializers.DictField(
        child=serializers.ListField(child=serializers.UUIDField(), max_length=100)
    )


class JudgementInput(Input):
    question = serializers.CharField(max_length=12)
    bid = serializers.CharField(max_length=2)  # its letter
    value = serializers.DecimalField(max_digits=6, decimal_places=2, allow_null=True)
    reason = serializers.CharField(max_length=LONGEST_REASON, allow_blank=True)
    version = serializers.IntegerField(min_value=0, required=False)


class SectionInput(Input):
    section = serializers.CharField(max_length=12)


class ReasonInput(Input):
    reason = serializers.CharField(max_length=LONGEST_REASON, allow_blank=True)


class Nothing(Input):
    """An act without input: whatever is sent is refused."""


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value.normalize():f}"


def _by_code(sections: Iterable[Section]) -> dict[str, Section]:
    return {section.code: section for section in sections}


class Scoring(Endpoint):
    permissions = {"get": "matrix.view_round", "post": "matrix.begin"}

    def get(self, request: Call, procurement_id: uuid.UUID) -> Response:
        """Counts alone: one's own, and of everybody for who leads, moderates or audits."""
        desk = selectors.desk_for(request.user, procurement_id=procurement_id)
        authorise(request.user, "matrix.view_round", desk)
        page = selectors.scoring_page(request.user, desk)
        return Response(
            {
                "phase": desk.scoring_round.phase if desk.scoring_round else None,
                "sections": [
                    {
                        "section": own.section.code,
                        "scored": own.scored,
                        "assigned": own.cells,
                        "finished": own.finished,
                    }
                    for own in page.own
                ],
                "evaluators": [
                    {
                        "evaluator": str(row.evaluator.pk),
                        "scored": row.scored,
                        "assigned": row.assigned,
                    }
                    for row in page.team
                ],
            }
        )

    def post(self, request: Call, procurement_id: uuid.UUID) -> Response:
        """Begin scoring: who scores which section."""
        desk = selectors.desk_for(request.user, procurement_id=procurement_id)
        authorise(request.user, "matrix.begin", desk)
        given = AssignmentsInput(data=request.data).checked()["assignments"]
        sections = _by_code(selectors.scored_sections(desk.procurement))
        unknown = sorted(set(given) - set(sections))
        if unknown:
            raise Incomplete(
                _("These sections are not scored by people: {codes}.").format(
                    codes=", ".join(unknown)
                )
            )
        begun = scoring.begin(
            procurement=desk.procurement,
            assignments={sections[code].pk: people for code, people in given.items()},
            actor=request.user,
        )
        return Response({"phase": begun.phase}, status=status.HTTP_201_CREATED)


class Scores(Endpoint):
    permissions = {"get": "matrix.view_round", "post": "matrix.score"}

    def get(self, request: Call, procurement_id: uuid.UUID) -> Response:
        """One's own scores while scoring alone, the panel's once the consensus is open."""
        scoring_round = selectors.scoring_round_for(request.user, procurement_id=procurement_id)
        authorise(request.user, "matrix.view_round", scoring_round)
        scores = selectors.scores_visible_to(request.user, scoring_round)
        return Response([_score(one) for one in scores.order_by("question__code", "bid__letter")])

    def post(self, request: Call, procurement_id: uuid.UUID) -> Response:
        place, given = _place(request, procurement_id, "matrix.score")
        saved = scoring.save(
            scoring_round=place.scoring_round,
            bid=place.bid,
            question=place.question,
            value=given["value"],
            reason=given["reason"],
            version=given.get("version"),
            actor=request.user,
        )
        return Response(_score(saved))


def _place(
    request: Call, procurement_id: uuid.UUID, permission: str
) -> tuple[Place, dict[str, Any]]:
    """Return where a judgement stands and what it says; whose round it is comes first."""
    scoring_round = selectors.scoring_round_for(request.user, procurement_id=procurement_id)
    authorise(request.user, permission, scoring_round)
    given = JudgementInput(data=request.data).checked()
    place = selectors.place_for(
        request.user, procurement_id=procurement_id, code=given["question"], letter=given["bid"]
    )
    return place, given


def _score(one: Score) -> dict[str, Any]:
    return {
        "evaluator": str(one.evaluator_id),
        "bid": one.bid.letter,
        "question": one.question.code,
        "value": _text(one.value),
        "reason": one.reason,
        "version": one.version,
        "saved_at": one.created_at,
    }


class Finished(Endpoint):
    permissions = {"post": "matrix.score"}

    def post(self, request: Call, procurement_id: uuid.UUID) -> Response:
        scoring_round = selectors.scoring_round_for(request.user, procurement_id=procurement_id)
        code = SectionInput(data=request.data).checked()["section"]
        section = _by_code(selectors.scored_sections(scoring_round.procurement)).get(code)
        if section is None:
            raise NotFound(_("There is no such section to score in this round."))
        scoring.finish(scoring_round=scoring_round, section=section, actor=request.user)
        return Response({"section": code, "finished": True})


class Opened(Endpoint):
    permissions = {"post": "matrix.open_consensus"}

    def post(self, request: Call, procurement_id: uuid.UUID) -> Response:
        """Open the consensus."""
        scoring_round = _round(request, procurement_id, Nothing)
        consensus.open_consensus(scoring_round=scoring_round, actor=request.user)
        return Response({"phase": scoring_round.phase})


def _round(request: Call, procurement_id: uuid.UUID, form: type[Input]) -> ScoringRound:
    found = selectors.scoring_round_for(request.user, procurement_id=procurement_id)
    form(data=request.data).checked()
    return found


class Returned(Endpoint):
    permissions = {"post": "matrix.open_consensus"}

    def post(self, request: Call, procurement_id: uuid.UUID) -> Response:
        scoring_round = selectors.scoring_round_for(request.user, procurement_id=procurement_id)
        given = ReasonInput(data=request.data).checked()
        consensus.return_to_scoring(scoring_round=scoring_round, actor=request.user, **given)
        return Response({"phase": scoring_round.phase})


class Agreements(Endpoint):
    permissions = {"get": "matrix.view_scores", "post": "matrix.agree"}

    def get(self, request: Call, procurement_id: uuid.UUID) -> Response:
        scoring_round = selectors.scoring_round_for(request.user, procurement_id=procurement_id)
        authorise(request.user, "matrix.view_scores", scoring_round)
        rows = selectors.consensus_visible_to(request.user, scoring_round)
        rows = rows.select_related("question", "bid").order_by("question__code", "bid__letter")
        return Response([_agreed(one) for one in rows])

    def post(self, request: Call, procurement_id: uuid.UUID) -> Response:
        place, given = _place(request, procurement_id, "matrix.agree")
        agreed = consensus.agree(
            scoring_round=place.scoring_round,
            bid=place.bid,
            question=place.question,
            value=given["value"],
            reason=given["reason"],
            version=given.get("version"),
            actor=request.user,
        )
        return Response(_agreed(agreed))


def _agreed(one: Consensus) -> dict[str, Any]:
    return {
        "bid": one.bid.letter,
        "question": one.question.code,
        "value": _text(one.value),
        "reason": one.reason,
        "version": one.version,
    }


class Unanimous(Endpoint):
    permissions = {"post": "matrix.agree"}

    def post(self, request: Call, procurement_id: uuid.UUID) -> Response:
        scoring_round = _round(request, procurement_id, Nothing)
        count = consensus.adopt_unanimous(scoring_round=scoring_round, actor=request.user)
        return Response({"adopted": count})


CASE = "procurements/<uuid:procurement_id>"
OFFERS = f"{CASE}/final-offers"

urlpatterns = [
    path(f"{CASE}/scoring/", Scoring.as_view(), name="api-scoring"),
    path(f"{CASE}/scoring/scores/", Scores.as_view(), name="api-scores"),
    path(f"{CASE}/scoring/finished/", Finished.as_view(), name="api-finished"),
    path(f"{CASE}/scoring/conflicts/", conflicts.Conflicts.as_view(), name="api-conflicts"),
    path(
        f"{CASE}/scoring/conflicts/<uuid:conflict_id>/",
        conflicts.Settled.as_view(),
        name="api-settled-conflict",
    ),
    path(f"{CASE}/scoring/substitutes/", substitutes.Substitutes.as_view(), name="api-substitutes"),
    path(f"{CASE}/consensus/", Agreements.as_view(), name="api-consensus"),
    path(f"{CASE}/consensus/open/", Opened.as_view(), name="api-open-consensus"),
    path(f"{CASE}/consensus/return/", Returned.as_view(), name="api-return"),
    path(f"{CASE}/consensus/unanimous/", Unanimous.as_view(), name="api-unanimous"),
    path(f"{CASE}/consensus/lock/", rankings.Locked.as_view(), name="api-lock"),
    path(f"{CASE}/consensus/reopenings/", reopenings.Reopenings.as_view(), name="api-reopenings"),
    path(
        f"{CASE}/consensus/reopenings/<uuid:reopening_id>/",
        reopenings.Decision.as_view(),
        name="api-reopening",
    ),
    path(f"{OFFERS}/", offers.Offers.as_view(), name="api-offers"),
    path(
        f"{OFFERS}/<uuid:offer_id>/",
        offers.OfferConfirmation.as_view(),
        name="api-offer-confirmation",
    ),
    path(
        f"{OFFERS}/<uuid:offer_id>/opening/",
        offers.OfferOpening.as_view(),
        name="api-offer-opening",
    ),
    path(f"{CASE}/shortlist/", shortlists.OneList.as_view(), name="api-shortlist"),
    path(f"{CASE}/shortlist/tender/", shortlists.Tender.as_view(), name="api-shortlist-tender"),
    path(
        f"{CASE}/shortlist/<uuid:shortlist_id>/",
        shortlists.Confirmation.as_view(),
        name="api-shortlist-confirmation",
    ),
    path(f"{CASE}/ranking/", rankings.Rankings.as_view(), name="api-ranking"),
]
