"""An answer that is a table, cell by cell as people read it."""

from dataclasses import dataclass
from typing import Any

from apps.rfp.answers.kinds import is_blank, is_not_applicable, show
from apps.rfp.answers.rows import TABLES, columns_of
from apps.rfp.answers.values import Question, Value


@dataclass(frozen=True)
class ShownTable:
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def show_table(question: Question, value: Value | None) -> ShownTable | None:
    """Return a table's cells as texts; None for an answer of another kind, or none."""
    if question.kind not in TABLES or is_blank(value) or is_not_applicable(value):
        return None
    columns = columns_of(question)
    rows: Any = value
    return ShownTable(
        columns=tuple(column.code for column in columns),
        rows=tuple(
            tuple(_cell(column, row.get(column.code)) for column in columns) for row in rows
        ),
    )


def _cell(column: Question, value: Value | None) -> str:
    return "" if is_blank(value) else show(column, value)
