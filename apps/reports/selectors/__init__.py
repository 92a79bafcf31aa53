from apps.reports.selectors.certificates import certificates, pem_of, receipt_keys_pem
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
    "receipt_keys_pem",
    "recomputation",
    "report_for",
    "reports_visible_to",
    "rows_of",
    "todos",
    "words_of",
    "working",
]
