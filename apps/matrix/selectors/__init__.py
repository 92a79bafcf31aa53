"""What may be read of scoring, consensus and ranking."""

from apps.matrix.selectors.board import (
    board,
    label,
    missing_scores,
    standing_of,
    unagreed,
    unanimous,
    unheard,
    unscored,
)
from apps.matrix.selectors.case import ranking_case
from apps.matrix.selectors.consensus_pages import agreeing_page, consensus_page
from apps.matrix.selectors.dashboard import todos
from apps.matrix.selectors.frozen import frozen, standing
from apps.matrix.selectors.progress import progress
from apps.matrix.selectors.ranking_page import ranking_page
from apps.matrix.selectors.reading import answer_to_mark, evidence_for
from apps.matrix.selectors.reopenings import confirmed_after, require_standing
from apps.matrix.selectors.rounds import (
    chapter_for,
    consensus_visible_to,
    current_consensus,
    desk_for,
    file_for,
    item_for,
    latest_before,
    latest_of_stage,
    latest_ranking,
    latest_round,
    leaving_for,
    own_scores,
    place_for,
    ranking_for,
    scored_questions,
    scored_sections,
    scores_visible_to,
    scoring_round_for,
)
from apps.matrix.selectors.scoring_pages import question_page, scoring_page
from apps.matrix.selectors.what_if import what_if

__all__ = [
    "agreeing_page",
    "answer_to_mark",
    "board",
    "chapter_for",
    "confirmed_after",
    "consensus_page",
    "consensus_visible_to",
    "current_consensus",
    "desk_for",
    "evidence_for",
    "file_for",
    "frozen",
    "item_for",
    "label",
    "latest_before",
    "latest_of_stage",
    "latest_ranking",
    "latest_round",
    "leaving_for",
    "missing_scores",
    "own_scores",
    "place_for",
    "progress",
    "question_page",
    "ranking_case",
    "ranking_for",
    "ranking_page",
    "require_standing",
    "scored_questions",
    "scored_sections",
    "scores_visible_to",
    "scoring_page",
    "scoring_round_for",
    "standing",
    "standing_of",
    "todos",
    "unagreed",
    "unanimous",
    "unheard",
    "unscored",
    "what_if",
]
