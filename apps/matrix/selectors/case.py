"""The engine's rank case of a round: plain data from selectors, nothing computed here.

The tree of weights is the published one. A scored question that a bid left unanswered has no score;
what that counts is the published policy for missing scores. One that does not apply to a vendor leaves
its denominator, and so does one that its own answers hide, where that was published.
"""

import hashlib
import uuid
from collections.abc import Collection
from decimal import Decimal
from typing import Any

from apps.bids import selectors as bids
from apps.bids.models import Bid
from apps.matrix.models import ScoringRound
from apps.matrix.selectors.board import board
from apps.matrix.selectors.rounds import current_consensus, scores_visible_to
from apps.matrix.types import Board
from apps.rfp import answers
from apps.rfp import selectors as rfps
from apps.rfp.models import Lot, Question, Rfp
from apps.rfp.states import EnvelopeKind, HiddenCounts, ScoringMode
from apps.workspace.models import User

DRAWS = 10_000
CONCENTRATION = "60"  # a Dirichlet of about ±5 points at a weight of 20 % (maths of SMAA)
PRICE, QUALITY = "price", "quality"

Scored = dict[tuple[uuid.UUID, str], Decimal | None]


def text(value: Decimal | None) -> str | None:
    """Write a number of a case: a decimal string, never a float."""
    return None if value is None else f"{value.normalize():f}"


def seed_of(digest: str) -> int:
    """Derive the seed of the draws from what was published: nobody chooses it after seeing bids."""
    return int(hashlib.sha256(digest.encode()).hexdigest()[:12], 16)


def ranking_case(
    user: User, scoring_round: ScoringRound, *, with_price: bool = False, lot: Lot | None = None
) -> dict[str, Any]:
    """Build the rank case from consensus, automatic scores, knock-outs and, if asked, prices.

    Of a lot: the bids that cover it, and the questions of all lots and its own.
    """
    rfp = scoring_round.rfp
    held = board(user, scoring_round)
    names = bids.vendor_names(user, rfp)
    every = sorted([*held.bids.values(), *held.removed], key=lambda bid: bid.letter)
    opened = [bid for bid in every if lot is None or lot.code in held.covers[bid.pk]]
    chapters = rfps.chapters_of(rfps.questionnaire(rfp), lot)
    counted = _criteria(rfp, lot)
    case: dict[str, Any] = {
        "method": rfp.scoring_method,
        "missing": rfp.missing_policy,
        "award_decimals": rfp.award_decimals,
        "nodes": _nodes(rfps.weight_tree(rfp, chapters), with_price=with_price),
        "criteria": [_criterion(question) for question in counted],
        "vendors": [{"id": str(bid.pk), "name": names[bid.pk]} for bid in opened],
        "scores": _scores(held, opened, counted),
        "knockouts": _knockouts(user, rfp, lot, with_price=with_price),
        "thresholds": rfps.thresholds(rfp, chapters),
        "robustness": {
            "draws": DRAWS,
            "seed": seed_of(rfp.digest),
            "concentration": CONCENTRATION,
        },
    }
    away = _not_applicable(held, opened, counted)
    if away:
        case["not_applicable"] = away
    individual = _individual(user, held, {(bid.pk, q.code) for bid in opened for q in counted})
    if individual:
        case["individual"] = individual
    if with_price:
        case["price"] = _price(user, scoring_round, lot)
    return case


def _criterion(question: Question) -> dict[str, Any]:
    return {
        "id": question.code,
        "scale": [text(question.scale_min), text(question.scale_max)],
        "direction": "higher",
        **({} if question.minimum is None else {"minimum": text(question.minimum)}),
    }


def _criteria(rfp: Rfp, lot: Lot | None) -> list[Question]:
    """Return the questions that are leaves of the published tree, in its order."""
    found = (
        Question.objects.filter(
            rfp=rfp,
            mode__in=[ScoringMode.MANUAL, ScoringMode.AUTO],
            weight__gt=0,
            section__envelope=EnvelopeKind.TECHNICAL,
            section__weight__gt=0,
        )
        .select_related("section")
        .order_by("section__position", "position")
    )
    return [
        question
        for question in found
        if rfps.counts(rfp, question) and rfps.applies(question.section, lot)
    ]


def _scores(
    held: Board, opened: list[Bid], counted: list[Question]
) -> dict[str, dict[str, str | None]]:
    scored = _agreed(held) | _by_rule(held, opened, counted)
    return {
        str(bid.pk): {q.code: text(scored.get((bid.pk, q.code))) for q in counted} for bid in opened
    }


def _agreed(held: Board) -> Scored:
    """Return the consensus of every answer that is scored by people."""
    codes = {question.pk: question.code for question in held.questions}
    return {
        (row.bid_id, codes[row.question_id]): row.value
        for row in current_consensus(held.scoring_round)
        if (row.bid_id, row.question_id) in held.keys
    }


def _by_rule(held: Board, opened: list[Bid], counted: list[Question]) -> Scored:
    """Return the levels that the published rules give."""
    facts = held.scoring_round.rfp.facts
    found: Scored = {}
    for bid in opened:
        given = held.given.get(bid.pk, {})
        for question in counted:
            if question.mode == ScoringMode.AUTO and held.is_asked(bid, question):
                value = answers.auto_level(question, given.get(question.code), facts)
                found[bid.pk, question.code] = value
    return found


def _not_applicable(
    held: Board, opened: list[Bid], counted: list[Question]
) -> dict[str, list[str]]:
    """Return the questions that leave a bid's denominator, by bid; those with none are left out."""
    hidden_leave = held.scoring_round.rfp.hidden_counts == HiddenCounts.LEAVES
    found = {
        str(bid.pk): [
            question.code
            for question in counted
            if held.is_away(bid, question) or (hidden_leave and not held.is_asked(bid, question))
        ]
        for bid in opened
    }
    return {bid: codes for bid, codes in found.items() if codes}


def _knockouts(user: User, rfp: Rfp, lot: Lot | None, *, with_price: bool) -> list[dict[str, Any]]:
    """Return the knock-outs that can be told by now: of commercial answers only with prices."""
    known = Question.objects.filter(rfp=rfp)
    if not with_price:
        known = known.filter(section__envelope=EnvelopeKind.TECHNICAL)
    codes = set(known.values_list("code", flat=True))
    return [
        {"vendor": one["vendor"], "code": one["code"], "passed": one["passed"]}
        for one in bids.knockouts(user, rfp, lot)
        if one["code"] in codes
    ]


def _individual(
    user: User, held: Board, counted: Collection[tuple[uuid.UUID, str]]
) -> dict[str, dict[str, dict[str, str | None]]]:
    """Return who gave what, as far as it counts here."""
    found: dict[str, dict[str, dict[str, str | None]]] = {}
    for score in scores_visible_to(user, held.scoring_round).order_by("evaluator__name", "pk"):
        key = score.bid_id, score.question.code
        if (score.bid_id, score.question_id) in held.keys and key in counted:
            sheet = found.setdefault(str(score.evaluator_id), {})
            sheet.setdefault(str(score.bid_id), {})[score.question.code] = text(score.value)
    return found


def _price(user: User, scoring_round: ScoringRound, lot: Lot | None) -> dict[str, Any]:
    rfp = scoring_round.rfp
    prices = bids.evaluated_prices(user, rfp, lot)
    block: dict[str, Any] = {
        "formula": rfp.price_formula,
        "params": dict(rfps.price_params(rfp, lot)),
        "currency": scoring_round.procurement.currency,
        "prices": {str(bid): text(amount) for bid, amount in prices.items()},
    }
    return {"criterion": PRICE, **block} if rfps.price_is_weighted(rfp) else block


def _nodes(tree: list[dict[str, Any]], *, with_price: bool) -> list[dict[str, Any]]:
    """Return the published tree; while prices are sealed the part of it below quality."""
    if with_price:
        return tree
    parts = [dict(node) for node in tree if node.get("parent") and node["id"] != PRICE]
    for node in parts:
        if node["id"] == QUALITY:
            node |= {"parent": None, "weight": None}
    return parts
