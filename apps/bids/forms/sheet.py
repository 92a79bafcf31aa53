"""The price sheet as a form that builds itself from the engine's fields.

A control's name is the path of its value in the sheet (`rates.tiers[1].rate`), which is also what
the engine names when it refuses: every sentence finds its place. Shares are typed as percentages.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from apps.bids.forms.read_back import Given, read_back
from apps.bids.forms.words import choice_words, label_of
from apps.bids.types import sheet
from apps.bids.types.sheet import Basis, Group
from apps.engine.fields import AnyField, Choice, Field, Parts, Table, Text, Unit
from apps.engine.pricing.models import PRICING_MODELS

SPARE_ROWS = 2
FEWEST_ROWS = 3
UNITS = {
    Unit.SHARE: "%",
    Unit.SECONDS: "s",
    Unit.MINUTES: "min",
    Unit.HOURS: "h",
    Unit.DAYS: "days",
    Unit.MONTHS: "months",
}
UNSAFE = re.compile(r"[^A-Za-z0-9]+")


@dataclass(frozen=True)
class Line:
    """One control with its label, or a table of them, or the parts of a hybrid offer."""

    kind: str  # number, choice, text, table, parts
    name: str
    label: str
    help: str
    required: bool
    value: str = ""
    unit: str = ""
    error: str = ""
    options: tuple[tuple[str, str], ...] = ()
    columns: tuple["Line", ...] = ()
    rows: tuple[tuple["Line", ...], ...] = ()
    parts: tuple["Part", ...] = ()

    @property
    def id(self) -> str:
        return "p-" + UNSAFE.sub("-", self.name).strip("-")


@dataclass(frozen=True)
class Part:
    number: int
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Block:
    title: str
    lines: tuple[Line, ...]
    required: bool


def groups_of(basis: Basis, typed: Mapping[str, Any]) -> tuple[Group, ...]:
    """Return the groups of a sheet: the rates of its model, then what stands around them."""
    slug = typed.get("model")
    if slug not in basis.models:
        return sheet.groups(basis)
    model = PRICING_MODELS[slug]
    rates = Group("rates", model.name, model.fields, required=True)
    return (rates, *sheet.groups(basis))


class SheetForm:
    """`typed` is the sheet as people write it: texts, shares in percent."""

    def __init__(
        self, basis: Basis, typed: Mapping[str, Any], errors: Mapping[str, str] | None = None
    ) -> None:
        self.basis = basis
        self.typed = typed
        self.errors = dict(errors or {})

    @property
    def model(self) -> str:
        return str(self.typed.get("model", ""))

    def blocks(self) -> list[Block]:
        return [self._block(group) for group in groups_of(self.basis, self.typed)]

    def _block(self, group: Group) -> Block:
        inside = self.typed.get(group.name, {}) if group.name else self.typed
        given = inside if isinstance(inside, Mapping) else {}
        path = f"{group.name}." if group.name else ""
        lines = tuple(self._line(one, path, given) for one in group.fields)
        return Block(_(group.title), lines, group.required)

    def _line(self, one: AnyField, path: str, given: Mapping[str, Any]) -> Line:
        name, value = f"{path}{one.name}", given.get(one.name)
        shared: dict[str, Any] = {
            "name": name,
            "label": label_of(one.name),
            "help": _(one.help),
            "required": one.required,
            "error": self.errors.get(name, ""),
        }
        if isinstance(one, Table):
            return Line("table", **shared, **self._table(one, name, value))
        if isinstance(one, Parts):
            return Line("parts", **shared, parts=self._parts(one, name, value))
        text = value if isinstance(value, str) else ""
        if isinstance(one, Choice):
            return Line("choice", **shared, value=text, options=choice_words(one.options))
        if isinstance(one, Text):
            return Line("text", **shared, value=text)
        return Line("number", **shared, value=text, unit=self._unit(one))

    def _unit(self, one: Field) -> str:
        return self.basis.currency if one.unit is Unit.MONEY else UNITS.get(one.unit, "")

    def _table(self, one: Table, name: str, value: Any) -> dict[str, Any]:
        given = (
            [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []
        )
        count = min(one.most, max(FEWEST_ROWS, len(given) + SPARE_ROWS))
        rows = tuple(
            tuple(
                self._line(column, f"{name}[{row}].", given[row] if row < len(given) else {})
                for column in one.columns
            )
            for row in range(count)
        )
        return {
            "columns": tuple(self._line(column, "", {}) for column in one.columns),
            "rows": rows,
        }

    def _parts(self, one: Parts, name: str, value: Any) -> tuple[Part, ...]:
        given = (
            [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []
        )
        count = min(one.most, max(2, len(given) + 1))
        return tuple(
            Part(
                row + 1, self._part(one, f"{name}[{row}].", given[row] if row < len(given) else {})
            )
            for row in range(count)
        )

    def _part(self, one: Parts, path: str, given: Mapping[str, Any]) -> tuple[Line, ...]:
        chosen = str(given.get("model", ""))
        models = tuple((slug, PRICING_MODELS[slug].name) for slug in one.options)
        pick = Line(
            "choice",
            name=f"{path}model",
            label=label_of("model"),
            help=_("Choose the model of this part, then show its fields."),
            required=False,
            value=chosen,
            error=self.errors.get(f"{path}model", ""),
            options=models,
        )
        lines = [pick, *(self._line(column, path, given) for column in one.columns)]
        if chosen in one.options:
            rates = given.get("rates", {})
            inside = rates if isinstance(rates, Mapping) else {}
            fields = PRICING_MODELS[chosen].fields
            lines += [self._line(field, f"{path}rates.", inside) for field in fields]
        return tuple(lines)

    def read_back(self) -> list[Given]:
        """Return what was given, group by group, as people read it."""
        return read_back(self.blocks(), self.basis.currency)

    def summary(self) -> list[tuple[str, str]]:
        """Return (id of the control, sentence) pairs for the top of the page."""
        known = {line.name: line.id for line in _every(self.blocks())}
        return [(known.get(path, ""), sentence) for path, sentence in self.errors.items()]


def _every(blocks: Sequence[Block]) -> list[Line]:
    found: list[Line] = []
    waiting = [line for block in blocks for line in block.lines]
    while waiting:
        line = waiting.pop()
        found.append(line)
        waiting += [cell for row in line.rows for cell in row]
        waiting += [inner for part in line.parts for inner in part.lines]
    return found


# From the page


def typed_from(basis: Basis, data: QueryDict) -> dict[str, Any]:
    """Return the sheet as it was typed, empty rows left out."""
    typed: dict[str, Any] = {"model": data.get("model", "")}
    for group in groups_of(basis, typed):
        path = f"{group.name}." if group.name else ""
        read = {one.name: _typed(one, path, data) for one in group.fields}
        if group.name:
            typed[group.name] = read
        else:
            typed |= read
    pruned: dict[str, Any] = sheet.pruned(typed)
    return pruned


def _typed(one: AnyField, path: str, data: QueryDict) -> Any:
    name = f"{path}{one.name}"
    if isinstance(one, Table):
        rows = [
            {column.name: _typed(column, f"{name}[{row}].", data) for column in one.columns}
            for row in range(one.most)
        ]
        return sheet.pruned(rows)
    if isinstance(one, Parts):
        return sheet.pruned([_typed_part(one, f"{name}[{row}].", data) for row in range(one.most)])
    return data.get(name, "").strip()


def _typed_part(one: Parts, path: str, data: QueryDict) -> dict[str, Any]:
    chosen = data.get(f"{path}model", "")
    part: dict[str, Any] = {column.name: _typed(column, path, data) for column in one.columns}
    part["model"] = chosen
    if chosen in one.options:
        fields = PRICING_MODELS[chosen].fields
        part["rates"] = {field.name: _typed(field, f"{path}rates.", data) for field in fields}
    return part
