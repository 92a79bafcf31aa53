from apps.readiness.selectors.assessments import (
    assessment_for,
    frameworks,
    latest_assessment,
    newest,
    record_of,
    todos,
)

__all__ = [
    "assessment_for",
    "frameworks",
    "latest_assessment",
    "newest",
    "record_of",
    "todos",
]
