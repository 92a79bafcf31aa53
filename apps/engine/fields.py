"""A field declares one figure, choice or table that a method asks for.

Forms, API schema, parsing and help text all come from these declarations, so that a new
pricing model or diagnostic needs no form of its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import ClassVar, TypeAlias

from apps.engine.errors import InvalidInput
from apps.engine.reading import Reader

ZERO, ONE = Decimal(0), Decimal(1)


class Unit(Enum):
    """What a figure counts; shares and ratios are plain numbers, 0.25 and not 25."""

    MONEY = "money"
    SHARE = "share"
    RATIO = "ratio"
    POINTS = "points"
    SECONDS = "seconds"
    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"
    MONTHS = "months"
    COUNT = "count"


# Units in which only whole numbers make sense.
WHOLE = frozenset({Unit.COUNT})


@dataclass(frozen=True)
class Field:
    """One number. `minimum` and `maximum` are allowed themselves; None leaves a side open."""

    name: str
    unit: Unit
    minimum: Decimal | None
    maximum: Decimal | None
    help: str
    required: bool = True
    kind: ClassVar[str] = "number"

    def read(self, raw: object, path: str = "") -> Decimal:
        """Return one raw value as an exact number inside the bounds, or raise InvalidInput."""
        reader = Reader(raw, path or self.name)
        if raw is None or raw == "":
            raise reader.error(f"Give a figure in {self.unit.value} here.")
        if self.unit in WHOLE:
            reader.integer()
        return reader.decimal(self.minimum, self.maximum)


@dataclass(frozen=True)
class Choice:
    """One of a few named options, for example what a billable hour is."""

    name: str
    options: tuple[str, ...]
    help: str
    required: bool = True
    kind: ClassVar[str] = "choice"

    def read(self, raw: object, path: str = "") -> str:
        return Reader(raw, path or self.name).choice(self.options)


@dataclass(frozen=True)
class Text:
    """A short name, for example of a role or of a KPI."""

    name: str
    help: str
    required: bool = True
    kind: ClassVar[str] = "text"

    def read(self, raw: object, path: str = "") -> str:
        return Reader(raw, path or self.name).text().strip()


@dataclass(frozen=True)
class Table:
    """Rows of figures in a fixed order, for example the tiers of a price."""

    name: str
    columns: tuple["Field | Choice | Text", ...]
    help: str
    required: bool = True
    most: int = 20
    kind: ClassVar[str] = "table"

    def read(self, raw: object, path: str = "") -> tuple["Values", ...]:
        rows = Reader(raw, path or self.name).items(least=1, most=self.most)
        return tuple(read_values(self.columns, row) for row in rows)


@dataclass(frozen=True)
class Parts:
    """A list of named methods with their own rates, for example the parts of a hybrid price.

    Each row holds `columns` of its own, the slug of one of `options` under `model`, and that
    model's rates under `rates`. Whoever declares the field reads the rates, since the options
    have fields of their own.
    """

    name: str
    options: tuple[str, ...]
    columns: tuple["Field | Choice | Text", ...]
    help: str
    required: bool = True
    most: int = 6
    kind: ClassVar[str] = "parts"

    def read(self, raw: object, path: str = "") -> tuple["PartValues", ...]:
        rows = Reader(raw, path or self.name).items(least=1, most=self.most)
        return tuple(self._read_row(row) for row in rows)

    def _read_row(self, row: Reader) -> "PartValues":
        row.only("model", "rates", *(column.name for column in self.columns))
        figures = Values({column.name: _read_one(column, row) for column in self.columns})
        return PartValues(figures, row.key("model").choice(self.options), row.key("rates"))


AnyField: TypeAlias = Field | Choice | Text | Table | Parts


@dataclass(frozen=True)
class PartValues:
    """One row of a `Parts` field: its own figures, the model's slug, the rates still to read."""

    figures: "Values"
    model: str
    rates: Reader


class Values:
    """What `read_values` returns: every declared name, checked; absent optional ones are None."""

    def __init__(self, values: Mapping[str, object]) -> None:
        self._values = dict(values)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Values) and self._values == other._values

    def __hash__(self) -> int:
        return hash(tuple(self._values))

    def given(self, name: str) -> bool:
        return self._values[name] is not None

    def number(self, name: str, default: Decimal | None = None) -> Decimal:
        value = self._values[name]
        if value is None and default is not None:
            return default
        if not isinstance(value, Decimal):
            raise TypeError(f"{name} holds no number")
        return value

    def maybe(self, name: str) -> Decimal | None:
        return self.number(name) if self.given(name) else None

    def text(self, name: str, default: str | None = None) -> str:
        """Return a choice or a text."""
        value = self._values[name]
        if value is None and default is not None:
            return default
        if not isinstance(value, str):
            raise TypeError(f"{name} holds no text")
        return value

    def rows(self, name: str) -> tuple["Values", ...]:
        value = self._values[name] or ()
        if not isinstance(value, tuple):
            raise TypeError(f"{name} holds no rows")
        return value

    def parts(self, name: str) -> tuple[PartValues, ...]:
        value = self._values[name] or ()
        if not isinstance(value, tuple):
            raise TypeError(f"{name} holds no parts")
        return value


def read_values(fields: Sequence[AnyField], reader: Reader) -> Values:
    """Read an object that holds exactly these fields; unknown and missing names are refused."""
    reader.only(*(field.name for field in fields))
    return Values({field.name: _read_one(field, reader) for field in fields})


def _read_one(field: AnyField, reader: Reader) -> object:
    child = reader.optional(field.name)
    if child is not None and child.raw != "":
        return field.read(child.raw, child.path)
    if field.required:
        raise InvalidInput("Add this value; it is missing.", path=reader.place(field.name))
    return None
