"""Earlier questions and answers as plain values, and how they are taken from tables and texts."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.bids.types.words import spoken

LONGEST_QUESTION: Final = 4_000
LONGEST_ANSWER: Final = 20_000
LONGEST_NAME: Final = 120  # of a topic or an owner
MOST_ROWS: Final = 3_000
MOST_COLUMNS: Final = 30
HEADER_ROWS: Final = 10  # a header stands in one of the first rows
YEAR, MONTH = 365, 30
COLUMNS: Final = ("question", "answer", "topic", "owner", "day")
HEADINGS: Final[Mapping[str, frozenset[str]]] = {
    "question": frozenset(("question", "requirement", "asked", "query", "text")),
    "answer": frozenset(("answer", "response", "reply", "comment")),
    "topic": frozenset(("topic", "category", "section", "area", "theme", "subject")),
    "owner": frozenset(("owner", "author", "contact", "sme", "expert", "by")),
    "day": frozenset(("date", "updated", "reviewed", "day", "modified", "answered")),
}
MARKED: Final = re.compile(
    r"\s*(?:(?P<q>q|question)|(?P<a>a|answer|response))\s*[\d.]*\s*[:.)\-\u2013]\s*(?P<rest>.*)",
    re.IGNORECASE,
)
NUMBERED: Final = re.compile(r"\s*\d+(?:\.\d+)*[.)]?\s+\S.*")

Rows = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Entry:
    """One question with its answer; `day` is when it was answered, ISO 8601 or empty."""

    question: str
    answer: str
    topic: str = ""
    owner: str = ""
    day: str = ""

    def plain(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in COLUMNS}


def entry_of(plain: Mapping[str, Any]) -> Entry:
    """Read back what `plain` wrote, or what another installation did; TypeError for no text."""
    texts = [plain[name] for name in COLUMNS]
    if not all(isinstance(text, str) for text in texts):
        raise TypeError("an entry holds texts")
    question, answer, topic, owner, day = texts
    return Entry(
        question[:LONGEST_QUESTION],
        answer[:LONGEST_ANSWER],
        topic[:LONGEST_NAME],
        owner[:LONGEST_NAME],
        day_of(day),
    )


def age_of(day: str, today: dt.date) -> str:
    """Say how old an answer is, in the unit people would use."""
    if not day:
        return _("Age not known")
    days = max((today - dt.date.fromisoformat(day)).days, 0)
    if days >= YEAR:
        return ngettext("{n} year old", "{n} years old", days // YEAR).format(n=days // YEAR)
    if days >= MONTH:
        return ngettext("{n} month old", "{n} months old", days // MONTH).format(n=days // MONTH)
    return ngettext("{n} day old", "{n} days old", days).format(n=days)


@dataclass(frozen=True)
class Layout:
    """Which sheet and column holds what, counted from 0; None where there is no such column."""

    sheet: int = 0
    first_row: int = 0  # below the header
    columns: Mapping[str, int | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Taken:
    """A row of a table as an entry, or why it is none."""

    number: int  # of the row, counted from 1 as a spreadsheet does
    entry: Entry | None
    why_not: str = ""


def propose(sheets: Sequence[Rows]) -> Layout:
    """Find the header that names the most columns; without one, the two columns with most text."""
    found: tuple[int, Layout] | None = None
    for at, rows in enumerate(sheets):
        for number, row in enumerate(rows[:HEADER_ROWS]):
            columns = _named(row)
            score = len(columns)
            if {"question", "answer"} <= columns.keys() and (not found or score > found[0]):
                found = score, Layout(at, number + 1, columns)
    return found[1] if found else _by_length(sheets)


def _named(row: Sequence[str]) -> dict[str, int | None]:
    columns: dict[str, int | None] = {}
    for at, text in enumerate(row):
        words = set(spoken(text))
        for name, headings in HEADINGS.items():
            if name not in columns and words & headings and at not in columns.values():
                columns[name] = at
    return columns


def _by_length(sheets: Sequence[Rows]) -> Layout:
    rows = sheets[0] if sheets else ()
    width = max(map(len, rows), default=0)
    sums = [sum(len(row[at]) for row in rows if at < len(row)) for at in range(width)]
    longest = sorted(range(width), key=lambda at: -sums[at])[:2]
    if len(longest) < len(("question", "answer")):
        return Layout()
    question, answer = sorted(longest)
    return Layout(0, 0, {"question": question, "answer": answer})


def taken(rows: Rows, layout: Layout) -> Iterator[Taken]:
    """Yield every row below the header that is not blank."""
    for number, row in enumerate(rows[layout.first_row :], start=layout.first_row + 1):
        cells = {name: _cell(row, layout.columns.get(name)) for name in COLUMNS}
        if not any(cells.values()):
            continue
        if not cells["question"]:
            yield Taken(number, None, _("There is no question in this row."))
        elif not cells["answer"]:
            yield Taken(number, None, _("There is no answer in this row."))
        elif len(cells["question"]) > LONGEST_QUESTION or len(cells["answer"]) > LONGEST_ANSWER:
            yield Taken(number, None, _("This row is too long to be an answer."))
        else:
            yield Taken(number, entry_of(cells))


def _cell(row: Sequence[str], at: int | None) -> str:
    return row[at].strip() if at is not None and at < len(row) else ""


def day_of(text: str) -> str:
    """Return the day a cell names, ISO 8601; empty where it names none."""
    try:
        return dt.date.fromisoformat(text.strip()[:10]).isoformat()
    except ValueError:
        return ""


def rows_of_text(text: str) -> list[list[str]]:
    """Read pasted text as rows of question and answer.

    A table pasted from a document comes with tabs. Else a question begins with "Q:" or "Question",
    a number, or ends with a question mark; what follows until the next one is its answer.
    """
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").split("\n")]
    filled = [line for line in lines if line.strip()]
    if filled and sum("\t" in line for line in filled) * 2 > len(filled):
        return [[cell.strip() for cell in line.split("\t")] for line in filled]
    marked = any((found := MARKED.fullmatch(line)) and found["a"] for line in filled)
    return [
        [question, "\n".join(answer).strip()]
        for question, answer in _spans(lines, marked=marked)
        if question
    ]


def _spans(lines: Sequence[str], *, marked: bool) -> Iterator[tuple[str, list[str]]]:
    question, answer, in_answer = "", list[str](), False
    for line in lines:
        begins, rest = _begins(line, marked=marked, in_answer=in_answer)
        if begins == "question":
            if question:
                yield question, answer
            question, answer, in_answer = rest, [], not marked
        elif begins == "answer":
            in_answer = True
            answer.append(rest)
        elif in_answer:
            answer.append(line)
        elif question and line.strip():
            question = f"{question} {line.strip()}"
    if question:
        yield question, answer


def _begins(line: str, *, marked: bool, in_answer: bool) -> tuple[str, str]:
    """Say whether a line begins a question or an answer, and what is left of it."""
    if marked:
        found = MARKED.fullmatch(line)
        if found:
            return ("question" if found["q"] else "answer"), found["rest"].strip()
        return "", ""
    if line.strip().endswith("?") or (NUMBERED.fullmatch(line) and not in_answer):
        return "question", re.sub(r"^\s*\d+(?:\.\d+)*[.)]?\s+", "", line).strip()
    return "", ""
