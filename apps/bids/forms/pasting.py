"""Rows copied from a spreadsheet: what was understood, cell by cell, before anything is saved."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from apps.core.errors import Incomplete
from apps.rfp import answers
from apps.rfp.models import Question

LONGEST = 200_000  # characters


@dataclass(frozen=True)
class PastedCell:
    text: str
    wrong: str  # the sentence of the question's own check; empty where the cell can be taken


@dataclass(frozen=True)
class Pasted:
    """What was understood of pasted text. `rows` are as `rfp.answers.parse` reads them."""

    columns: tuple[str, ...]
    cells: tuple[tuple[PastedCell, ...], ...]
    rows: tuple[dict[str, str], ...]
    errors: tuple[str, ...]


def understood(question: Question, text: str) -> Pasted:
    """Read tab-separated text, cells in quotes included, against the columns of a table.

    A first row that repeats the names of the columns says their order and is no row itself.
    """
    columns = answers.columns_of(question)
    names = [column.code for column in columns]
    lines = _lines(text)
    order = names
    if lines and _is_heading(lines[0], names):
        by_name = {name.casefold(): name for name in names}
        order = [by_name[cell.casefold()] for cell in lines[0]]
        lines = lines[1:]
    errors = [*_count(question, lines)]
    rows, cells = [], []
    for number, line in enumerate(lines, start=1):
        if len(line) > len(order):
            errors.append(
                _("Row {number} has {found} cells; the table has {most}: {names}.").format(
                    number=number, found=len(line), most=len(order), names=", ".join(order)
                )
            )
        given = dict(zip(order, line, strict=False))
        rows.append({name: given.get(name, "") for name in names})
        read = [_cell(column, given.get(column.code, "")) for column in columns]
        errors += [
            _("Row {number}, {column}: {sentence}").format(
                number=number, column=name, sentence=cell.wrong
            )
            for name, cell in zip(names, read, strict=True)
            if cell.wrong
        ]
        cells.append(tuple(read))
    return Pasted(tuple(names), tuple(cells), tuple(rows), tuple(errors))


def _lines(text: str) -> list[list[str]]:
    if len(text) > LONGEST:
        sentence = _("This is more than one table holds. Copy fewer rows.")
        raise Incomplete(sentence, fields={"rows": sentence})
    try:
        read = list(csv.reader(io.StringIO(text, newline=""), delimiter="\t"))
    except csv.Error:
        sentence = _("This cannot be read as rows. Copy the cells in your spreadsheet again.")
        raise Incomplete(sentence, fields={"rows": sentence}) from None
    lines = [[cell.strip() for cell in line] for line in read]
    return [_without_tail(line) for line in lines if any(line)]


def _without_tail(line: list[str]) -> list[str]:
    """Drop the empty cells at the end: a selection is often wider than the table."""
    while line and not line[-1]:
        line = line[:-1]
    return line


def _is_heading(line: Sequence[str], names: Sequence[str]) -> bool:
    given = [cell.casefold() for cell in line]
    known = {name.casefold() for name in names}
    return len(given) == len(set(given)) and set(given) <= known


def _count(question: Question, lines: Sequence[object]) -> list[str]:
    most = answers.most_rows(question)
    if not lines:
        return [_("There is no row here. Copy the cells in your spreadsheet, then paste them.")]
    if len(lines) > most:
        return [_("Keep to {most} rows; there are {length}.").format(most=most, length=len(lines))]
    return []


def _cell(column: answers.Question, text: str) -> PastedCell:
    if not text:
        return PastedCell("", "")
    try:
        answers.CELLS[column.kind].parse(column, text)
    except Incomplete as error:
        return PastedCell(text, error.sentence)
    return PastedCell(text, "")
