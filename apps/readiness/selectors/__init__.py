from apps.readiness.selectors.assessments import (
    DEFAULT,
    answers_of,
    assessment_for,
    frameworks,
    latest_assessment,
    newest,
    record_of,
    todos,
)
from apps.readiness.selectors.pages import sheet

__all__ = [
    "DEFAULT",
    "answers_of",
    "assessment_for",
    "frameworks",
    "latest_assessment",
    "newest",
    "record_of",
    "sheet",
    "todos",
]
