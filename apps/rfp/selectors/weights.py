"""What weighs how much: the tree of the engine's rank case, and the rule that the linter reads."""

from decimal import Decimal
from typing import Any

from apps.engine.matrix.inputs import Missing
from apps.engine.matrix.linter import Rule
from apps.engine.matrix.methods import METHODS
from apps.engine.matrix.prices import PRICE_FORMULAE
from apps.engine.matrix.prices.rule import PriceRule
from apps.engine.matrix.rank_case import Criterion, Threshold
from apps.engine.matrix.weights import Node
from apps.rfp import answers
from apps.rfp.models import Lot, Question, Rfp
from apps.rfp.selectors.lots import price_params
from apps.rfp.selectors.reading import questionnaire
from apps.rfp.states import EnvelopeKind
from apps.rfp.types import Chapter, plain

TOTAL, QUALITY, PRICE = "total", "quality", "price"
HUNDRED = Decimal(100)


def section_node(code: str) -> str:
    return f"section:{code}"


def counts(rfp: Rfp, question: Question) -> bool:
    """Whether a scored question is asked at all in this tender.

    What the facts settle is settled for everybody; what hangs on an answer is not, so that such
    a question stays.
    """
    return answers.may_be_asked(question, rfp.facts)


def quality_chapters(
    rfp: Rfp, chapters: tuple[Chapter, ...]
) -> list[tuple[Chapter, list[Question]]]:
    """Return the weighted technical sections, each with the questions that are scored in it."""
    return [
        (chapter, [one for one in chapter.scored if counts(rfp, one)])
        for chapter in chapters
        if chapter.section.envelope == EnvelopeKind.TECHNICAL and chapter.section.weight > 0
    ]


def price_is_weighted(rfp: Rfp) -> bool:
    """Whether price earns points; under a lowest adjusted price it has no weight of its own."""
    return rfp.asks_price and not PRICE_FORMULAE[rfp.price_formula].lowest_wins


def weight_tree(rfp: Rfp, chapters: tuple[Chapter, ...] | None = None) -> list[dict[str, Any]]:
    """Return the `nodes` of the engine's rank case.

    The root weighs quality and price in percent, quality its sections in percent, a section its
    scored questions in points. A question's node is its code.
    """
    nodes = [
        {"id": TOTAL, "weights_of_children": "percent"},
        _node(QUALITY, TOTAL, rfp.quality_weight, "percent", "Quality"),
    ]
    if price_is_weighted(rfp):
        nodes.append(_node(PRICE, TOTAL, rfp.price_weight, None, "Price"))
    for chapter, scored in quality_chapters(
        rfp, questionnaire(rfp) if chapters is None else chapters
    ):
        here = section_node(chapter.section.code)
        nodes.append(_node(here, QUALITY, chapter.section.weight, "points", chapter.section.title))
        nodes += [_node(one.code, here, one.weight, None, one.topic) for one in scored]
    return nodes


def _node(name: str, parent: str, weight: Decimal, mode: str | None, title: str) -> dict[str, Any]:
    node = {"id": name, "name": title, "parent": parent, "weight": plain(weight)}
    return node if mode is None else {**node, "weights_of_children": mode}


def thresholds(rfp: Rfp, chapters: tuple[Chapter, ...] | None = None) -> list[dict[str, str]]:
    """Return the `thresholds` of the engine's rank case: least percents of sections and quality."""
    held = quality_chapters(rfp, questionnaire(rfp) if chapters is None else chapters)
    asked = [
        (section_node(one.section.code), one.section.minimum) for one, scored in held if scored
    ]
    return [
        {"on": node, "at_least_percent": plain(least)}
        for node, least in [(QUALITY, rfp.quality_minimum), *asked]
        if least is not None
    ]


def rule_of(rfp: Rfp, chapters: tuple[Chapter, ...], lot: Lot | None = None) -> Rule:
    """Return the scoring rule as it would be published, for the linter; `chapters` are the lot's."""
    tree = weight_tree(rfp, chapters)
    scales = {q.code: q for _chapter, scored in quality_chapters(rfp, chapters) for q in scored}
    criteria = [
        Criterion(
            code,
            float(one.scale_min),
            float(one.scale_max),
            minimum=None if one.minimum is None else float(one.minimum),
        )
        for code, one in scales.items()
    ]
    weighted = price_is_weighted(rfp)
    if weighted:
        criteria.append(Criterion(PRICE, priced=True))
    return Rule(
        nodes=tuple(
            Node(
                id=node["id"],
                parent=node.get("parent"),
                weight=Decimal(node["weight"]) if "weight" in node else None,
                weights_of_children=node.get("weights_of_children"),
            )
            for node in tree
        ),
        criteria=tuple(criteria),
        method=METHODS[rfp.scoring_method],
        missing=Missing(rfp.missing_policy),
        award_decimals=rfp.award_decimals,
        price_decimals=rfp.price_decimals,
        thresholds=tuple(
            Threshold(one["on"], float(one["at_least_percent"]))
            for one in thresholds(rfp, chapters)
        ),
        price=PriceRule(
            formula=PRICE_FORMULAE[rfp.price_formula],
            points=float(rfp.price_weight) if weighted and rfp.price_weight > 0 else 100.0,
            params={name: float(value) for name, value in price_params(rfp, lot).items()},
            decimals=rfp.price_decimals,
        ),
    )
