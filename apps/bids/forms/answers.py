"""Questions as controls of a page: from a value or from what was typed to HTML, and back.

Each question is a unit of its own with a version of its own. Names of controls are built from the
question's code, so that a section posts as one form and each question alone by script.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from apps.bids.types.places import anchor_of
from apps.rfp import answers
from apps.rfp.answers.kinds import NOT_APPLICABLE
from apps.rfp.models import Question
from apps.rfp.states import AnswerKind

SPARE_ROWS = 2
FEWEST_ROWS = 3
ENDS = ("from", "to")
MOST_DIGITS = 10
WIDE_WORDS = 60  # a short text with a larger word limit gets several lines


@dataclass(frozen=True)
class Option:
    id: str
    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class Cell:
    name: str
    label: str
    value: str
    kind: str
    options: tuple[Option, ...] = ()


@dataclass(frozen=True)
class Control:
    """One question's controls. `shape` picks the template's branch."""

    name: str
    id: str
    shape: str  # text, lines, number, date, range, one, many, table, group, file
    value: str = ""
    unit: str = ""
    options: tuple[Option, ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = field(default=())
    words: int = 0
    word_limit: int | None = None


@dataclass(frozen=True)
class NotApplicable:
    """The box to tick where a question may be left out, and the reason to give."""

    name: str
    reason_name: str
    chosen: bool
    reason: str


def name_of(question: Question) -> str:
    return f"a-{question.code}"


def version_of(question: Question) -> str:
    """The name of the hidden field that says on which version an answer was written."""
    return f"v-{question.code}"


def take_of(question: Question) -> str:
    """The name of the box that leaves what a colleague saved meanwhile as it is."""
    return f"t-{question.code}"


def id_of(question: Question) -> str:
    return anchor_of(question.code)


def control(question: Question, shown: Any, currency: str) -> Control:
    """Build the controls of a question around a value, or around what somebody typed."""
    kind = AnswerKind(question.kind)
    if answers.is_not_applicable(shown):
        shown = None
    if kind in answers.TABLES:
        return _table(question, shown)
    if kind == AnswerKind.DATE_RANGE:
        return _range(question, shown)
    if kind in {AnswerKind.YES_NO, AnswerKind.SINGLE_CHOICE}:
        return _choices(question, "one", shown)
    if kind == AnswerKind.MULTI_CHOICE:
        return _choices(question, "many", shown)
    if kind == AnswerKind.FILE:
        return Control(name_of(question), id_of(question), "file")
    text = shown if isinstance(shown, str) else ""
    unit = question.unit or (currency if kind == AnswerKind.CURRENCY else "")
    return Control(
        name=name_of(question),
        id=id_of(question),
        shape=_shape(question),
        value=text,
        unit=unit,
        words=len(text.split()),
        word_limit=question.word_limit,
    )


def not_applicable(question: Question, shown: Any) -> NotApplicable | None:
    """Build the box where the author allows it; None elsewhere."""
    if not question.allows_na:
        return None
    chosen = answers.is_not_applicable(shown)
    reason = str(shown[NOT_APPLICABLE]) if chosen else ""
    return NotApplicable(f"na-{question.code}", f"nr-{question.code}", chosen, reason)


def _range(question: Question, shown: Any) -> Control:
    given = shown if isinstance(shown, Mapping) else {}
    labels = {"from": _("From"), "to": _("To")}
    ends = tuple(
        Cell(f"{name_of(question)}-{end}", labels[end], str(given.get(end, "")), "date")
        for end in ENDS
    )
    return Control(name_of(question), id_of(question), "range", rows=(ends,))


def _shape(question: Question) -> str:
    kind = AnswerKind(question.kind)
    if kind in {AnswerKind.NUMBER, AnswerKind.PERCENT, AnswerKind.CURRENCY}:
        return "number"
    if kind == AnswerKind.DATE:
        return "date"
    long = kind == AnswerKind.TEXT_LONG or (question.word_limit or 0) > WIDE_WORDS
    return "lines" if long else "text"


def _choices(question: Question, shape: str, shown: Any) -> Control:
    chosen = {shown} if isinstance(shown, str) else set(shown or ())
    labels = list(question.options) or [str(word) for word in ("Yes", "No")]
    options = [
        Option(f"{id_of(question)}-{place}", label, label, label in chosen)
        for place, label in enumerate(labels)
    ]
    if shape == "one" and not question.required:
        none = Option(f"{id_of(question)}-none", "", _("No answer"), not any(chosen))
        options.append(none)
    return Control(name_of(question), id_of(question), shape, options=tuple(options))


def _table(question: Question, shown: Any) -> Control:
    given = [row for row in shown if isinstance(row, Mapping)] if isinstance(shown, list) else []
    columns = answers.columns_of(question)
    group = question.kind == AnswerKind.GROUP
    spare, fewest = (
        (1, max(1, answers.least_rows(question))) if group else (SPARE_ROWS, FEWEST_ROWS)
    )
    count = min(answers.most_rows(question), max(fewest, len(given) + spare))
    rows = tuple(
        tuple(
            _cell(question, row, place, column, given[row] if row < len(given) else {})
            for place, column in enumerate(columns)
        )
        for row in range(count)
    )
    return Control(
        name=name_of(question),
        id=id_of(question),
        shape="group" if group else "table",
        columns=tuple(column.code for column in columns),
        rows=rows,
    )


def _cell(
    question: Question, row: int, place: int, column: answers.Question, given: Mapping[str, Any]
) -> Cell:
    name, value = f"{name_of(question)}-{row}-{place}", str(given.get(column.code, ""))
    options: tuple[Option, ...] = ()
    if column.kind in {AnswerKind.YES_NO, AnswerKind.SINGLE_CHOICE}:
        options = tuple(
            Option(f"{name}-{at}", word, word, word == value)
            for at, word in enumerate(("", *(column.options or ("Yes", "No"))))
        )
    label = _("{column}, row {number}").format(column=column.code, number=row + 1)
    if question.kind == AnswerKind.GROUP:
        label = column.code
    return Cell(name, label, value, column.kind, options)


def raw_from(question: Question, data: QueryDict) -> Any:
    """Return what was posted for one question, in the shape `rfp.answers.parse` reads."""
    kind, box = AnswerKind(question.kind), not_applicable(question, None)
    if box and data.get(box.name):
        return {NOT_APPLICABLE: data.get(box.reason_name, "")}
    if kind in answers.TABLES:
        return _rows_from(question, data)
    if kind == AnswerKind.DATE_RANGE:
        return {end: data.get(f"{name_of(question)}-{end}", "") for end in ENDS}
    if kind == AnswerKind.MULTI_CHOICE:
        return data.getlist(name_of(question))
    return data.get(name_of(question), "")


def _rows_from(question: Question, data: QueryDict) -> list[dict[str, str]]:
    columns = answers.columns_of(question)
    rows = []
    for row in range(answers.MOST_ROWS + 1):
        names = [f"{name_of(question)}-{row}-{place}" for place in range(len(columns))]
        if not any(name in data for name in names):
            break
        cells = {
            column.code: data.get(name, "") for column, name in zip(columns, names, strict=True)
        }
        if any(value.strip() for value in cells.values()):
            rows.append(cells)
    return rows


def whole(text: str) -> int:
    """Return a version number from a hidden field or a header, 0 for what is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < MOST_DIGITS else 0


def posted(questions: Iterable[Question], data: QueryDict) -> list[tuple[Question, Any, int]]:
    """Return each question of a section that the form holds, with what was typed and on what.

    Where what a colleague saved was chosen instead, nothing was typed.
    """
    return [
        (question, raw_from(question, data), whole(data.get(version_of(question), "")))
        for question in questions
        if version_of(question) in data and take_of(question) not in data
    ]
