"""One class per way of answering: `parse` reads what came in, `show` writes it for people."""

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType, SimpleNamespace
from typing import Any, Protocol, cast

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.core.errors import Incomplete
from apps.rfp.answers import figures
from apps.rfp.answers.values import Question, Row, Value, refuse
from apps.rfp.states import AnswerKind

MOST_ROWS = 60
YES_NO = ("Yes", "No")
NOT_APPLICABLE = "not_applicable"  # {"not_applicable": reason}, where the author allows it
YEARS = (1900, 2200)
FOUR_DIGITS = re.compile(r"\d{4}", re.ASCII)
DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)


class Kind(Protocol):
    """One way of answering; `parse` never sees a blank."""

    def parse(self, question: Question, raw: object) -> Value: ...
    def show(self, question: Question, value: Any) -> str: ...


@dataclass(frozen=True)
class Text:
    most: int  # characters

    def parse(self, question: Question, raw: object) -> Value:
        if not isinstance(raw, str):
            refuse(_("Answer with text."))
        text = raw.replace("\r\n", "\n").replace("\r", "\n").strip()
        if any(unicodedata.category(sign) == "Cc" and sign not in "\n\t" for sign in text):
            refuse(_("The text holds control characters. Type it here, or paste it as plain text."))
        if len(text) > self.most:
            sentence = _("Shorten the answer to {most} characters; it has {length}.")
            refuse(sentence.format(most=self.most, length=len(text)))
        words = len(text.split())
        if question.word_limit and words > question.word_limit:
            sentence = _("Shorten the answer to {most} words; it has {length}.")
            refuse(sentence.format(most=question.word_limit, length=words))
        return text

    def show(self, _question: Question, value: Any) -> str:
        return str(value)


@dataclass(frozen=True)
class Choice:
    """One of the options; without options of its own a question takes Yes or No."""

    options: tuple[str, ...] = ()

    def parse(self, question: Question, raw: object) -> Value:
        options = self.options or tuple(question.options)
        if not isinstance(raw, str) or raw not in options:
            refuse(_("Choose one of: {options}.").format(options=", ".join(options)))
        return raw

    def show(self, _question: Question, value: Any) -> str:
        return str(value)


@dataclass(frozen=True)
class Choices:
    def parse(self, question: Question, raw: object) -> Value:
        given = [raw] if isinstance(raw, str) else raw
        known = [str(option) for option in question.options]
        if not isinstance(given, Sequence) or not all(one in known for one in given):
            refuse(_("Choose from: {options}.").format(options=", ".join(known)))
        return [option for option in known if option in given]

    def show(self, _question: Question, value: Any) -> str:
        return ", ".join(value)


@dataclass(frozen=True)
class Figure:
    """A number; shares and amounts below 0 would win points by a rule they do not meet."""

    least: int | None
    most: int | None

    def parse(self, _question: Question, raw: object) -> Value:
        return figures.read_between(raw, self.least, self.most)

    def show(self, question: Question, value: Any) -> str:
        gap = "" if question.unit.startswith("%") else " "
        return f"{figures.grouped(value)}{gap}{question.unit}".strip()


@dataclass(frozen=True)
class Year:
    """A calendar year: 2024 is no quantity, so it is never written 2,024."""

    def parse(self, _question: Question, raw: object) -> Value:
        text = str(raw).strip() if isinstance(raw, str | int) else ""
        if not FOUR_DIGITS.fullmatch(text) or not YEARS[0] <= int(text) <= YEARS[1]:
            refuse(_("Write the year with four digits, for example 2027."))
        return text

    def show(self, _question: Question, value: Any) -> str:
        return str(value)


@dataclass(frozen=True)
class Date:
    def parse(self, _question: Question, raw: object) -> Value:
        text = raw.strip() if isinstance(raw, str) else ""
        try:
            day = dt.date.fromisoformat(text)
        except ValueError:
            day = None
        if day is None or day.isoformat() != text or not YEARS[0] <= day.year <= YEARS[1]:
            refuse(_("Write the date as year, month, day, for example 2027-03-31."))
        return text

    def show(self, _question: Question, value: Any) -> str:
        return str(date_format(dt.date.fromisoformat(value), "j F Y"))


@dataclass(frozen=True)
class Files:
    """The facts of the files attached; the bytes and their checks are the portal's business."""

    def parse(self, question: Question, raw: object) -> Value:
        if not isinstance(raw, Sequence) or isinstance(raw, str):
            refuse(_("Attach a file here."))
        return [self._file(question, one) for one in raw]

    @staticmethod
    def _file(question: Question, one: object) -> Row:
        if not isinstance(one, Mapping) or set(one) != {"name", "sha256", "size"}:
            refuse(_("Attach a file here."))
        name, digest, size = one["name"], one["sha256"], one["size"]
        if not isinstance(name, str) or not DIGEST.fullmatch(str(digest)) or type(size) is not int:
            refuse(_("Attach the file again; its facts did not arrive."))
        kinds = [str(option).lower() for option in question.options]
        if kinds and name.rpartition(".")[2].lower() not in kinds:
            refuse(_("Attach one of these kinds of file: {kinds}.").format(kinds=", ".join(kinds)))
        return {"name": name, "sha256": digest, "size": size}

    def show(self, _question: Question, value: Any) -> str:
        return ", ".join(one["name"] for one in value)


@dataclass(frozen=True)
class Rows:
    """A table: rows with the question's columns, read cell by cell; empty rows fall away."""

    def parse(self, question: Question, raw: object) -> Value:
        if not isinstance(raw, Sequence) or isinstance(raw, str):
            refuse(_("Fill in the table row by row."))
        if len(raw) > MOST_ROWS:
            sentence = _("Keep the table to {most} rows; it has {length}.")
            refuse(sentence.format(most=MOST_ROWS, length=len(raw)))
        rows = [self._row(question, number, row) for number, row in enumerate(raw, start=1)]
        return [row for row in rows if any(row.values())]

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
            lines.append("; ".join(f"{one.code}: {show(one, cell)}" for one, cell in cells if cell))
        return "\n".join(lines)


def _cell(column: Question, number: int, raw: object) -> Value:
    if _empty(raw):
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
                options=(),
                word_limit=None,
                knockout={},
                condition={},
                auto=(),
            ),
        )
        for column in question.options
    ]


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        AnswerKind.TEXT_SHORT.value: Text(500),
        AnswerKind.TEXT_LONG.value: Text(20_000),
        AnswerKind.YES_NO.value: Choice(YES_NO),
        AnswerKind.SINGLE_CHOICE.value: Choice(),
        AnswerKind.MULTI_CHOICE.value: Choices(),
        AnswerKind.NUMBER.value: Figure(0, None),
        AnswerKind.PERCENT.value: Figure(0, 1000),
        AnswerKind.CURRENCY.value: Figure(0, None),
        AnswerKind.DATE.value: Date(),
        AnswerKind.FILE.value: Files(),
        AnswerKind.TABLE.value: Rows(),
        AnswerKind.MATRIX.value: Rows(),
        AnswerKind.PRICE_TABLE.value: Rows(),
    }
)
YEAR = "year"  # a column only
# What a column may hold. A change in percent may fall (a surge that lowers the price, say).
CELLS: Mapping[str, Kind] = MappingProxyType(
    {
        AnswerKind.TEXT_SHORT.value: Text(500),
        AnswerKind.YES_NO.value: Choice(YES_NO),
        AnswerKind.NUMBER.value: Figure(0, None),
        AnswerKind.PERCENT.value: Figure(-100, 1000),
        AnswerKind.CURRENCY.value: Figure(0, None),
        AnswerKind.DATE.value: Date(),
        YEAR: Year(),
    }
)


def _empty(raw: object) -> bool:
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        return True
    return isinstance(raw, Sequence) and not isinstance(raw, str) and len(raw) == 0


def is_blank(value: Value | None) -> bool:
    """Whether nothing was answered: no text, no choice, no row with a filled cell."""
    if _empty(value):
        return True
    return isinstance(value, list) and not any(
        any(one.values()) if isinstance(one, dict) else one for one in value
    )


def is_not_applicable(value: object) -> bool:
    """Whether the vendor answered that a question does not apply to it, and why."""
    return isinstance(value, Mapping) and NOT_APPLICABLE in value


def parse(question: Question, raw: object) -> Value:
    """Return what was answered as plain JSON; raises Incomplete with a sentence on `answer`.

    A blank clears the answer and is never refused here: what is required is asked at submission.
    """
    if _empty(raw):
        many = question.kind in {AnswerKind.MULTI_CHOICE, AnswerKind.FILE, *TABLES}
        return [] if many else ""
    return KINDS[question.kind].parse(question, raw)


def show(question: Question, value: Value | None) -> str:
    """Write an answer for people, on one line or a line per row."""
    if is_blank(value):
        return _("Not answered")
    return (KINDS.get(question.kind) or CELLS[question.kind]).show(question, value)


TABLES = (AnswerKind.TABLE, AnswerKind.MATRIX, AnswerKind.PRICE_TABLE)
