"""What a diagnostic is: declared fields, one formula, and a finding with its interval.

A formula gets checked `Values` and returns a `Finding`. Figures are exact decimals; nothing is
rounded before it leaves. Where a guide prints a raw formula of its own, its figure stands beside
the defensible one as `guide`, so that printed examples can be reproduced.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, localcontext

from apps.engine.errors import InvalidInput
from apps.engine.fields import AnyField, Field, Table, Unit, Values, read_values
from apps.engine.numbers import TEXT_DECIMALS, round_half_up
from apps.engine.reading import Json, Reader

PRECISION = 50
PERCENT = "percent"


@dataclass(frozen=True)
class Figure:
    """A number with what it counts; None where it is not shown."""

    value: Decimal | None
    unit: str


@dataclass(frozen=True)
class Interval:
    """95 % bounds, or the bounds that missing inputs leave; None is an open side."""

    lo: Decimal | None
    hi: Decimal | None

    def __post_init__(self) -> None:
        if self.lo is not None and self.hi is not None and self.lo > self.hi:
            raise InvalidInput("The lower end of an interval lies above the upper one.")


@dataclass(frozen=True, kw_only=True)
class Finding:
    """`value` is None where inputs are missing; `band` where the bounds fall into two bands."""

    value: Decimal | None
    unit: str
    band: str | None = None
    interval: Interval | None = None
    figures: Mapping[str, Figure] = field(default_factory=dict)
    guide: Figure | None = None
    warnings: tuple[Json, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Diagnostic:
    """`bands` runs from worst to best; it is empty where a formula has no bands."""

    slug: str
    name: str
    version: str
    fields: tuple[AnyField, ...]
    compute: Callable[[Values], Finding]
    bands: tuple[str, ...] = ()

    @property
    def needs_currency(self) -> bool:
        return any(unit is Unit.MONEY for unit in map(_unit, self._numbers()))

    def run(self, raw: object, path: str = "inputs") -> Finding:
        """Read raw inputs and compute; raise InvalidInput with the path of the wrong field."""
        values = read_values(self.fields, Reader(raw, path))
        try:
            with localcontext(prec=PRECISION):
                finding = self.compute(values)
        except InvalidInput as error:
            # formulas name the field alone
            error.path = f"{path}.{error.path}" if error.path else path
            raise
        return finding

    def _numbers(self) -> list[AnyField]:
        columns = [
            column for item in self.fields if isinstance(item, Table) for column in item.columns
        ]
        return [*self.fields, *columns]


def _unit(item: AnyField) -> Unit | None:
    return item.unit if isinstance(item, Field) else None


def printed(value: Decimal) -> Decimal:
    """Return the figure as a record shows it: bands are decided on this one."""
    return round_half_up(value, TEXT_DECIMALS)


def warning(code: str, **facts: Json) -> Mapping[str, Json]:
    """A typed fact, put into words elsewhere."""
    return {"code": code, **facts}


def positive(values: Values, name: str, why: str) -> Decimal:
    """Return a figure that a formula divides by."""
    figure = values.number(name)
    if figure <= 0:
        raise InvalidInput(f"Give a figure above 0: {why}.", path=name)
    return figure


def all_or_none(values: Values, *names: str) -> bool:
    """Tell whether a group of fields is given; half a group is an error at its first hole."""
    given = [name for name in names if values.given(name)]
    if given and len(given) < len(names):
        hole = next(name for name in names if name not in given)
        raise InvalidInput(f"Add this value; it belongs to {given[0]}.", path=hole)
    return bool(given)


def part_of(values: Values, part: str, whole: str) -> tuple[int, int]:
    """Return two counts of which one is contained in the other."""
    some, all_of_them = values.number(part), values.number(whole)
    if some > all_of_them:
        raise InvalidInput(f"Give at most {all_of_them}, the figure of {whole}.", path=part)
    return int(some), int(all_of_them)
