"""One cell of our own workbook as a value: its kind has to be right, and nothing is rounded."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from django.utils.translation import gettext as _

from apps.core.quarantine.values import Cell, CellKind
from apps.rfp.workbooks import texts
from apps.rfp.workbooks.columns import CellType, Column
from apps.rfp.workbooks.form import figure

FIGURE: Final = re.compile(r"\d{1,6}(\.\d{1,4})?", re.ASCII)


class Wrong(ValueError):
    """The cell holds something else; the message is a sentence for people."""


def text(cell: Cell | None) -> str:
    """Read a text. A number is taken digit by digit, as Excel shows it in a cell of text."""
    if cell is None:
        return ""
    if cell.kind in {CellKind.DATE, CellKind.DURATION}:
        raise Wrong(_("Excel made a date of this. Format the cell as text and write it again."))
    if cell.kind is CellKind.ERROR:
        raise Wrong(_("The cell holds an error. Write what belongs here."))
    if cell.kind is CellKind.YES_NO:
        return "TRUE" if cell.text == "true" else "FALSE"
    return texts.decode(cell.text)


def weight(cell: Cell | None) -> str | None:
    """Read a number with at most four decimals; None where the cell is empty."""
    if cell is None or not cell.text.strip():
        return None
    written = cell.text.strip()
    if cell.kind not in {CellKind.NUMBER, CellKind.TEXT} or not FIGURE.fullmatch(written):
        raise Wrong(_("Give a number from 0, with at most four decimals, for example 12.5."))
    return figure(written)


def choice(cell: Cell | None, known: Mapping[str, str]) -> str | None:
    """Read what a dropdown offers: its words, or what stands behind them."""
    given = text(cell).strip()
    if not given:
        return None
    if given not in known:
        raise Wrong(_("{given} is not in the list. Choose one of it.").format(given=given[:60]))
    return known[given]


def reader_of(
    column: Column, lists: Mapping[str, Mapping[str, str]]
) -> Callable[[Cell | None], Any]:
    """Return what reads a column's cells; a field reads the text that its cell says."""
    if column.key in {"weight", "order"}:
        return weight
    if column.values:
        return lambda cell: _listed(cell, column, lists[column.values])
    if column.type is CellType.FIGURE:
        return lambda cell: column.read(weight(cell) or "")
    return lambda cell: column.read(text(cell))


def _listed(cell: Cell | None, column: Column, known: Mapping[str, str]) -> Any:
    if cell and cell.kind is CellKind.YES_NO and column.values == "yes_no":
        return column.read(cell.text)
    found = choice(cell, known)
    return None if found is None else column.read(found)
