"""A questionnaire that somebody else laid out: which sheet, which row, which columns.

`suggest` looks at headings and at what stands below them, in the columns that people see; a person
confirms or corrects the layout; `propose` reads by it. What is not taken over is remarked with its place.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from apps.core.quarantine.values import CellKind, Sheet, Visibility, Workbook
from apps.rfp.workbooks.proposals import one_line
from apps.rfp.workbooks.vocabulary import ASKS, HEADINGS, LANGUAGES, Role

SEARCHED_ROWS: Final = 30
SAMPLED_ROWS: Final = 200
LEAST_LANGUAGES: Final = 3
LONG_ENOUGH: Final = 20  # characters: shorter texts are names and answers, not questions
LEAST_QUESTIONS: Final = 1
LEAST_ASKING: Final = 8


@dataclass(frozen=True)
class Layout:
    """Where the questions of a sheet stand; rows and columns count from 0, no header is None."""

    sheet: str
    header: int | None
    columns: Mapping[Role, int]
    hidden: bool = False
    questions: int = 0  # how many rows look like one
    hidden_rows: bool = False  # whether rows that nobody sees are taken too


def suggest(book: Workbook) -> tuple[Layout, ...]:
    """Return a layout for every sheet that seems to ask something, the fullest first."""
    found = [layout for sheet in book.sheets if (layout := _layout(sheet))]
    return tuple(sorted(found, key=lambda one: (one.hidden, -one.questions)))


def _layout(sheet: Sheet) -> Layout | None:
    header = _header(sheet)
    columns = _roles(sheet, header) if header is not None else {}
    below = (header + 1) if header is not None else 0
    asking = _asking(sheet, below)
    named = columns.get(Role.QUESTION)
    best = max(asking, key=lambda column: asking[column], default=named)
    if best is None or (named is None and asking[best] < LEAST_ASKING):
        return None
    if named is None or asking[best] > 4 * max(asking[named], 1):
        columns = {role: at for role, at in columns.items() if at != best}
        columns[Role.QUESTION] = best
    at = columns[Role.QUESTION]
    count = sum(at in texts for row, texts in sheet.rows.items() if row >= below)
    if count < LEAST_QUESTIONS:
        return None
    hidden = sheet.visibility is not Visibility.VISIBLE
    return Layout(sheet.name, header, columns, hidden, count)


def heading(sheet: Sheet, row: int, column: int) -> str:
    return one_line(sheet.text(row, column)).lower().strip(" :*")


def _header(sheet: Sheet) -> int | None:
    """Return the row whose cells name columns, or languages."""
    scores = {
        row: len(_roles(sheet, row)) + 2 * bool(languages(sheet, row))
        for row in sheet.rows
        if row < SEARCHED_ROWS
    }
    best = max(scores, key=lambda row: (scores[row], -row), default=None)
    if best is None or scores[best] == 0:
        return None
    return best if scores[best] > 1 or Role.QUESTION in _roles(sheet, best) else None


def _roles(sheet: Sheet, row: int) -> dict[Role, int]:
    """Return the roles that a row's words give to its columns; one column has one role."""
    words: dict[str, int] = {}
    for column in seen(sheet, row):
        words.setdefault(heading(sheet, row, column), column)
    found: dict[Role, int] = {}
    for role, known in HEADINGS.items():
        at = next((words[word] for word in known if word in words), None)
        if at is not None and at not in found.values():
            found[role] = at
    spoken = languages(sheet, row)
    if spoken and Role.QUESTION not in found:
        found[Role.QUESTION] = spoken.get("en", min(spoken.values()))
    return found


def seen(sheet: Sheet, row: int) -> list[int]:
    """Return the filled columns of a row that are not hidden: nothing hidden is proposed."""
    return [column for column in sheet.rows.get(row, {}) if column not in sheet.hidden_columns]


def languages(sheet: Sheet, row: int) -> dict[str, int]:
    """Return the columns of languages by code, where a row names three or more of them."""
    found = {
        word: column
        for column in seen(sheet, row)
        if (word := heading(sheet, row, column).removeprefix("name_")) in LANGUAGES
    }
    return found if len(found) >= LEAST_LANGUAGES else {}


def _asking(sheet: Sheet, top: int) -> Counter[int]:
    """Say how much each column reads like questions: length, and how its texts begin and end."""
    score: Counter[int] = Counter()
    for row, texts in sheet.rows.items():
        if not top <= row < top + SAMPLED_ROWS:
            continue
        for column, raw in texts.items():
            if column in sheet.hidden_columns:
                continue
            if sheet.cells[row, column].kind is CellKind.TEXT:
                text = one_line(raw)
                long = len(text) > LONG_ENOUGH and " " in text
                score[column] += 4 * text.endswith("?") + 2 * bool(ASKS.match(text)) + long
    return score


def plain_of(layout: Layout) -> dict[str, Any]:
    """Write a layout as plain data."""
    return {
        "sheet": layout.sheet,
        "header": layout.header,
        "columns": {role.value: at for role, at in layout.columns.items()},
        "hidden_rows": layout.hidden_rows,
    }


def layout_of(plain: Mapping[str, Any]) -> Layout:
    """Read a layout that `plain_of` wrote."""
    return Layout(
        sheet=plain["sheet"],
        header=plain["header"],
        columns={Role(role): at for role, at in plain["columns"].items()},
        hidden_rows=plain["hidden_rows"],
    )


def faults(book: Workbook, layouts: Sequence[Layout]) -> dict[str, str]:
    """Return what is wrong with layouts that a person gave: a sentence by sheet and field."""
    if not layouts:
        return {"sheets": _("Choose the sheet with the questions.")}
    return {
        f"{layout.sheet}.{name}": sentence
        for layout in layouts
        for name, sentence in _faults(book.by_name.get(layout.sheet), layout)
    }


def _faults(sheet: Sheet | None, layout: Layout) -> Iterator[tuple[str, str]]:
    if sheet is None:
        yield "sheet", _("This sheet is not in the file. Choose one that is.")
        return
    if layout.header is not None and not 0 <= layout.header < sheet.height:
        sentence = _("The sheet has {count} rows. Give the row of the headings, or none.")
        yield "header", sentence.format(count=sheet.height)
    if Role.QUESTION not in layout.columns:
        yield Role.QUESTION, _("Choose the column of the questions.")
    given: set[int] = set()
    for role, at in layout.columns.items():
        if not 0 <= at < sheet.width:
            yield role, _("This column is empty. Choose another one.")
        elif at in given:
            yield role, _("This column has another meaning already. Choose one for it.")
        given.add(at)
