"""What a member of the panel may see of an RFP; the apps above read these names."""

from apps.rfp.selectors.bank import bank
from apps.rfp.selectors.changes import undoable
from apps.rfp.selectors.completeness import completeness
from apps.rfp.selectors.findings import findings
from apps.rfp.selectors.library import earlier, sources, template_for, templates
from apps.rfp.selectors.offering import offer
from apps.rfp.selectors.pages import award_sentence, builder, may_edit, preview, publication
from apps.rfp.selectors.presets import promises
from apps.rfp.selectors.price_rule import models_to_bid, published_rule
from apps.rfp.selectors.reading import (
    desk_for,
    facts_of,
    frozen_content,
    own_cost_of,
    question_for,
    questionnaire,
    rfp_for,
    round_of,
    section_for,
    workload_of,
)
from apps.rfp.selectors.shipping import packs, shipped
from apps.rfp.selectors.todo import todos
from apps.rfp.selectors.week import weeks_of
from apps.rfp.selectors.weights import counts, price_is_weighted, weight_tree
from apps.rfp.selectors.wording import scored_price

__all__ = [
    "award_sentence",
    "bank",
    "builder",
    "completeness",
    "counts",
    "desk_for",
    "earlier",
    "facts_of",
    "findings",
    "frozen_content",
    "may_edit",
    "models_to_bid",
    "offer",
    "own_cost_of",
    "packs",
    "preview",
    "price_is_weighted",
    "promises",
    "publication",
    "published_rule",
    "question_for",
    "questionnaire",
    "rfp_for",
    "round_of",
    "scored_price",
    "section_for",
    "shipped",
    "sources",
    "template_for",
    "templates",
    "todos",
    "undoable",
    "weeks_of",
    "weight_tree",
    "workload_of",
]
