"""Our own workbook back into a questionnaire: every cell is taken as it is, or named and refused.

Sheets are known by the marks in their hidden column, columns by their hidden keys: sheets may be
renamed, rows sorted and columns widened. Nothing is guessed, rounded or dropped in silence.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from django.utils.translation import gettext as _

from apps.core.errors import Incomplete
from apps.core.quarantine.values import Sheet, Workbook
from apps.rfp.workbooks import cells, lots, texts
from apps.rfp.workbooks.cells import Wrong
from apps.rfp.workbooks.columns import (
    ANCHOR,
    COLUMNS_MARK,
    FORMAT,
    HIDDEN_SHEET,
    LISTS,
    REMOVE,
    ROW_MARK,
    SECTION_MARK,
    Column,
    Exported,
    anchor,
    columns_for,
)
from apps.rfp.workbooks.form import SCALE, Form, Item, Part, figure
from apps.rfp.workbooks.phrases import Unclear

MOST_PROBLEMS: Final = 50
LABEL_AT, VALUE_AT = 4, 5
LISTS_AT: Final = 2
LAST: Final = 1e9  # the order of a row without a number: behind the others


@dataclass(frozen=True)
class Read:
    """What a workbook says: the questionnaire, what it was exported from, and where things stand."""

    form: Form
    exported: Exported
    removed: frozenset[str]
    places: dict[str, str]  # code, or section code behind "section ", → sheet and cell
    ignored: tuple[str, ...]  # sheets that are no part of the questionnaire


def is_ours(book: Workbook) -> bool:
    """Whether a workbook was exported here; any other goes through the mapping step."""
    sheet = book.by_name.get(HIDDEN_SHEET)
    return sheet is not None and sheet.text(0, 0).startswith("cceval.")


def read(book: Workbook) -> Read:
    """Read a workbook of ours; Incomplete names every sheet and cell that has to be mended."""
    return Reading(book).read()


class Reading:
    def __init__(self, book: Workbook) -> None:
        self.book = book
        self.problems: dict[str, str] = {}
        self.places: dict[str, str] = {}
        self.removed: set[str] = set()

    def read(self) -> Read:
        exported = self.exported
        sheets = [one for one in self.book.sheets if one.text(0, 0) == SECTION_MARK]
        parts = [part for sheet in sheets if (part := self.part(sheet))]
        named = [one for one in self.book.sheets if one.text(0, 0) == lots.LOTS_MARK]
        held = tuple(lot for sheet in named for lot in lots.read(sheet, self.value, self.note))
        if self.problems:
            raise Incomplete(
                _("Some cells need another look: {first}").format(
                    first=next(iter(self.problems.values()))
                ),
                fields=self.problems,
            )
        ours = {HIDDEN_SHEET, *(sheet.name for sheet in (*sheets, *named))}
        first = self.book.sheets[0].name
        return Read(
            form=Form(head=exported.head, parts=tuple(parts), lots=held),
            exported=exported,
            removed=frozenset(self.removed),
            places=self.places,
            ignored=tuple(
                one.name
                for one in self.book.sheets
                if one.name not in ours and one.name != first and one.cells
            ),
        )

    @cached_property
    def exported(self) -> Exported:
        sheet = self.book.by_name.get(HIDDEN_SHEET)
        if sheet is None or sheet.text(0, 0) != FORMAT:
            raise Incomplete(_("This workbook was not exported by this version. Export a new one."))
        chunks: list[str] = []
        while text := sheet.text(2 + len(chunks), 0):
            chunks.append(self.raw(sheet, 2 + len(chunks), 0) or text)
        try:
            held = json.loads("".join(chunks))
            return Exported(
                digest=sheet.text(1, 0),
                head=dict(held["head"]),
                codes=frozenset(held["codes"]),
                sections=frozenset(held["sections"]),
                scales={code: _scale(one) for code, one in held["scales"].items()},
                more={code: dict(one) for code, one in held["more"].items()},
                section_more={code: dict(one) for code, one in held["section_more"].items()},
            )
        except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError, RecursionError):
            raise Incomplete(_changed()) from None

    @cached_property
    def lists(self) -> dict[str, dict[str, str]]:
        """Return what stands behind the words of each dropdown, as this workbook wrote them."""
        sheet = self.book.by_name[HIDDEN_SHEET]
        found: dict[str, dict[str, str]] = {}
        at = LISTS_AT
        while name := sheet.text(0, at):
            row, known = 1, dict[str, str]()
            while value := sheet.text(row, at):
                known |= {value: value, sheet.text(row, at + 1): value}
                row += 1
            found[name] = known
            at += 2
        if not set(LISTS) <= set(found):
            raise Incomplete(_changed())
        return found

    @staticmethod
    def raw(sheet: Sheet, row: int, column: int) -> str:
        held = sheet.cells.get((row, column))
        return texts.decode(held.text) if held else ""

    def wrong(self, sheet: Sheet, at: tuple[int, int], sentence: object) -> None:
        place = f"{sheet.name}!{sheet.name_of(*at)}"
        if len(self.problems) < MOST_PROBLEMS:
            self.problems[place] = _("Sheet “{sheet}”, cell {cell}: {sentence}").format(
                sheet=sheet.name, cell=sheet.name_of(*at), sentence=sentence
            )

    def part(self, sheet: Sheet) -> Part | None:
        code = self.raw(sheet, 1, 0)
        values = {
            name: self.value(sheet, (row, VALUE_AT), kind)
            for row, name, kind in (
                (1, "title", cells.text),
                (2, "weight", cells.weight),
                (4, "minimum", cells.weight),
                (3, "envelope", lambda cell: cells.choice(cell, self.lists["envelope"])),
            )
        }
        known = self.lists.get(lots.LIST, {})
        lot = known and self.value(
            sheet, (0, lots.VALUE_AT), lambda cell: cells.choice(cell, known)
        )
        items = self.items(sheet)
        if not code and not values["title"] and not items:
            return None
        if not code and not values["title"]:
            self.wrong(sheet, (1, VALUE_AT), _("Give the section a title."))
        self.note(sheet, (1, VALUE_AT), f"section {code or sheet.name}")
        return Part(
            code=code,
            title=values["title"] or "",
            weight=values["weight"] or "0",
            minimum=values["minimum"] or "",
            envelope=values["envelope"] or "technical",
            lot=lot or "",
            items=tuple(items),
            more=self.exported.section_more.get(code, {}),
        )

    def note(self, sheet: Sheet, at: tuple[int, int], name: str) -> None:
        if name in self.places:
            sentence = _("This is here twice; it stands in {place} too. Delete one of them.")
            self.wrong(sheet, at, sentence.format(place=self.places[name]))
        self.places[name] = f"{sheet.name}!{sheet.name_of(*at)}"

    def value(self, sheet: Sheet, at: tuple[int, int], kind: Any) -> Any:
        """Read one cell; a problem is noted with its place, and nothing is made of the cell."""
        if at in sheet.formulas:
            self.wrong(sheet, at, _("This is a formula. Paste its value instead."))
            return None
        try:
            return kind(sheet.cells.get(at))
        except (Wrong, Unclear) as problem:
            self.wrong(sheet, at, problem)
            return None

    def columns(self, sheet: Sheet) -> tuple[int, dict[int, Column]]:
        """Return the row of the hidden keys, and the column of each key."""
        row = next((r for r in range(20) if sheet.text(r, 0) == COLUMNS_MARK), None)
        if row is None:
            self.wrong(sheet, (0, 0), _("The hidden column A was changed. Export a new workbook."))
            return 0, {}
        keys = {at: self.raw(sheet, row, at) for at in range(1, sheet.width)}
        steps = [key[len(ANCHOR) :] for key in keys.values() if key.startswith(ANCHOR)]
        known = {column.key: column for column in columns_for(())}
        known |= {ANCHOR + step: anchor(step) for step in steps}
        found = {at: known[key] for at, key in keys.items() if key in known}
        missing = set(known) - {column.key for column in found.values()}
        if missing or len(found) != len(known):
            sentence = _("Columns are missing or here twice. Export a new workbook.")
            self.wrong(sheet, (row, 1), sentence)
            return row, {}
        return row, found

    def items(self, sheet: Sheet) -> list[Item]:
        top, columns = self.columns(sheet)
        found: list[tuple[float, int, Item]] = []
        for row in sheet.rows if columns else ():
            if row <= top + 1:
                continue
            code = self.raw(sheet, row, 0).removeprefix(ROW_MARK)
            filled = any(sheet.text(row, at) for at in columns)
            if not code and not filled:
                continue
            values = dict(self.row(sheet, row, columns))
            if values["action"] == REMOVE:
                self.removed |= {code} - {""}
                continue
            item = self.item(sheet, row, code, values)
            order = values["order"]
            found.append((float(order) if order is not None else LAST, row, item))
        return [item for _order, _row, item in sorted(found, key=lambda one: one[:2])]

    def row(self, sheet: Sheet, row: int, columns: dict[int, Column]) -> Iterator[tuple[str, Any]]:
        for at, column in columns.items():
            yield column.key, self.value(sheet, (row, at), cells.reader_of(column, self.lists))

    def item(self, sheet: Sheet, row: int, code: str, values: dict[str, Any]) -> Item:
        number = values["code"] or ""
        if code and number != code:
            sentence = _("The number of a question stays. Write {code} again.").format(code=code)
            self.wrong(sheet, (row, 3), sentence)
        code = code or number
        if code:
            self.note(sheet, (row, 3), code)
        rubric = {
            key[len(ANCHOR) :]: text
            for key, text in values.items()
            if key.startswith(ANCHOR) and text
        }
        return Item(
            code=code,
            rubric=rubric,
            knockout=_knockout(values),
            scale=self.exported.scales.get(code, SCALE),
            more=self.exported.more.get(code, {}),
            **{name: values[name] for name in AS_THEY_ARE if values[name] is not None},
            **{name: _given(values[name], empty) for name, empty in MAY_BE_EMPTY.items()},
        )


AS_THEY_ARE: Final = (
    *("required", "evidence_required", "evidence_expires", "allows_na", "commitment"),
    *("word_limit", "limits", "condition", "options", "auto"),
)
MAY_BE_EMPTY: Final = {
    **dict.fromkeys(("topic", "text", "unit", "evidence", "evidence_class", "domain"), ""),
    **dict.fromkeys(("minimum", "held_at"), ""),
    "kind": "text_long",
    "mode": "info",
    "weight": "0",
}


def _changed() -> str:
    return _("The hidden sheet of this workbook was changed. Export a new one.")


def _scale(ends: Any) -> tuple[str, str]:
    low, high = ends
    return figure(low), figure(high)


def _given(value: Any, empty: str) -> Any:
    return empty if value is None else value


def _knockout(values: dict[str, Any]) -> dict[str, Any]:
    rule = dict(values["knockout"] or {})
    if values["knockout.reason"]:
        rule["reason"] = values["knockout.reason"]
    if values["knockout.channels"]:
        rule["channels"] = values["knockout.channels"]
    return rule
