"""Lots in a workbook: a sheet that names them, and on each section's sheet the one it is asked for.

Names and descriptions may be edited there. A lot is added or taken out on the page of lots alone.
"""

from collections.abc import Callable, Iterable
from typing import Any, Final

from django.utils.translation import gettext as _
from xlsxwriter.worksheet import Worksheet

from apps.core.quarantine.values import Sheet
from apps.rfp.workbooks import cells, texts
from apps.rfp.workbooks.form import Lot
from apps.rfp.workbooks.looks import Looks

LOTS_MARK: Final = "cceval.lots"
LIST: Final = "lot"  # the dropdown of codes
LABEL_AT, VALUE_AT = 6, 7  # beside the section's own fields
FIRST_ROW: Final = 1
WIDTHS: Final = (12, 40, 90)

Put = Callable[[Worksheet, tuple[int, int], str, Any, str], None]
Note = Callable[[Sheet, tuple[int, int], str], None]
Value = Callable[[Sheet, tuple[int, int], Any], Any]


def joined(held: Iterable[Lot], given: Iterable[Lot]) -> tuple[Lot, ...]:
    """Return what is held under the words of what is given, then what is new; nothing goes."""
    new = {one.code: one for one in given}
    stays = [new.pop(one.code, one) for one in held]
    return (*stays, *new.values())


def write(sheet: Worksheet, lots: Iterable[Lot], looks: Looks, put: Put) -> None:
    """Write a row for each lot; its code, hidden and shown, is locked."""
    sheet.protect(options={"format_columns": True, "format_rows": True})
    sheet.set_column(0, 0, None, None, {"hidden": True})
    sheet.write_string(0, 0, LOTS_MARK)
    for at, (heading, width) in enumerate(
        zip((_("Lot"), _("Name"), _("Description")), WIDTHS, strict=True), start=1
    ):
        sheet.set_column(at, at, width)
        sheet.write_string(0, at, heading, looks.heading)
    for row, lot in enumerate(lots, start=FIRST_ROW):
        sheet.write_string(row, 0, texts.encode(lot.code))
        sheet.write_string(row, 1, texts.encode(lot.code), looks.fixed)
        put(sheet, (row, 2), lot.name, looks.text, lot.code)
        put(sheet, (row, 3), lot.description, looks.text, lot.code)


def read(sheet: Sheet, value: Value, note: Note) -> tuple[Lot, ...]:
    """Read the rows of the sheet of lots; `value` and `note` say what is wrong with a cell."""
    found = []
    for row in sheet.rows:
        if row < FIRST_ROW or not sheet.text(row, 0):
            continue
        code = texts.decode(sheet.cells[row, 0].text)
        note(sheet, (row, 1), f"lot {code}")
        name, said = (value(sheet, (row, at), cells.text) or "" for at in (2, 3))
        found.append(Lot(code=code, name=name, description=said))
    return tuple(found)
