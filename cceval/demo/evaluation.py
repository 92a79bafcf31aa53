"""The evaluation: scores alone, consensus, prices, readiness, decision, reports."""

import uuid
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from apps.bids.models import Bid
from apps.decision import selectors as decisions
from apps.decision import services as deciding
from apps.decision.models import Decision
from apps.matrix import selectors as matrix
from apps.matrix.services import consensus, ranking, scoring
from apps.pricing import services as pricing
from apps.readiness.services import assessing
from apps.rfp.models import Question
from apps.workspace.models import Procurement, User
from cceval.demo.people import Cast, acting

Given = Mapping[str, Any]


def score(
    cast: Cast, case_pk: uuid.UUID, case: Given, scores: Given, bids: Mapping[str, uuid.UUID]
) -> None:
    """Assign, score alone with reasons, open the consensus, agree, lock."""
    lead, moderator = cast["kovac"], cast["marin"]
    _begin(cast, case_pk, case, lead)
    evaluators = [person["key"] for person in case["people"] if "evaluator" in person["roles"]]
    for key in evaluators:
        with acting(cast[key]) as actor:
            _score_alone(actor, key, case_pk, scores, bids)
    with acting(moderator) as actor:
        consensus.open_consensus(scoring_round=_round(case_pk), actor=actor)
    with acting(moderator) as actor:
        _agree(actor, case_pk, scores, bids)
    with acting(moderator) as actor:
        consensus.lock(scoring_round=_round(case_pk), actor=actor)


def _round(case_pk: uuid.UUID) -> Any:
    return matrix.latest_round(Procurement.objects.get(pk=case_pk))


def _begin(cast: Cast, case_pk: uuid.UUID, case: Given, lead: User) -> None:
    with acting(lead) as actor:
        procurement = Procurement.objects.get(pk=case_pk)
        assignments = {
            section.pk: [
                cast[person["key"]].pk
                for person in case["people"]
                if section.code in person.get("sections", ())
            ]
            for section in matrix.scored_sections(procurement)
        }
        scoring.begin(procurement=procurement, assignments=assignments, actor=actor)


def _cells(case_pk: uuid.UUID, scores: Given, bids: Mapping[str, uuid.UUID]) -> Any:
    questions = {
        q.code: q
        for q in Question.objects.filter(rfp__procurement=case_pk).select_related("section")
    }
    opened = {bid.pk: bid for bid in Bid.objects.filter(pk__in=bids.values())}
    for cell in scores["cells"]:
        yield cell, opened[bids[cell["vendor"]]], questions[cell["question"]]


def _score_alone(
    actor: User, key: str, case_pk: uuid.UUID, scores: Given, bids: Mapping[str, uuid.UUID]
) -> None:
    scoring_round = _round(case_pk)
    for cell, bid, question in _cells(case_pk, scores, bids):
        for given in cell["scores"]:
            if given["evaluator"] == key:
                scoring.save(
                    scoring_round=scoring_round,
                    bid=bid,
                    question=question,
                    value=Decimal(given["value"]),
                    reason=given["reason"],
                    actor=actor,
                )


def _agree(actor: User, case_pk: uuid.UUID, scores: Given, bids: Mapping[str, uuid.UUID]) -> None:
    scoring_round = _round(case_pk)
    for cell, bid, question in _cells(case_pk, scores, bids):
        consensus.agree(
            scoring_round=scoring_round,
            bid=bid,
            question=question,
            value=Decimal(cell["consensus"]["value"]),
            reason=cell["consensus"]["reason"],
            actor=actor,
        )


def compare_prices(
    cast: Cast, case_pk: uuid.UUID, case: Given, bids: Mapping[str, uuid.UUID]
) -> None:
    """Set the assumptions, adopt the comparison, rank with its prices."""
    given = case["assumptions"]
    terms = {key: given[key] for key in ("discount", "timing", "indexation", "volume_range")}
    own = {str(bids[key]): dict(values) for key, values in given["vendors"].items()}
    spread = {key: given[key] for key in ("volume", "aht", "index")}
    with acting(cast["kovac"]) as actor:
        procurement = Procurement.objects.get(pk=case_pk)
        pricing.set_assumptions(
            procurement=procurement,
            terms={"terms": terms, "uncertainty": spread, "bids": own},
            actor=actor,
        )
        pricing.adopt(procurement=procurement, actor=actor)
    with acting(cast["kovac"]) as actor:
        ranking.freeze(scoring_round=_round(case_pk), actor=actor)


def assess(cast: Cast, case_pk: uuid.UUID, case: Given) -> None:
    """Score the buyer's own readiness and sign it off."""
    given = case["readiness"]
    with acting(cast[given["assessed_by"]]) as actor:
        assessment = assessing.begin(
            procurement=Procurement.objects.get(pk=case_pk),
            framework=given["framework"],
            actor=actor,
        )
        for row in given["answers"]:
            assessing.answer(
                assessment=assessment,
                question=row["question"],
                level=row["level"],
                evidence=row["evidence"],
                actor=actor,
            )
    with acting(cast[given["signed_off_by"]]) as actor:
        assessing.sign_off(assessment=assessment, actor=actor)


def decide(cast: Cast, case_pk: uuid.UUID, case: Given) -> None:
    """State what only people know, walk the tree, propose; a second person approves."""
    given = case["decision"]
    with acting(cast[given["proposed_by"]]) as actor:
        procurement = Procurement.objects.get(pk=case_pk)
        for row in given["statements"]:
            deciding.state(
                procurement=procurement,
                fact=row["fact"],
                value=_plain(row["value"]),
                evidence=row["source"],
                actor=actor,
            )
    with acting(cast[given["proposed_by"]]) as actor:
        procurement = Procurement.objects.get(pk=case_pk)
        decision = deciding.propose(
            procurement=procurement,
            outcome=_recommended(actor, procurement),
            rationale=given["rationale"],
            actor=actor,
        )
    with acting(cast[given["approved_by"]]) as actor:
        found = Decision.objects.select_related("procurement").get(pk=decision.pk)
        deciding.approve(decision=found, actor=actor)


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _recommended(actor: User, procurement: Procurement) -> str:

    return str(decisions.walk_for(actor, procurement).to_plain()["result"]["recommendation"])
