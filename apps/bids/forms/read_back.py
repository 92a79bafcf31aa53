"""A price sheet as people read it: words, grouped figures, tables as tables."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from apps.rfp.answers import figures

if TYPE_CHECKING:
    from apps.bids.forms.sheet import Block, Line

PENNY = Decimal("0.01")


@dataclass(frozen=True)
class GivenTable:
    label: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Given:
    """A group of a sheet to read: labels with what was given, then its tables."""

    title: str
    lines: tuple[tuple[str, str], ...]
    tables: tuple[GivenTable, ...]


def read_back(blocks: Sequence["Block"], currency: str) -> list[Given]:
    """Return what was given, group by group; a group of which nothing was given falls away."""
    found = [
        Given(
            title=block.title,
            lines=tuple(_words(block.lines, currency)),
            tables=tuple(_tables(block.lines, currency)),
        )
        for block in blocks
    ]
    return [one for one in found if one.lines or one.tables]


def _words(lines: Sequence["Line"], currency: str) -> Iterator[tuple[str, str]]:
    for line in lines:
        if line.kind == "parts":
            for part in line.parts:
                inside = [*_words(part.lines, currency), *_rows_of(part.lines, currency)]
                if inside:
                    label = _("Part {number}").format(number=part.number)
                    yield label, "\n".join(f"{a}: {b}" for a, b in inside)
        elif line.value:
            yield line.label, _text(line, currency)


def _tables(lines: Sequence["Line"], currency: str) -> Iterator[GivenTable]:
    for line in lines:
        rows = tuple(tuple(_text(cell, currency) for cell in row) for row in line.rows)
        filled = tuple(row for row in rows if any(row))
        if filled:
            yield GivenTable(line.label, tuple(one.label for one in line.columns), filled)


def _rows_of(lines: Sequence["Line"], currency: str) -> Iterator[tuple[str, str]]:
    """A table inside a part of an offer, row by row."""
    for table in _tables(lines, currency):
        for row in table.rows:
            yield (
                table.label,
                ", ".join(f"{a}: {b}" for a, b in zip(table.columns, row, strict=True) if b),
            )


def _text(line: "Line", currency: str) -> str:
    """Write a value with its unit: money to the penny at least, figures in groups of three."""
    number = figures.decimal(line.value) if line.kind == "number" else None
    if number is None:
        return dict(line.options).get(line.value, line.value)
    if line.unit == "%":
        return f"{number}%"
    if line.unit == currency:
        return f"{max(number, number.quantize(PENNY), key=_digits):,} {line.unit}"
    return f"{number:,} {line.unit}".strip()


def _digits(number: Decimal) -> int:
    return -int(number.as_tuple().exponent)
