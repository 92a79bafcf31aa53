"""What a member of the panel may see of an RFP; the apps above read these names."""

from apps.rfp.selectors.amending import (
    addenda_page,
    addendum_for,
    addendum_page,
    current_version,
    published_addenda,
)
from apps.rfp.selectors.completeness import completeness
from apps.rfp.selectors.extending import extension_for, open_extension
from apps.rfp.selectors.findings import findings
from apps.rfp.selectors.offering import offer
from apps.rfp.selectors.packing import (
    pack_content,
    pack_file_for,
    pack_page,
    pack_version,
    released_versions,
)
from apps.rfp.selectors.pages import award_sentence, builder, may_edit, preview, publication
from apps.rfp.selectors.reading import (
    desk_for,
    facts_of,
    frozen_content,
    own_cost_of,
    question_for,
    questionnaire,
    questions_until,
    rfp_for,
    round_of,
    section_for,
    shipped,
    workload_of,
)
from apps.rfp.selectors.reviewing import places_of, review_blockers, review_for, review_page
from apps.rfp.selectors.todo import todos
from apps.rfp.selectors.week import weeks_of
from apps.rfp.selectors.weights import counts, price_is_weighted, weight_tree
from apps.rfp.selectors.wording import scored_price

__all__ = [
    "addenda_page",
    "addendum_for",
    "addendum_page",
    "award_sentence",
    "builder",
    "completeness",
    "counts",
    "current_version",
    "desk_for",
    "extension_for",
    "facts_of",
    "findings",
    "frozen_content",
    "may_edit",
    "offer",
    "open_extension",
    "own_cost_of",
    "pack_content",
    "pack_file_for",
    "pack_page",
    "pack_version",
    "places_of",
    "preview",
    "price_is_weighted",
    "publication",
    "published_addenda",
    "question_for",
    "questionnaire",
    "questions_until",
    "released_versions",
    "review_blockers",
    "review_for",
    "review_page",
    "rfp_for",
    "round_of",
    "scored_price",
    "section_for",
    "shipped",
    "todos",
    "weeks_of",
    "weight_tree",
    "workload_of",
]
