"""Answers by kind: read, checked, shown; and the rules that conditions, knock-outs and marks ask.

Values are plain JSON: text, a list of choices, a list of rows, two dates `{"from", "to"}`, or
`{"not_applicable": reason}`. Numbers and money are decimal strings, dates are ISO 8601. The answer
of a file question is the list of its attached files, each `{"name", "sha256", "size", "expires"?}`. Forms, the API and imports all come through `parse`.
"""

from apps.rfp.answers.conditions import (
    asked,
    asked_codes,
    circle,
    may_be_asked,
    questions_in,
    tests_of,
)
from apps.rfp.answers.kinds import KINDS, is_blank, is_not_applicable, parse, show
from apps.rfp.answers.operations import AUTO_OPS, TEST_OPS
from apps.rfp.answers.rows import CELLS, MOST_ROWS, TABLES, columns_of, least_rows, most_rows
from apps.rfp.answers.ruling import (
    auto_level,
    check_auto,
    check_condition,
    check_knockout,
    knocked_out,
    points_of,
    reason_of,
    what_excludes,
)
from apps.rfp.answers.tables import ShownTable, show_table
from apps.rfp.answers.values import Question, Value

__all__ = [
    "AUTO_OPS",
    "CELLS",
    "KINDS",
    "MOST_ROWS",
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
    "least_rows",
    "may_be_asked",
    "most_rows",
    "parse",
    "points_of",
    "questions_in",
    "reason_of",
    "show",
    "show_table",
    "tests_of",
    "what_excludes",
]
