"""What one test of a rule may compare, and whether it holds for a value that is there."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Any, NoReturn

from django.utils.translation import gettext as _

from apps.core.errors import Incomplete
from apps.rfp.answers import figures

OTHERWISE = "otherwise"
MISSING = "missing"
POINTS = "points"
TEST_OPS = (
    *("equals", "not_equals", "less_than", "at_most", "greater_than", "at_least", "between"),
    *(MISSING, "lacks", "includes"),
)
AUTO_OPS = (
    *("equals", "less_than", "at_most", "greater_than", "at_least", "between"),
    *("includes", "includes_fact", "count_at_least", OTHERWISE),
)
LIMITS = ("less_than", "at_most", "greater_than", "at_least", "count_at_least")


def _size(value: object) -> Decimal | None:
    """The figure to compare: of a table its number of rows, of a list its number of choices."""
    if isinstance(value, list):
        return Decimal(len(value))
    return figures.decimal(value)


def _compare(value: object, limit: object, holds: Callable[[Decimal, Decimal], bool]) -> bool:
    left, right = _size(value), figures.decimal(limit)
    return left is not None and right is not None and holds(left, right)


def _equals(value: object, wanted: object) -> bool:
    left, right = figures.decimal(value), figures.decimal(wanted)
    return left == right if left is not None and right is not None else value == wanted


def _between(value: object, ends: Any) -> bool:
    low, high = ends
    return _compare(value, low, Decimal.__ge__) and _compare(value, high, Decimal.__le__)


def _ticked(value: object) -> set[str]:
    return set(value) if isinstance(value, list) else {str(value)}


def _includes(value: object, choices: Any) -> bool:
    return ({choices} if isinstance(choices, str) else set(choices)) <= _ticked(value)


HOLDS: Mapping[str, Callable[[Any, Any], bool]] = MappingProxyType(
    {
        "equals": _equals,
        "not_equals": lambda value, wanted: not _equals(value, wanted),
        "less_than": lambda value, limit: _compare(value, limit, Decimal.__lt__),
        "at_most": lambda value, limit: _compare(value, limit, Decimal.__le__),
        "greater_than": lambda value, limit: _compare(value, limit, Decimal.__gt__),
        "at_least": lambda value, limit: _compare(value, limit, Decimal.__ge__),
        "between": _between,
        "lacks": lambda value, choice: choice not in _ticked(value),
        "includes": _includes,
        "count_at_least": lambda value, least: _compare(value, least, Decimal.__ge__),
        OTHERWISE: lambda _value, _nothing: True,
    }
)


def refuse(field: str, sentence: str) -> NoReturn:
    raise Incomplete(sentence, fields={field: sentence})


def _is_range(value: object) -> bool:
    ends = [figures.decimal(end) for end in value] if isinstance(value, list | tuple) else []
    match ends:
        case [Decimal() as low, Decimal() as high]:
            return low <= high
    return False


def check_value(field: str, op: str, value: object) -> None:
    """Refuse a rule whose value its operation cannot read."""
    if op in LIMITS:
        if figures.decimal(value) is None:
            refuse(field, _("Give the limit of the rule as a number, for example 72."))
    elif op == "between":
        if not _is_range(value):
            refuse(
                field, _("Give the lower and the higher end of the range, for example 78 to 84.")
            )
    elif op == "includes":
        if not isinstance(value, Sequence) or not value:
            refuse(field, _("Name the choices that have to be ticked."))
    elif op not in {MISSING, OTHERWISE} and value in (None, ""):
        refuse(field, _("Say which answer the rule looks for."))
