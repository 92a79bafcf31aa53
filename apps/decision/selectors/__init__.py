from apps.decision.selectors.evidence import evidence_for, statements_of, tree_of
from apps.decision.selectors.pages import walk_page
from apps.decision.selectors.walking import (
    decision_for,
    latest_decision,
    latest_for,
    outcomes,
    todos,
    walk_for,
)

__all__ = [
    "decision_for",
    "evidence_for",
    "latest_decision",
    "latest_for",
    "outcomes",
    "statements_of",
    "todos",
    "tree_of",
    "walk_for",
    "walk_page",
]
