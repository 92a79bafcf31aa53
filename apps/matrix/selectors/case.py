"""The engine's rank case of a round: plain data from selectors, nothing computed here."""

import hashlib
import uuid
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from apps.bids import selectors as bids
from apps.matrix.models import ScoringRound
from apps.matrix.selectors.rounds import asked_cells, current_consensus, scores_visible_to
from apps.rfp import answers
from apps.rfp import selectors as rfps
from apps.rfp.models import Question
from apps.rfp.states import EnvelopeKind, ScoringMode
from apps.workspace.models import User

DRAWS = 10_000
CONCENTRATION = "60"  # a Dirichlet of about ±5 points at a weight of 20 % (maths of SMAA)


def text(value: Decimal | None) -> str | None:
    """Write a number of a case: a decimal string, never a float."""
    return None if value is None else f"{value.normalize():f}"


def seed_of(digest: str) -> int:
    """Derive the seed of the draws from what was published: nobody chooses it after seeing bids."""
    return int(hashlib.sha256(digest.encode()).hexdigest()[:12], 16)


def build(user: User, scoring_round: ScoringRound, *, with_price: bool) -> dict[str, Any]:
    """Build the rank case from consensus, automatic scores, knock-outs and, if asked, prices."""
    rfp = scoring_round.rfp
    names = bids.vendor_names(user, rfp)
    opened = list(bids.bids_visible_to(user, rfp).order_by("letter"))
    scored = _scores(user, scoring_round)
    kept = _applicable(user, scoring_round)
    case: dict[str, Any] = {
        "method": rfp.scoring_method,
        "missing": rfp.missing_policy,
        "award_decimals": rfp.award_decimals,
        "nodes": _nodes(rfps.weight_tree(rfp), kept, with_price=with_price),
        "criteria": [
            {
                "id": question.code,
                "scale": [text(question.scale_min), text(question.scale_max)],
                "direction": "higher",
            }
            for question in kept.values()
        ],
        "vendors": [{"id": str(bid.pk), "name": names[bid.pk]} for bid in opened],
        "scores": {
            str(bid.pk): {code: text(scored.get((bid.pk, code))) for code in kept} for bid in opened
        },
        "knockouts": [
            {"vendor": k["vendor"], "code": k["code"], "passed": k["passed"]}
            for k in bids.knockouts(user, rfp)
        ],
        "robustness": {
            "draws": DRAWS,
            "seed": seed_of(rfp.digest),
            "concentration": CONCENTRATION,
        },
        "individual": _individual(user, scoring_round, kept),
    }
    if with_price:
        prices = bids.evaluated_prices(user, rfp)
        case["price"] = {
            "criterion": "price",
            "formula": rfp.price_formula,
            "params": rfp.price_params,
            "currency": scoring_round.procurement.currency,
            "prices": {str(bid): text(amount) for bid, amount in prices.items()},
        }
    return case


def _scored_questions(scoring_round: ScoringRound) -> list[Question]:
    return list(
        Question.objects.filter(
            rfp=scoring_round.rfp,
            mode__in=[ScoringMode.MANUAL, ScoringMode.AUTO],
            weight__gt=0,
            section__envelope=EnvelopeKind.TECHNICAL,
        )
        .select_related("section")
        .order_by("section__position", "position")
    )


def _applicable(user: User, scoring_round: ScoringRound) -> dict[str, Question]:
    """Return the criteria asked of every opened bid.

    A question that a bid's own answers hide is not applicable to that bid; leaving it out for
    all keeps a vendor from gaining by it (policy `exclude` of the method).
    """
    given = bids.opened_answers(user, scoring_round.rfp)
    facts = scoring_round.rfp.facts
    return {
        question.code: question
        for question in _scored_questions(scoring_round)
        if all(answers.asked(question, bid, facts) for bid in given.values())
    }


def excluded(user: User, scoring_round: ScoringRound) -> list[Question]:
    """Return the scored questions that count for nobody, because one bid was not asked them."""
    kept = _applicable(user, scoring_round)
    return [q for q in _scored_questions(scoring_round) if q.code not in kept]


def _scores(
    user: User, scoring_round: ScoringRound
) -> Mapping[tuple[uuid.UUID, str], Decimal | None]:
    """Return what counts per bid and question: the consensus, or the rule's level."""
    codes = dict.fromkeys(asked_cells(user, scoring_round), True)
    by_pk = {question.pk: question.code for _bid, question in codes}
    found: dict[tuple[uuid.UUID, str], Decimal | None] = {
        (row.bid_id, by_pk[row.question_id]): row.value
        for row in current_consensus(scoring_round)
        if row.question_id in by_pk
    }
    automatic = [q for q in _scored_questions(scoring_round) if q.mode == ScoringMode.AUTO]
    for bid_id, given in bids.opened_answers(user, scoring_round.rfp).items():
        for question in automatic:
            if question.code in given:
                found[bid_id, question.code] = answers.auto_level(question, given[question.code])
    return found


def _individual(
    user: User, scoring_round: ScoringRound, kept: Mapping[str, Question]
) -> dict[str, dict[str, dict[str, str | None]]]:
    found: dict[str, dict[str, dict[str, str | None]]] = {}
    for score in scores_visible_to(user, scoring_round):
        if score.question.code in kept:
            bid = found.setdefault(str(score.evaluator_id), {}).setdefault(str(score.bid_id), {})
            bid[score.question.code] = text(score.value)
    return found


def _nodes(
    tree: list[dict[str, Any]], kept: Mapping[str, Question], *, with_price: bool
) -> list[dict[str, Any]]:
    """Keep the nodes that count: without price the quality node is the root."""
    parents = {node["id"]: node.get("parent") for node in tree}
    leaves = set(kept) | ({"price"} if with_price else set())
    alive: set[str] = set()
    for leaf in leaves:
        at: str | None = leaf
        while at is not None:
            alive.add(at)
            at = parents.get(at)
    nodes = [dict(node) for node in tree if node["id"] in alive]
    if with_price:
        return nodes
    below = [node for node in nodes if node.get("parent") is not None]
    for node in below:
        if node["id"] == "quality":
            node |= {"parent": None, "weight": None}
    return below
