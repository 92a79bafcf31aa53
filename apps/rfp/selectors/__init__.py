"""What a member of the panel may see of an RFP; the apps above read these names."""

from apps.rfp.selectors.completeness import completeness
from apps.rfp.selectors.findings import findings
from apps.rfp.selectors.layouts import layout_page
from apps.rfp.selectors.offering import offer
from apps.rfp.selectors.pages import award_sentence, builder, may_edit, preview, publication
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
    shipped,
    workload_of,
)
from apps.rfp.selectors.todo import todos
from apps.rfp.selectors.uploads import brought_by, facts_of_upload, needs_layout, upload_for
from apps.rfp.selectors.week import weeks_of
from apps.rfp.selectors.weights import counts, price_is_weighted, weight_tree
from apps.rfp.selectors.wording import scored_price

__all__ = [
    "award_sentence",
    "brought_by",
    "builder",
    "completeness",
    "counts",
    "desk_for",
    "facts_of",
    "facts_of_upload",
    "findings",
    "frozen_content",
    "layout_page",
    "may_edit",
    "needs_layout",
    "offer",
    "own_cost_of",
    "preview",
    "price_is_weighted",
    "publication",
    "question_for",
    "questionnaire",
    "rfp_for",
    "round_of",
    "scored_price",
    "section_for",
    "shipped",
    "todos",
    "upload_for",
    "weeks_of",
    "weight_tree",
    "workload_of",
]
