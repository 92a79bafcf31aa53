"""What the child found, as values: nothing it says is taken on trust."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from apps.core.quarantine.scanning import name_of

Place: TypeAlias = tuple[int, int]  # row and column, counted from 0


class Visibility(StrEnum):
    VISIBLE = "Visible"
    HIDDEN = "Hidden"
    VERY_HIDDEN = "VeryHidden"


class CellKind(StrEnum):
    TEXT = "text"
    NUMBER = "number"  # a decimal string
    YES_NO = "yes_no"
    DATE = "date"  # ISO 8601
    DURATION = "duration"
    ERROR = "error"  # #DIV/0! and its kin


KINDS: Final = {kind.value: kind for kind in CellKind}


@dataclass(frozen=True, slots=True)
class Cell:
    kind: CellKind
    text: str


@dataclass(frozen=True)
class Sheet:
    """A sheet's filled cells by row and column, and what a reader cannot see in a cell."""

    name: str
    visibility: Visibility
    cells: Mapping[Place, Cell]
    merged: tuple[tuple[Place, Place], ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    formulas: frozenset[Place] = frozenset()

    @cached_property
    def height(self) -> int:
        return 1 + max((row for row, _column in self.cells), default=-1)

    @cached_property
    def width(self) -> int:
        return 1 + max((column for _row, column in self.cells), default=-1)

    @cached_property
    def rows(self) -> Mapping[int, Mapping[int, str]]:
        """The texts by row, then by column, in order; a blank one counts as none.

        Readers go through this and never through the grid: two cells may span millions.
        """
        found: dict[int, dict[int, str]] = {}
        for (row, column), cell in sorted(self.cells.items(), key=lambda one: one[0]):
            if text := cell.text.strip():
                found.setdefault(row, {})[column] = text
        return found

    def text(self, row: int, column: int) -> str:
        """Return what a cell shows, without the spaces around it; empty where there is nothing."""
        held = self.cells.get((row, column))
        return held.text.strip() if held else ""

    @staticmethod
    def name_of(row: int, column: int) -> str:
        """Return what people call the cell: row 0, column 1 is B1."""
        return name_of(row, column)


@dataclass(frozen=True)
class Workbook:
    sheets: tuple[Sheet, ...] = field(default=())

    @cached_property
    def by_name(self) -> Mapping[str, Sheet]:
        return MappingProxyType({sheet.name: sheet for sheet in self.sheets})


def workbook_of(answer: Mapping[str, Any]) -> Workbook:
    """Read the child's answer; ValueError, KeyError or TypeError when it is not what was agreed."""
    return Workbook(tuple(_sheet(one) for one in answer["sheets"]))


def _sheet(one: Mapping[str, Any]) -> Sheet:
    return Sheet(
        name=_text(one["name"]),
        visibility=Visibility(one["visible"]),
        cells={
            (_whole(row), _whole(column)): Cell(KINDS[kind], _text(text))
            for row, column, kind, text in one["cells"]
        },
        merged=tuple(
            ((_whole(top), _whole(left)), (_whole(bottom), _whole(right)))
            for top, left, bottom, right in one["merged"]
        ),
        hidden_rows=frozenset(map(_whole, one["hidden_rows"])),
        hidden_columns=frozenset(
            column
            for first, last in one["hidden_columns"]
            for column in range(_whole(first), _whole(last) + 1)
        ),
        formulas=frozenset((_whole(row), _whole(column)) for row, column in one["formulas"]),
    )


def _whole(value: object) -> int:
    if type(value) is not int or not 0 <= value < 1 << 21:
        raise ValueError("not a row or a column")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value
