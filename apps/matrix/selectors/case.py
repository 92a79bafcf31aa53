"""The engine's rank case of a round: plain data from selectors, nothing computed here.

The tree of weights is the published one. A scored question that a bid left unanswered has no score;
what that counts is the published policy for missing scores. One that does not apply to a vendor leaves
its denominator, and so does one that its own answers hide, where that was published.
"""

import hashlib
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from apps.bids import selectors as bids
from apps.bids.models import Bid
from apps.bids.selectors.stage_points import StagePoints
from apps.matrix.models import ScoringRound
from apps.matrix.selectors.board import board
from apps.matrix.selectors.holding import Key, counts_as, holds_of
from apps.matrix.selectors.rounds import current_consensus, scores_visible_to
from apps.matrix.types import Board, Hold
from apps.rfp import answers
from apps.rfp import selectors as rfps
from apps.rfp.models import Lot, Question, Rfp
from apps.rfp.states import IN_STAGES, SCORED, EnvelopeKind, HiddenCounts, ScoringMode
from apps.rfp.types import Chapter
from apps.workspace.models import User

DRAWS = 10_000
CONCENTRATION = "60"  # a Dirichlet of about ±5 points at a weight of 20 % (maths of SMAA)
PRICE, QUALITY = "price", "quality"

Scored = dict[tuple[uuid.UUID, str], Decimal | None]
Holds = Mapping[Key, Hold]


@dataclass(frozen=True)
class Read:
    """What stages gave, and which agreed scores are held."""

    stages: StagePoints
    holds: Holds


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
    stages = bids.stage_points(rfp) if with_price else StagePoints({}, {})
    criteria = _criteria(rfp, lot, with_stages=with_price)
    holds = holds_of(user, held)
    later = set() if with_price else {one.code for one in bids.stage_questions(rfp)}
    tree = rfps.weight_tree(rfp, chapters)
    case: dict[str, Any] = {
        "method": rfp.scoring_method,
        "missing": rfp.missing_policy,
        "award_decimals": rfp.award_decimals,
        "nodes": _nodes(tree, with_price=with_price, later=later),
        "criteria": [_criterion(question) for question in criteria],
        "vendors": [{"id": str(bid.pk), "name": names[bid.pk]} for bid in opened],
        "scores": _scores(held, opened, criteria, Read(stages, holds)),
        "knockouts": [
            *_knockouts(user, rfp, lot, with_price=with_price),
            *_invited(stages, opened, {question.code for question in criteria}),
        ],
        "thresholds": _thresholds(rfp, chapters, tree, later),
        "robustness": {
            "draws": DRAWS,
            "seed": seed_of(rfp.digest),
            "concentration": CONCENTRATION,
        },
    }
    away = _not_applicable(held, opened, criteria)
    if away:
        case["not_applicable"] = away
    individual = _individual(
        user, held, {(bid.pk, q.code) for bid in opened for q in criteria}, holds
    )
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


def _invited(
    stages: StagePoints, opened: Collection[Bid], counted: Collection[str]
) -> list[dict[str, Any]]:
    """Return whether a weighted stage invited each bid: who was not is not admitted, never scored 0."""
    return [
        {"vendor": str(bid.pk), "code": code, "passed": (bid.pk, code) not in stages.left_out}
        for code in sorted({code for _bid, code in stages.left_out if code in counted})
        for bid in opened
    ]


def _thresholds(
    rfp: Rfp, chapters: tuple[Chapter, ...], tree: list[dict[str, Any]], later: set[str]
) -> list[dict[str, str]]:
    """Return the published minimums; one over a stage that is still to come is applied with it."""
    found = rfps.thresholds(rfp, chapters)
    if not later:
        return found
    waiting = {QUALITY} | {str(node["parent"]) for node in tree if node["id"] in later}
    return [one for one in found if one["on"] not in waiting]


def _criteria(rfp: Rfp, lot: Lot | None, *, with_stages: bool) -> list[Question]:
    """Return the questions that are leaves of the published tree, in its order."""
    modes = SCORED if with_stages else SCORED - IN_STAGES
    found = (
        Question.objects.filter(
            rfp=rfp,
            mode__in=modes,
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
    held: Board, opened: list[Bid], counted: list[Question], read: Read
) -> dict[str, dict[str, str | None]]:
    shown = {place: Decimal(value) for place, value in read.stages.values.items()}
    scored = _agreed(held, read.holds) | _by_rule(held, opened, counted) | shown
    return {
        str(bid.pk): {q.code: text(scored.get((bid.pk, q.code))) for q in counted} for bid in opened
    }


def _agreed(held: Board, holds: Holds) -> Scored:
    """Return what the consensus counts as, of every answer that is scored by people."""
    codes = {question.pk: question.code for question in held.questions}
    agreed = current_consensus(held.scoring_round).values_list("bid_id", "question_id", "value")
    return {
        (bid, codes[question]): counts_as(holds, (bid, question), value)
        for bid, question, value in agreed
        if (bid, question) in held.keys
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
    user: User, held: Board, criteria: Collection[tuple[uuid.UUID, str]], holds: Holds
) -> dict[str, dict[str, dict[str, str | None]]]:
    """Return who gave what, as far as it counts here: held like what was agreed from it."""
    codes = {question.pk: question.code for question in held.questions}
    given = scores_visible_to(user, held.scoring_round).order_by("evaluator__name", "pk")
    # Rows, not objects: fifty bids of 300 criteria by eight evaluators are 120,000.
    rows = given.values_list("evaluator_id", "bid_id", "question_id", "value")
    found: dict[str, dict[str, dict[str, str | None]]] = {}
    for evaluator, bid, question, value in rows:
        if (bid, question) in held.keys and (bid, codes[question]) in criteria:
            sheet = found.setdefault(str(evaluator), {})
            sheet.setdefault(str(bid), {})[codes[question]] = text(
                counts_as(holds, (bid, question), value)
            )
    return found


def held_scores(user: User, scoring_round: ScoringRound, lot: Lot | None) -> list[dict[str, str]]:
    """Return the agreed scores that count less than they are, as a ranking keeps them."""
    if not Question.objects.filter(rfp=scoring_round.rfp_id, held_at__isnull=False).exists():
        return []
    holds = holds_of(user, board(user, scoring_round))
    counts = {one.pk: one.code for one in _criteria(scoring_round.rfp, lot, with_stages=False)}
    agreed = current_consensus(scoring_round).values_list("bid_id", "question_id", "value")
    return sorted(
        (
            {
                "bid": str(bid),
                "question": counts[question],
                "level": str(text(hold.level)),
                "evidence": hold.evidence,
                "expired": hold.expired,
                "issued": hold.issued,
                "agreed": str(text(value)),
            }
            for bid, question, value in agreed
            for hold in [holds.get((bid, question))]
            if hold and question in counts and value is not None and value > hold.level
        ),
        key=lambda one: (one["question"], one["bid"]),
    )


def _price(user: User, scoring_round: ScoringRound, lot: Lot | None) -> dict[str, Any]:
    rfp = scoring_round.rfp
    prices = bids.evaluated_prices(user, rfp, lot)
    block: dict[str, Any] = {
        "formula": rfp.price_formula,
        "params": dict(rfps.price_params(rfp, lot)),
        "currency": scoring_round.procurement.currency,
        "prices": {str(bid): text(amount) for bid, amount in prices.items()},
    }
    if rfp.price_decimals is not None:
        block["decimals"] = rfp.price_decimals
    return {"criterion": PRICE, **block} if rfps.price_is_weighted(rfp) else block


def _nodes(
    tree: list[dict[str, Any]], *, with_price: bool, later: set[str]
) -> list[dict[str, Any]]:
    """Return the published tree; while prices are sealed the part of it below quality.

    Stages that are still `later` are left out with the sections they leave empty: what remains of
    quality then stands in its published proportions.
    """
    if with_price:
        return tree
    parts = [dict(node) for node in tree if node.get("parent") and node["id"] != PRICE]
    parts = [node for node in parts if node["id"] not in later]
    parents = {node["parent"] for node in parts}
    whole = len(parts)
    parts = [node for node in parts if "weights_of_children" not in node or node["id"] in parents]
    for node in parts:
        if node["id"] == QUALITY:
            node |= {"parent": None, "weight": None}
            if len(parts) < whole:
                node["weights_of_children"] = "points"
    return parts
