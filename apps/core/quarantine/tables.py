"""Tables other than .xlsx in the child: .xls and .ods as one library reads them, and text in columns.

Like the child, this knows nothing of the project: no Django, no settings, no translation.
"""

import csv
import datetime as dt
import io
from collections import Counter
from itertools import islice
from typing import Any, Final

from apps.core.quarantine.scanning import (
    EXACT,
    LONGEST_CELL,
    MOST_COLUMNS,
    MOST_ROWS,
    Budget,
    Refused,
    name_of,
)

DELIMITERS: Final = ",;\t|"
SAMPLED_ROWS: Final = 30


def typed(value: Any) -> tuple[str, str]:
    """Return the kind of a value and its text: numbers in the fewest digits that mean the same."""
    if isinstance(value, bool):
        return "yes_no", "true" if value else "false"
    if isinstance(value, int):
        return "number", str(value)
    if isinstance(value, float):
        whole = value.is_integer() and abs(value) <= EXACT
        return "number", str(int(value)) if whole else repr(value)
    if isinstance(value, str):
        return "text", value
    if isinstance(value, dt.timedelta):
        return "duration", str(value)
    return "date", value.isoformat()


def read_table(raw: bytes) -> dict[str, Any]:
    """Read .xls or .ods: values and merged cells; what is hidden or calculated cannot be told."""
    import python_calamine as calamine  # noqa: PLC0415 -- a slow import of these kinds alone

    book = calamine.load_workbook(io.BytesIO(raw))
    budget = Budget()
    sheets = []
    for about in book.sheets_metadata:
        if about.typ == calamine.SheetTypeEnum.MacroSheet:
            raise Refused("macros")
        if about.typ == calamine.SheetTypeEnum.WorkSheet:
            sheet = book.get_sheet_by_name(about.name)
            top, left = sheet.start or (0, 0)
            rows = {top + at: (left, row) for at, row in enumerate(sheet.iter_rows())}
            sheets.append(
                {
                    **plain_sheet(about.name, rows, budget),
                    "visible": str(about.visible).rpartition(".")[2],
                    "merged": [[*first, *last] for first, last in sheet.merged_cell_ranges or ()],
                }
            )
    return {"sheets": sheets}


def plain_sheet(name: str, rows: dict[int, tuple[int, Any]], budget: Budget) -> dict[str, Any]:
    """Return the filled cells of rows that each begin at some column."""
    cells: list[list[Any]] = []
    for row, (left, values) in rows.items():
        for column, value in enumerate(values, start=left):
            if value is None or value == "":
                continue
            if row >= MOST_ROWS or column >= MOST_COLUMNS:
                raise Refused("far_out", name, name_of(row, column))
            budget.fill(name)
            kind, text = typed(value)
            budget.write(text, name, name_of(row, column))
            cells.append([row, column, kind, text])
    nothing = ("hidden_rows", "hidden_columns", "formulas", "merged")
    return {"name": name, "visible": "Visible", "cells": cells, **{one: [] for one in nothing}}


def read_csv(raw: bytes) -> dict[str, Any]:
    """Read text in columns, whatever parts them; every cell is the text it is."""
    wide = raw.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = raw.decode("utf-16" if wide else "utf-8-sig")
    except ValueError:
        raise Refused("not_csv") from None
    if "\x00" in text:
        raise Refused("not_csv")
    csv.field_size_limit(LONGEST_CELL)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    rows: dict[int, tuple[int, Any]] = {}
    try:
        for at, row in enumerate(lines):
            if row:
                rows[at] = (0, row)
            if at > MOST_ROWS:
                raise Refused("far_out", "Sheet1", name_of(at, 0))
    except csv.Error:
        raise Refused("long_cell", "Sheet1", name_of(lines.line_num, 0)) from None
    return {"sheets": [plain_sheet("Sheet1", rows, Budget())]}


def _delimiter(text: str) -> str:
    """Return what parts most of the first rows into the same number of cells."""
    found = DELIMITERS[0]
    best = (0, 0)
    for one in DELIMITERS:
        try:
            sample = list(
                islice(csv.reader(io.StringIO(text, newline=""), delimiter=one), SAMPLED_ROWS)
            )
        except csv.Error:
            continue
        widths = Counter(len(row) for row in sample if len(row) > 1)
        width, count = max(widths.items(), key=lambda item: item[1], default=(0, 0))
        if (count, width) > best:
            found, best = one, (count, width)
    return found
