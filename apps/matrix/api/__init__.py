"""The evaluation by API: the same services and refusals as the pages, and no more to be seen."""

import uuid
from collections.abc import Iterable
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
    agreeing,
    asking,
    calibrating,
    conflicts,
    offers,
    rankings,
    reopenings,
    shortlists,
    substitutes,
)
from apps.matrix.api.inputs import judged, judgement
from apps.matrix.models import Score
from apps.matrix.services import scoring
from apps.rfp.models import Section
from apps.workspace.types import Call


class AssignmentsInput(Input):
    """Evaluators by the code of the section: {"4": ["<id of a person>"]}."""

    assignments = serializers.DictField(
        child=serializers.ListField(child=serializers.UUIDField(), max_length=100)
    )


class SectionInput(Input):
    section = serializers.CharField(max_length=12)


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
        given = judgement(request, procurement_id, "matrix.score")
        return Response(_score(scoring.save(actor=request.user, **given)))


def _score(one: Score) -> dict[str, Any]:
    return {"evaluator": str(one.evaluator_id), **judged(one), "saved_at": one.created_at}


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
    *asking.urlpatterns,
    *calibrating.urlpatterns,
    path(f"{CASE}/scoring/substitutes/", substitutes.Substitutes.as_view(), name="api-substitutes"),
    path(f"{CASE}/consensus/", agreeing.Agreements.as_view(), name="api-consensus"),
    path(f"{CASE}/consensus/open/", agreeing.Opened.as_view(), name="api-open-consensus"),
    path(f"{CASE}/consensus/return/", agreeing.Returned.as_view(), name="api-return"),
    path(f"{CASE}/consensus/unanimous/", agreeing.Unanimous.as_view(), name="api-unanimous"),
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
