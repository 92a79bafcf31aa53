"""A questionnaire as a workbook that people can fill in: one sheet per section, nothing to run.

Every cell is a text or a number, never a formula. Structure is locked, content is not; kinds and
modes are dropdowns. Column A of each sheet and the sheet `cceval`, both hidden, say which row is
which question, so that rows may be edited and reordered and still be told apart.
"""

import io
import re
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from apps.core.errors import Incomplete
from apps.proof import canonical
from apps.rfp.workbooks import beside, instructions, lots, texts
from apps.rfp.workbooks.beside import Beside
from apps.rfp.workbooks.columns import (
    COLUMNS_MARK,
    FORMAT,
    HIDDEN_SHEET,
    LISTS,
    ROW_MARK,
    SECTION_MARK,
    CellType,
    Column,
    columns_for,
    steps_of,
)
from apps.rfp.workbooks.form import SCALE, Form, Item, Part, digest_of
from apps.rfp.workbooks.looks import Looks, looks_of
from apps.rfp.workbooks.phrases import Unclear

MOST_PARTS: Final = 120  # of sections; the file readers take 200 parts of a package
SPARE_ROWS: Final = 25
KEYS_ROW, HEAD_ROW, FIRST_ROW = 5, 6, 7
LABEL_AT, VALUE_AT = 4, 5  # columns of the section's own fields
LONGEST_NAME: Final = 31  # units of UTF-16, as Excel counts
LAST_OF_ONE_UNIT: Final = "\uffff"
NOT_IN_A_NAME: Final = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
CHUNK: Final = 30_000
NO_FORMULAS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


def write(form: Form, beside: Beside | None = None) -> bytes:
    """Return the workbook of a questionnaire; Incomplete when something does not fit into a cell.

    `beside` are answers and prices of opened bids: they are shown, and read by nobody here.
    """
    if len(form.parts) > MOST_PARTS:
        sentence = _("A workbook holds {most} sections at most.").format(most=MOST_PARTS)
        raise Incomplete(sentence)
    held = io.BytesIO()
    book = Workbook(held, NO_FORMULAS)
    book.set_properties({"title": str(form.head.get("title", "")), "comments": FORMAT})
    Writer(book, form, beside or Beside()).write()
    book.close()
    return held.getvalue()


class Writer:
    """One workbook in the making: its looks, its columns and the ranges of its dropdowns."""

    def __init__(self, book: Workbook, form: Form, beside: Beside) -> None:
        self.book = book
        self.form = form
        self.beside = beside
        self.looks: Looks = looks_of(book)
        self.columns = columns_for(steps_of(form))
        self.ranges: dict[str, str] = {}
        self.labels = {
            name: {value: str(label) for value, label in known.items()}
            for name, known in LISTS.items()
        }
        if form.lots:
            self.labels[lots.LIST] = {lot.code: lot.code for lot in form.lots}

    def write(self) -> None:
        first = self.book.add_worksheet(_("Instructions"))
        used = {first.get_name().lower(), HIDDEN_SHEET}
        spare = Part(code="", title="")
        sheets = [
            (part, self.book.add_worksheet(_sheet_name(part, used)))
            for part in (*self.form.parts, *([] if self.beside.given else [spare]))
        ]
        if self.form.lots:
            named = self.book.add_worksheet(_free(_("Lots"), used))
            lots.write(named, self.form.lots, self.looks, self.put)
        if self.beside.prices:
            prices = self.book.add_worksheet(_free(_("Prices"), used))
            beside.write_prices(prices, self.beside, self.looks)
        self.hidden(self.book.add_worksheet(HIDDEN_SHEET))
        instructions.write(first, self.form, self.looks)
        for part, sheet in sheets:
            self.section(sheet, part)

    def hidden(self, sheet: Worksheet) -> None:
        """Say what this workbook is, and list what its dropdowns offer."""
        sheet.very_hidden()
        sheet.protect()
        content = canonical.encode(_memory(self.form)).decode()
        chunks = [content[at : at + CHUNK] for at in range(0, len(content), CHUNK)]
        for row, text in enumerate([FORMAT, digest_of(self.form), *chunks]):
            sheet.write_string(row, 0, texts.encode(text))
        for at, (name, labels) in enumerate(self.labels.items()):
            column = 2 + 2 * at
            for row, (value, label) in enumerate([(name, name), *labels.items()]):
                sheet.write_string(row, column, value)
                sheet.write_string(row, column + 1, label)
            letters = xl_col_to_name(column + 1)
            self.ranges[name] = f"={HIDDEN_SHEET}!${letters}$2:${letters}${1 + len(labels)}"

    def section(self, sheet: Worksheet, part: Part) -> None:
        sheet.protect(options={"format_columns": True, "format_rows": True})
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.freeze_panes(FIRST_ROW, VALUE_AT)
        sheet.set_column(0, 0, None, None, {"hidden": True})
        self.own_fields(sheet, part)
        sheet.write_string(KEYS_ROW, 0, COLUMNS_MARK)
        sheet.set_row(KEYS_ROW, None, None, {"hidden": True})
        sheet.set_row(HEAD_ROW, 32)
        for at, column in enumerate(self.columns, start=1):
            sheet.set_column(at, at, column.width)
            sheet.write_string(KEYS_ROW, at, texts.encode(column.key))
            sheet.write_string(HEAD_ROW, at, texts.encode(str(column.heading)), self.looks.heading)
        for row, item in enumerate(part.items, start=FIRST_ROW):
            self.row(sheet, row, item)
        last = FIRST_ROW + len(part.items) + SPARE_ROWS - 1
        for row in range(FIRST_ROW + len(part.items), last + 1):
            for at, column in enumerate(self.columns, start=1):
                sheet.write_blank(row, at, None, self.looks_of(column, new=True))
        self.dropdowns(sheet, last)
        self.answers(sheet, part)

    def answers(self, sheet: Worksheet, part: Part) -> None:
        """Write a column per bid behind the questions' own; without a hidden key nobody reads it."""
        for at, given in enumerate(self.beside.given, start=1 + len(self.columns)):
            sheet.set_column(at, at, beside.WIDTH)
            sheet.write_string(HEAD_ROW, at, texts.encode(given.name), self.looks.heading)
            for row, item in enumerate(part.items, start=FIRST_ROW):
                beside.put(sheet, (row, at), given.answers.get(item.code, ""), self.looks)

    def own_fields(self, sheet: Worksheet, part: Part) -> None:
        """Write the section's number, title, weight, envelope and minimum above its questions."""
        new = not part.code
        sheet.write_string(0, 0, SECTION_MARK)
        sheet.write_string(1, 0, texts.encode(part.code))
        labels = (_("Section"), _("Title"), _("Weight, % of quality"), _("Envelope"))
        for row, label in enumerate((*labels, _("Minimum, % of its points"))):
            sheet.write_string(row, LABEL_AT, label, self.looks.label)
        sheet.write_string(0, VALUE_AT, texts.encode(part.code), self.looks.fixed)
        self.put(sheet, (1, VALUE_AT), part.title, self.looks.text, part.code)
        sheet.write_number(2, VALUE_AT, _number(part.weight), self.looks.figure)
        if part.minimum:
            sheet.write_number(4, VALUE_AT, _number(part.minimum), self.looks.figure)
        else:
            sheet.write_blank(4, VALUE_AT, None, self.looks.figure)
        if self.form.lots:
            sheet.write_string(0, lots.LABEL_AT, _("Lot, empty for all"), self.looks.label)
            self.put(sheet, (0, lots.VALUE_AT), part.lot, self.looks.text, part.code)
            self.choose(sheet, (0, lots.VALUE_AT, 0, lots.VALUE_AT), lots.LIST)
        envelope = self.labels["envelope"].get(part.envelope, part.envelope)
        sheet.write_string(3, VALUE_AT, envelope, self.looks.text if new else self.looks.fixed)
        if new:
            self.choose(sheet, (3, VALUE_AT, 3, VALUE_AT), "envelope")
            hint = _("Fill in this sheet to add a section. Leave it as it is to add none.")
            sheet.write_string(4, VALUE_AT + 1, hint, self.looks.hint)

    def row(self, sheet: Worksheet, row: int, item: Item) -> None:
        sheet.write_string(row, 0, texts.encode(ROW_MARK + item.code))
        for at, column in enumerate(self.columns, start=1):
            text = str(row - FIRST_ROW + 1) if column.key == "order" else column.write(item)
            look = self.looks_of(column)
            if not text:
                sheet.write_blank(row, at, None, look)
            elif column.type is CellType.FIGURE:
                sheet.write_number(row, at, _number(text), look)
            else:
                shown = self.labels[column.values].get(text, text) if column.values else text
                self.put(sheet, (row, at), shown, look, item.code)

    def put(
        self, sheet: Worksheet, at: tuple[int, int], text: str, look: Format, code: str
    ) -> None:
        """Write a text as a text; a number, a date or a formula is what Excel would make of it."""
        try:
            sheet.write_string(*at, texts.encode(text), look)
        except Unclear as unclear:
            sentence = _("{code}: {sentence}").format(code=code, sentence=unclear)
            raise Incomplete(sentence) from None

    def looks_of(self, column: Column, *, new: bool = False) -> Format:
        if column.locked and not new:
            return self.looks.fixed
        return self.looks.figure if column.type is CellType.FIGURE else self.looks.text

    def dropdowns(self, sheet: Worksheet, last: int) -> None:
        for at, column in enumerate(self.columns, start=1):
            if column.values:
                self.choose(sheet, (FIRST_ROW, at, last, at), column.values)

    def choose(self, sheet: Worksheet, area: tuple[int, int, int, int], name: str) -> None:
        options: dict[str, Any] = {
            "validate": "list",
            "source": self.ranges[name],
            "error_title": _("Not in the list"),
            "error_message": _("Choose one of the list."),
        }
        sheet.data_validation(*area, options)


def _number(text: str) -> float:
    """Return a weight for a cell of numbers: four decimals survive a double exactly."""
    return float(Decimal(text))


def _sheet_name(part: Part, used: set[str]) -> str:
    """Return a name Excel takes: short, unlike the others, without signs it reserves."""
    wanted = f"{part.code} {part.title}" if part.code else _("New section")
    plain = "".join(sign for sign in wanted if sign.isprintable() and sign <= LAST_OF_ONE_UNIT)
    base = NOT_IN_A_NAME.sub(" ", plain).strip("' ")[:LONGEST_NAME].rstrip("' ") or _("Section")
    return _free(base, used)


def _free(base: str, used: set[str]) -> str:
    """Return the name, or one like it that no other sheet has."""
    name, number = base, 1
    while name.lower() in used or name.lower() == "history":
        number += 1
        name = f"{base[: LONGEST_NAME - 1 - len(str(number))]} {number}"
    used.add(name.lower())
    return name


def _memory(form: Form) -> dict[str, Any]:
    """Return what the sheets do not show: the head, the scales, and names known to the file alone."""
    return {
        "head": dict(form.head),
        "codes": [item.code for _part, item in form.items],
        "sections": [part.code for part in form.parts],
        "scales": {item.code: list(item.scale) for _p, item in form.items if item.scale != SCALE},
        "more": {item.code: dict(item.more) for _part, item in form.items if item.more},
        "section_more": {part.code: dict(part.more) for part in form.parts if part.more},
    }
