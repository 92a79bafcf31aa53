"""Between the figures people write and those the engine reads: percentages and shares."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from apps.bids.forms.sheet import groups_of
from apps.bids.types.sheet import Basis, Group
from apps.core.errors import Incomplete
from apps.engine.errors import InvalidInput
from apps.engine.fields import AnyField, Field, Parts, Table, Unit
from apps.engine.pricing.models import PRICING_MODELS
from apps.rfp.answers import figures

HUNDRED = Decimal(100)


def to_sheet(basis: Basis, typed: Mapping[str, Any]) -> dict[str, Any]:
    """Return the sheet for the engine; Incomplete with every figure that cannot be read."""
    errors: dict[str, str] = {}
    raw = _convert(groups_of(basis, typed), typed, _Reading(errors))
    if errors:
        raise Incomplete(_("Some figures need another look."), fields=errors)
    return raw


def to_typed(basis: Basis, raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return a stored sheet as people write it."""
    return _convert(groups_of(basis, raw), raw, _Writing())


def _convert(
    groups: Sequence[Group], given: Mapping[str, Any], turn: "_Reading | _Writing"
) -> dict[str, Any]:
    found: dict[str, Any] = {"model": given.get("model", "")}
    for group in groups:
        if not group.name:
            found |= _object(group.fields, given, "", turn)
        elif isinstance(given.get(group.name), Mapping):
            found[group.name] = _object(group.fields, given[group.name], f"{group.name}.", turn)
    return found


def _object(
    fields: Sequence[AnyField], given: Mapping[str, Any], path: str, turn: "_Reading | _Writing"
) -> dict[str, Any]:
    return {
        one.name: _value(one, given[one.name], f"{path}{one.name}", turn)
        for one in fields
        if given.get(one.name) not in (None, "", [], {})
    }


def _value(one: AnyField, value: Any, path: str, turn: "_Reading | _Writing") -> Any:
    if isinstance(one, Table) and isinstance(value, list):
        return [_object(one.columns, row, f"{path}[{at}].", turn) for at, row in enumerate(value)]
    if isinstance(one, Parts) and isinstance(value, list):
        return [_part_value(one, row, f"{path}[{at}].", turn) for at, row in enumerate(value)]
    return turn.figure(one, value, path) if isinstance(one, Field) else value


def _part_value(
    one: Parts, row: Mapping[str, Any], path: str, turn: "_Reading | _Writing"
) -> dict[str, Any]:
    part = _object(one.columns, row, path, turn) | {"model": row.get("model", "")}
    rates = row.get("rates")
    if part["model"] in one.options and isinstance(rates, Mapping):
        fields = PRICING_MODELS[part["model"]].fields
        part["rates"] = _object(fields, rates, f"{path}rates.", turn)
    return part


class _Reading:
    """From typed texts to exact decimal strings; what cannot be read is kept with its path."""

    def __init__(self, errors: dict[str, str]) -> None:
        self.errors = errors

    def figure(self, one: Field, value: Any, path: str) -> Any:
        try:
            text = figures.read(value)
            if one.unit is Unit.SHARE:
                text = plain(Decimal(text) / HUNDRED)
            one.read(text, path)
        except (Incomplete, InvalidInput) as error:
            self.errors[path] = _in_percent(one) or error.sentence
            return value
        return int(text) if one.unit is Unit.COUNT else text


def _in_percent(one: Field) -> str:
    """The engine's bounds of a share read 0 to 1; the page asks for percentages."""
    if one.unit is not Unit.SHARE:
        return ""
    low = plain((one.minimum or Decimal(0)) * HUNDRED)
    if one.maximum is None:
        return _("Give a percentage of {low} or more.").format(low=low)
    high = plain(one.maximum * HUNDRED)
    return _("Give a percentage from {low} to {high}, digits only.").format(low=low, high=high)


class _Writing:
    """From stored figures to texts."""

    def figure(self, one: Field, value: Any, _path: str) -> str:
        try:
            figure = Decimal(str(value))
        except InvalidOperation:
            return str(value)
        return plain(figure * HUNDRED if one.unit is Unit.SHARE else figure)


def plain(figure: Decimal) -> str:
    """Write a decimal without exponent or trailing zeros."""
    text = format(figure, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
