"""Assessments of the buyer's own readiness: what stands, what it says, what is missing."""

from apps.readiness.selectors.assessments import (
    DEFAULT,
    answers_of,
    assessment_for,
    frameworks,
    latest_assessment,
    newest,
    record_of,
    signed_off_for,
    todos,
)
from apps.readiness.selectors.pages import answer_page, readiness_page, seen, sheet

__all__ = [
    "DEFAULT",
    "answer_page",
    "answers_of",
    "assessment_for",
    "frameworks",
    "latest_assessment",
    "newest",
    "readiness_page",
    "record_of",
    "seen",
    "sheet",
    "signed_off_for",
    "todos",
]
