"""The mapping step: the sheets of a foreign workbook, what stands in them, and what it becomes."""

from dataclasses import dataclass
from itertools import islice

from django.utils.translation import gettext as _

from apps.core.quarantine.values import Sheet, Visibility, Workbook
from apps.rfp.models import Upload
from apps.rfp.selectors.uploads import Brought, contents_of, facts_of_upload, layouts_of
from apps.rfp.states import AnswerKind
from apps.rfp.workbooks import foreign, proposing
from apps.rfp.workbooks.foreign import Layout
from apps.rfp.workbooks.form import Form, Item
from apps.rfp.workbooks.proposals import Proposal, Remark, one_line
from apps.rfp.workbooks.vocabulary import Role

MOST_SHEETS = 60
MOST_COLUMNS = 40  # to choose from; further ones are remarked, not taken
SHOWN_ROWS, SHOWN_COLUMNS = 6, 8
SHOWN_TEXT = 60
SAMPLE = 8
SHOWN_REMARKS = 30


@dataclass(frozen=True)
class SheetShown:
    """One sheet: its name, how it would be read, and its first rows."""

    at: int
    name: str
    hidden: bool
    height: int
    chosen: bool
    layout: Layout
    columns: tuple[tuple[int, str], ...]
    letters: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


@dataclass(frozen=True)
class LayoutPage:
    upload: Upload
    brought: Brought
    sheets: tuple[SheetShown, ...]
    more_sheets: int
    sample: tuple[tuple[str, Item, str], ...]  # section, question, kind of answer
    questions: int
    left: tuple[Remark, ...]
    remarks: int


def layout_page(upload: Upload) -> LayoutPage:
    """Return everything the mapping step shows; a file of ours has no sheet to choose."""
    book = contents_of(upload).foreign or Workbook()
    chosen = {one.sheet: one for one in layouts_of(upload)}
    others = [sheet for sheet in book.sheets if sheet.name not in chosen]
    suggested = {one.sheet: one for one in foreign.suggest(Workbook(tuple(others)))}
    proposal = proposing.propose(book, chosen.values()) if chosen else Proposal(Form(), ())
    filled = [(at, sheet) for at, sheet in enumerate(book.sheets) if sheet.rows]
    shown = sorted(filled, key=lambda one: one[1].name not in chosen)[:MOST_SHEETS]
    return LayoutPage(
        upload=upload,
        brought=facts_of_upload(upload),
        sheets=tuple(
            _sheet(at, sheet, chosen.get(sheet.name), suggested.get(sheet.name))
            for at, sheet in shown
        ),
        more_sheets=len(filled) - len(shown),
        sample=tuple(
            (part.title, item, str(AnswerKind(item.kind).label))
            for part, item in islice(proposal.form.items, SAMPLE)
        ),
        questions=len(proposal.form.codes),
        left=proposal.remarks[:SHOWN_REMARKS],
        remarks=len(proposal.remarks),
    )


def _sheet(at: int, sheet: Sheet, chosen: Layout | None, suggested: Layout | None) -> SheetShown:
    layout = chosen or suggested or _first_text(sheet)
    filled = sorted({column for texts in sheet.rows.values() for column in texts})
    known = filled[:MOST_COLUMNS] + [
        column for column in layout.columns.values() if column not in filled[:MOST_COLUMNS]
    ]
    top = layout.header or 0
    rows = [row for row in sheet.rows if row >= top][:SHOWN_ROWS]
    return SheetShown(
        at=at,
        name=sheet.name,
        hidden=sheet.visibility is not Visibility.VISIBLE,
        height=sheet.height,
        chosen=chosen is not None,
        layout=layout,
        columns=tuple((column, _column(sheet, layout, column)) for column in known),
        letters=tuple(_headed(sheet, column) for column in filled[:SHOWN_COLUMNS]),
        rows=tuple(
            (
                row + 1,
                tuple(_short(sheet.text(row, column)) for column in filled[:SHOWN_COLUMNS]),
            )
            for row in rows
        ),
    )


def _first_text(sheet: Sheet) -> Layout:
    """Return a layout to begin with for a sheet that seems to ask nothing."""
    first = min((column for texts in sheet.rows.values() for column in texts), default=0)
    return Layout(sheet.name, None, {Role.QUESTION: first})


def _letters(sheet: Sheet, column: int) -> str:
    return sheet.name_of(0, column)[:-1]


def _headed(sheet: Sheet, column: int) -> str:
    """Name a column above its cells, and say when nobody sees it in the file."""
    letters = _letters(sheet, column)
    hidden = column in sheet.hidden_columns
    return _("{name} (hidden)").format(name=letters) if hidden else letters


def _column(sheet: Sheet, layout: Layout, column: int) -> str:
    """Name a column by its letters and its heading, or by the first thing in it."""
    top = layout.header
    said = sheet.text(top, column) if top is not None else ""
    if not said:
        below = (texts[column] for row, texts in sheet.rows.items() if column in texts)
        said = next(below, "")
    name = f"{_letters(sheet, column)}: {_short(said)}"
    return _("{name} (hidden)").format(name=name) if column in sheet.hidden_columns else name


def _short(text: str) -> str:
    line = one_line(text)
    return line if len(line) <= SHOWN_TEXT else f"{line[: SHOWN_TEXT - 1]}…"
