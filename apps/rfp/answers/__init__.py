"""Answers by kind: read, checked, shown; and the rules that conditions, knock-outs and marks ask.

Values are plain JSON: text, a list of choices, or a list of rows. Numbers and money are decimal
strings, dates are ISO 8601. The answer of a file question is the list of its attached files, each
`{"name", "sha256", "size"}`. Forms, the API and imports all come through `parse`.
"""

from apps.rfp.answers.conditions import (
    asked,
    asked_codes,
    circle,
    may_be_asked,
    questions_in,
    tests_of,
)
from apps.rfp.answers.kinds import (
    KINDS,
    TABLES,
    columns_of,
    is_blank,
    is_not_applicable,
    parse,
    show,
)
from apps.rfp.answers.operations import AUTO_OPS, TEST_OPS
from apps.rfp.answers.ruling import (
    auto_level,
    check_auto,
    check_condition,
    check_knockout,
    knocked_out,
    reason_of,
    what_excludes,
)
from apps.rfp.answers.tables import ShownTable, show_table
from apps.rfp.answers.values import Question, Value

__all__ = [
    "AUTO_OPS",
    "KINDS",
    "TABLES",
    "TEST_OPS",
    "Question",
    "ShownTable",
    "Value",
    "asked",
    "asked_codes",
    "auto_level",
    "check_auto",
    "check_condition",
    "check_knockout",
    "circle",
    "columns_of",
    "is_blank",
    "is_not_applicable",
    "knocked_out",
    "may_be_asked",
    "parse",
    "questions_in",
    "reason_of",
    "show",
    "show_table",
    "tests_of",
    "what_excludes",
]
