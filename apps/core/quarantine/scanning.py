"""One pass over a sheet's XML in the child: what its reader does not tell, and what would drown it.

Like the child, this knows nothing of the project: no Django, no settings, no translation.
"""

import re
from collections.abc import Callable
from typing import Any, Final
from xml.parsers import expat

MOST_ROWS: Final = 40_000  # a year of quarter-hours has 35,040
MOST_COLUMNS: Final = 200
MOST_ELEMENTS: Final = 2_000_000  # cells with or without content, over all sheets
MOST_FILLED: Final = 200_000
MOST_MERGED: Final = 20_000
MOST_MERGED_ROWS: Final = 200_000  # of all ranges, which may lie over each other
MOST_CHARACTERS: Final = 8 << 20
LONGEST_CELL: Final = 32_767  # what Excel itself holds
REFERENCE: Final = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})", re.ASCII)
# A formula that starts a program or asks another one: =cmd|'/c calc'!A0
DDE: Final = re.compile(r"\|.*!", re.DOTALL)
LETTERS: Final = 26
ERROR: Final = "#ERROR"  # whichever it was: #DIV/0!, #REF! …
EXACT: Final = 2**53  # up to here a double holds every whole number


class Refused(Exception):
    """The file breaks a limit; the parent has the sentence for the code."""

    def __init__(self, code: str, sheet: str = "", cell: str = "") -> None:
        super().__init__(code)
        self.answer = {"refused": code, "sheet": sheet[:60], "cell": cell}


def name_of(row: int, column: int) -> str:
    """Return what a spreadsheet calls a cell, from its place counted from 0."""
    letters, rest = "", column + 1
    while rest:
        rest, digit = divmod(rest - 1, LETTERS)
        letters = chr(ord("A") + digit) + letters
    return f"{letters}{row + 1}"


def place_of(reference: str) -> tuple[int, int] | None:
    """Return row and column of a cell's name, counted from 0; None when it is no such name."""
    found = REFERENCE.fullmatch(reference)
    if found is None:
        return None
    column = 0
    for letter in found[1]:
        column = column * LETTERS + ord(letter) - ord("A") + 1
    return int(found[2]) - 1, column - 1


class Scan:
    """One pass over a sheet's XML for what the reader does not tell, and for what would drown it."""

    def __init__(self, sheet: str, budget: "Budget") -> None:
        self.sheet = sheet
        self.budget = budget
        self.row = self.column = -1
        self.formulas: list[list[int]] = []
        self.errors: set[tuple[int, int]] = set()
        self.hidden_rows: list[int] = []
        self.hidden_columns: list[list[int]] = []
        self.merged: list[list[int]] = []
        self.merged_rows = 0
        self._formula: list[str] | None = None

    def read(self, stream: Any) -> None:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        try:
            parser.ParseFile(stream)
        except expat.ExpatError:
            raise Refused("broken", self.sheet) from None

    def _doctype(self, *_names: object) -> None:
        raise Refused("entities", self.sheet)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        handler = STARTS.get(name.rpartition(" ")[2])
        if handler is not None:
            handler(self, attributes)

    def start_row(self, attributes: dict[str, str]) -> None:
        given = attributes.get("r", "")
        self.row = int(given) - 1 if given.isdecimal() and len(given) <= 7 else self.row + 1  # noqa: PLR2004 -- Excel's last row has seven digits
        self.column = -1
        if attributes.get("hidden") in {"1", "true"} and 0 <= self.row < MOST_ROWS:
            self.hidden_rows.append(self.row)

    def start_column(self, attributes: dict[str, str]) -> None:
        if attributes.get("hidden") not in {"1", "true"}:
            return
        low, high = attributes.get("min", ""), attributes.get("max", "")
        if low.isdecimal() and high.isdecimal() and len(self.hidden_columns) < MOST_COLUMNS:
            self.hidden_columns.append([int(low) - 1, min(int(high), MOST_COLUMNS) - 1])

    def start_cell(self, attributes: dict[str, str]) -> None:
        self.budget.element(self.sheet)
        place = place_of(attributes["r"]) if "r" in attributes else (self.row, self.column + 1)
        if place is None:
            raise Refused("broken", self.sheet)
        self.row, self.column = place
        if attributes.get("t") == "e":
            self.errors.add(place)

    def start_value(self, _attributes: dict[str, str]) -> None:
        """A cell counts where it holds something: styled, empty ones may reach far out."""
        if not 0 <= self.row < MOST_ROWS or not 0 <= self.column < MOST_COLUMNS:
            raise Refused("far_out", self.sheet, name_of(max(self.row, 0), max(self.column, 0)))
        self.budget.fill(self.sheet)

    def start_formula(self, _attributes: dict[str, str]) -> None:
        self.formulas.append([self.row, self.column])
        self._formula = []

    def start_merged(self, attributes: dict[str, str]) -> None:
        ends = [place_of(end) for end in attributes.get("ref", "").split(":")]
        if None in ends or len(ends) not in {1, 2}:
            raise Refused("broken", self.sheet)
        first, last = ends[0], ends[-1]
        if first and last:
            self.merged.append([*first, *last])
            self.merged_rows += max(0, min(last[0], MOST_ROWS) - first[0]) + 1
        if len(self.merged) > MOST_MERGED or self.merged_rows > MOST_MERGED_ROWS:
            raise Refused("many_merged", self.sheet)

    def _text(self, text: str) -> None:
        if self._formula is not None:
            self._formula.append(text)

    def _end(self, name: str) -> None:
        if self._formula is None or name.rpartition(" ")[2] != "f":
            return
        formula, self._formula = "".join(self._formula), None
        if DDE.search(formula):
            raise Refused("dde", self.sheet, name_of(self.row, self.column))


STARTS: Final[dict[str, Callable[[Scan, dict[str, str]], None]]] = {
    "row": Scan.start_row,
    "col": Scan.start_column,
    "c": Scan.start_cell,
    "v": Scan.start_value,
    "is": Scan.start_value,
    "f": Scan.start_formula,
    "mergeCell": Scan.start_merged,
}


class Budget:
    """What all sheets together may hold."""

    def __init__(self) -> None:
        self.elements = self.filled = self.characters = 0

    def element(self, sheet: str) -> None:
        self.elements += 1
        if self.elements > MOST_ELEMENTS:
            raise Refused("many_cells", sheet)

    def fill(self, sheet: str) -> None:
        self.filled += 1
        if self.filled > MOST_FILLED:
            raise Refused("many_cells", sheet)

    def write(self, text: str, sheet: str, cell: str) -> None:
        self.characters += len(text)
        if len(text) > LONGEST_CELL:
            raise Refused("long_cell", sheet, cell)
        if self.characters > MOST_CHARACTERS:
            raise Refused("much_text", sheet)
