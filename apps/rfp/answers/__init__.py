"""Answers by kind: read, checked, shown; and the rules that conditions, knock-outs and marks ask.

Values are plain JSON: text, a list of choices, or a list of rows. Numbers and money are decimal
strings, dates are ISO 8601. The answer of a file question is the list of its attached files, each
`{"name", "sha256", "size"}`. Forms, the API and imports all come through `parse`.
"""

from apps.rfp.answers.kinds import KINDS, columns_of, is_blank, parse, show
from apps.rfp.answers.ruling import (
    AUTO_OPS,
    TEST_OPS,
    asked,
    auto_level,
    check_auto,
    check_condition,
    check_knockout,
    knocked_out,
    reason_of,
)
from apps.rfp.answers.tables import ShownTable, show_table
from apps.rfp.answers.values import Question, Value

__all__ = [
    "AUTO_OPS",
    "KINDS",
    "TEST_OPS",
    "Question",
    "ShownTable",
    "Value",
    "asked",
    "auto_level",
    "check_auto",
    "check_condition",
    "check_knockout",
    "columns_of",
    "is_blank",
    "knocked_out",
    "parse",
    "reason_of",
    "show",
    "show_table",
]
