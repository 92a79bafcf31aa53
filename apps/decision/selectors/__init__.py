"""The decision: its evidence, the walk through the tree, and what was decided."""

from apps.decision.selectors.award_page import award_for, award_shown, letters_shown
from apps.decision.selectors.evidence import (
    TREE,
    evidence_for,
    standing,
    stated_facts,
    statements_of,
    tree_of,
    trees,
)
from apps.decision.selectors.pages import steps_of, walk_page
from apps.decision.selectors.scenarios import backup_asked, scenarios_page
from apps.decision.selectors.walking import (
    decision_for,
    latest_decision,
    latest_for,
    outcomes,
    same_walk,
    todos,
    walk_for,
)

__all__ = [
    "TREE",
    "award_for",
    "award_shown",
    "backup_asked",
    "decision_for",
    "evidence_for",
    "latest_decision",
    "latest_for",
    "letters_shown",
    "outcomes",
    "same_walk",
    "scenarios_page",
    "standing",
    "stated_facts",
    "statements_of",
    "steps_of",
    "todos",
    "tree_of",
    "trees",
    "walk_for",
    "walk_page",
]
