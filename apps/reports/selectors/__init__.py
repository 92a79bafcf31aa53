from apps.reports.selectors.certificates import certificates, pem_of
from apps.reports.selectors.reports import (
    Library,
    Row,
    library,
    report_for,
    reports_visible_to,
    rows_of,
    todos,
    working,
)
from apps.reports.selectors.verdicts import recomputation, words_of

__all__ = [
    "Library",
    "Row",
    "certificates",
    "library",
    "pem_of",
    "recomputation",
    "report_for",
    "reports_visible_to",
    "rows_of",
    "todos",
    "words_of",
    "working",
]
