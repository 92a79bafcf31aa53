from apps.reports.selectors.reports import (
    progress_of,
    report_for,
    reports_visible_to,
    stage_words,
    todos,
)

__all__ = ["progress_of", "report_for", "reports_visible_to", "stage_words", "todos"]
