"""What may be read of scoring, consensus and ranking."""

from apps.matrix.selectors.board import (
    board,
    label,
    missing_scores,
    progress,
    unagreed,
    unanimous,
    unscored,
)
from apps.matrix.selectors.case import ranking_case
from apps.matrix.selectors.rounds import (
    chapter_for,
    current_consensus,
    desk_for,
    item_for,
    latest_of_stage,
    latest_ranking,
    latest_round,
    own_scores,
    place_for,
    scored_questions,
    scored_sections,
    scores_visible_to,
    scoring_round_for,
)

__all__ = [
    "board",
    "chapter_for",
    "current_consensus",
    "desk_for",
    "item_for",
    "label",
    "latest_of_stage",
    "latest_ranking",
    "latest_round",
    "missing_scores",
    "own_scores",
    "place_for",
    "progress",
    "ranking_case",
    "scored_questions",
    "scored_sections",
    "scores_visible_to",
    "scoring_round_for",
    "unagreed",
    "unanimous",
    "unscored",
]
