"""Tables and repeating groups: rows of typed fields."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType, SimpleNamespace
from typing import Any, cast

from django.utils.translation import gettext as _

from apps.core.errors import Incomplete
from apps.rfp.answers.scalars import YES_NO, Choice, Date, Figure, Kind, Text, Year
from apps.rfp.answers.values import Question, Row, Value, empty, refuse
from apps.rfp.states import AnswerKind

MOST_ROWS = 60
TABLES = (AnswerKind.TABLE, AnswerKind.MATRIX, AnswerKind.PRICE_TABLE, AnswerKind.GROUP)
YEAR = "year"  # a column only
# What a column may hold. A change in percent may fall (a surge that lowers the price, say).
CELLS: Mapping[str, Kind] = MappingProxyType(
    {
        AnswerKind.TEXT_SHORT.value: Text(500),
        AnswerKind.TEXT_LONG.value: Text(5000),
        AnswerKind.YES_NO.value: Choice(YES_NO),
        AnswerKind.SINGLE_CHOICE.value: Choice(),
        AnswerKind.NUMBER.value: Figure(0, None),
        AnswerKind.PERCENT.value: Figure(-100, 1000),
        AnswerKind.CURRENCY.value: Figure(0, None),
        AnswerKind.DATE.value: Date(),
        YEAR: Year(),
    }
)


def least_rows(question: Question) -> int:
    """Return how many filled rows a bid needs; 0 where the author asks for none."""
    return int(question.limits.get("least", 0))


def most_rows(question: Question) -> int:
    return min(MOST_ROWS, int(question.limits.get("most", MOST_ROWS)))


@dataclass(frozen=True)
class Rows:
    """A table or a repeating group: rows with the question's columns, read cell by cell.

    Empty rows fall away. How many there have to be is asked when the bid is submitted.
    """

    def parse(self, question: Question, raw: object) -> Value:
        if not isinstance(raw, Sequence) or isinstance(raw, str):
            refuse(_("Fill in the table row by row."))
        self._count(len(raw), MOST_ROWS)
        read = [self._row(question, number, row) for number, row in enumerate(raw, start=1)]
        rows = [row for row in read if any(row.values())]
        self._count(len(rows), most_rows(question))
        return rows

    @staticmethod
    def _count(length: int, most: int) -> None:
        if length > most:
            sentence = _("Keep to {most} rows; there are {length}.")
            refuse(sentence.format(most=most, length=length))

    @staticmethod
    def _row(question: Question, number: int, raw: object) -> Row:
        columns = columns_of(question)
        names = [column.code for column in columns]
        if not isinstance(raw, Mapping) or not set(raw) <= set(names):
            sentence = _("Row {number}: use the columns {names}.")
            refuse(sentence.format(number=number, names=", ".join(names)))
        return {column.code: _cell(column, number, raw.get(column.code, "")) for column in columns}

    def show(self, question: Question, value: Any) -> str:
        lines = []
        for row in value:
            cells = [(one, row.get(one.code, "")) for one in columns_of(question)]
            lines.append(
                "; ".join(
                    f"{one.code}: {CELLS[one.kind].show(one, cell)}" for one, cell in cells if cell
                )
            )
        return "\n".join(lines)


def _cell(column: Question, number: int, raw: object) -> Value:
    if empty(raw):
        return ""
    try:
        return CELLS[column.kind].parse(column, raw)
    except Incomplete as error:
        refuse(
            _("Row {number}, {column}: {sentence}").format(
                number=number, column=column.code, sentence=error.sentence
            )
        )


def columns_of(question: Question) -> list[Question]:
    """Return the columns of a table as questions of their own; the name is the code."""
    return [
        cast(
            "Question",
            SimpleNamespace(
                code=column["name"],
                kind=column["kind"],
                unit="%" if column["kind"] == AnswerKind.PERCENT else "",
                options=tuple(column.get("options", ())),
                word_limit=None,
                limits={},
                allows_na=False,
                scale_min=Decimal(0),
                scale_max=Decimal(0),
                knockout={},
                condition={},
                auto=(),
            ),
        )
        for column in question.options
    ]
