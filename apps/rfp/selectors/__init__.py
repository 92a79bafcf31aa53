"""What a member of the panel may see of an RFP; the apps above read these names."""

from apps.rfp.selectors.amending import (
    addenda_page,
    addendum_for,
    addendum_page,
    current_version,
    published_addenda,
)
from apps.rfp.selectors.bank import bank
from apps.rfp.selectors.burden import minutes_of
from apps.rfp.selectors.changes import undoable
from apps.rfp.selectors.completeness import completeness
from apps.rfp.selectors.extending import extension_for, open_extension
from apps.rfp.selectors.findings import findings
from apps.rfp.selectors.informing import is_scored, shortlist_rule
from apps.rfp.selectors.intervals import brought_week
from apps.rfp.selectors.layouts import layout_page
from apps.rfp.selectors.library import earlier, sources, template_for, templates
from apps.rfp.selectors.lots import (
    applies,
    chapters_of,
    decided_lots,
    is_decided,
    lots_in,
    lots_of,
    lots_page,
    named,
    named_fact,
    of_lot,
    picked,
    picked_in,
    price_params,
    query_of,
    require_lot,
)
from apps.rfp.selectors.offering import offer
from apps.rfp.selectors.own_cost import own_total
from apps.rfp.selectors.packing import (
    pack_content,
    pack_file_for,
    pack_page,
    pack_version,
    released_versions,
)
from apps.rfp.selectors.pages import (
    builder,
    may_edit,
    preview,
    publication,
    undo_of,
)
from apps.rfp.selectors.presets import promises
from apps.rfp.selectors.price_rule import models_to_bid, published_rule
from apps.rfp.selectors.reading import (
    desk_for,
    facts_of,
    frozen_content,
    lot_for,
    own_cost_of,
    question_for,
    questionnaire,
    questions_until,
    rfp_for,
    round_of,
    section_for,
    workload_of,
)
from apps.rfp.selectors.reviewing import places_of, review_blockers, review_for, review_page
from apps.rfp.selectors.sealing import (
    key_blockers,
    key_kind,
    key_kinds,
    keys_of,
    keys_page,
    lock_of,
    opening_sentence,
    place_of,
    public_keys_of,
    published_opening,
)
from apps.rfp.selectors.shipping import packs, shipped
from apps.rfp.selectors.todo import todos
from apps.rfp.selectors.totals import award_sentence
from apps.rfp.selectors.undertakings import undertakings_of
from apps.rfp.selectors.uploads import brought_by, facts_of_upload, needs_layout, upload_for
from apps.rfp.selectors.week import weeks_of
from apps.rfp.selectors.weights import counts, price_is_weighted, thresholds, weight_tree
from apps.rfp.selectors.wording import rounded_to, scored_price

__all__ = [
    "addenda_page",
    "addendum_for",
    "addendum_page",
    "applies",
    "award_sentence",
    "bank",
    "brought_by",
    "brought_week",
    "builder",
    "chapters_of",
    "completeness",
    "counts",
    "current_version",
    "decided_lots",
    "desk_for",
    "earlier",
    "extension_for",
    "facts_of",
    "facts_of_upload",
    "findings",
    "frozen_content",
    "is_decided",
    "is_scored",
    "key_blockers",
    "key_kind",
    "key_kinds",
    "keys_of",
    "keys_page",
    "layout_page",
    "lock_of",
    "lot_for",
    "lots_in",
    "lots_of",
    "lots_page",
    "may_edit",
    "minutes_of",
    "models_to_bid",
    "named",
    "named_fact",
    "needs_layout",
    "of_lot",
    "offer",
    "open_extension",
    "opening_sentence",
    "own_cost_of",
    "own_total",
    "pack_content",
    "pack_file_for",
    "pack_page",
    "pack_version",
    "packs",
    "picked",
    "picked_in",
    "place_of",
    "places_of",
    "preview",
    "price_is_weighted",
    "price_params",
    "promises",
    "public_keys_of",
    "publication",
    "published_addenda",
    "published_opening",
    "published_rule",
    "query_of",
    "question_for",
    "questionnaire",
    "questions_until",
    "released_versions",
    "require_lot",
    "review_blockers",
    "review_for",
    "review_page",
    "rfp_for",
    "round_of",
    "rounded_to",
    "scored_price",
    "section_for",
    "shipped",
    "shortlist_rule",
    "sources",
    "template_for",
    "templates",
    "thresholds",
    "todos",
    "undertakings_of",
    "undo_of",
    "undoable",
    "upload_for",
    "weeks_of",
    "weight_tree",
    "workload_of",
]
