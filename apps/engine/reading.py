"""Reads plain data into checked values, and says where a wrong one stands.

A case arrives as what JSON can hold. Every figure in it is a string or an integer, never a
float: 12.5 has no exact binary form, and a case must give the same bytes on every machine.
Errors name the place as a path, for example ``quotes[2].rates.hourly``.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from apps.engine.errors import ConventionRequired, InvalidInput

Json: TypeAlias = "bool | int | str | Sequence[Json] | Mapping[str, Json] | None"

# Digits, a point, digits: no exponent, NaN, infinity, underscore or digit of another script.
FIGURE = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,18})?", re.ASCII)
LONGEST_TEXT = 10_000


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a calculator gives back: plain data in which every figure is a string or an integer.

    `method` names methods, formulas and conventions with their versions and parameters; `seed`
    is None where nothing was drawn by chance; `warnings` are typed facts, not sentences.
    """

    result: Mapping[str, Json]
    method: Mapping[str, Json]
    seed: int | None = None
    warnings: tuple[Json, ...] = ()


def parse_figure(raw: object, path: str = "") -> Decimal:
    """Return the exact number that a string or an integer writes out."""
    if isinstance(raw, bool) or not isinstance(raw, str | int | Decimal):
        raise InvalidInput('Write this number as text in quotes, for example "12.50".', path=path)
    text = format(raw, "f") if isinstance(raw, Decimal) else str(raw).strip()
    if not FIGURE.fullmatch(text):
        raise InvalidInput(
            'Write digits with a point for decimals, for example "1250.75".', path=path
        )
    return Decimal(text)


@contextmanager
def located(path: str) -> Iterator[None]:
    """Name the place of what goes wrong inside, unless a deeper one is known already."""
    try:
        yield
    except InvalidInput as error:
        raise error.at(path) from None


class Reader:
    """One value of plain data together with its path."""

    def __init__(self, raw: object, path: str = "") -> None:
        self.raw = raw
        self.path = path

    def error(self, sentence: str) -> InvalidInput:
        return InvalidInput(sentence, path=self.path)

    # Objects

    def mapping(self) -> Mapping[str, object]:
        if not isinstance(self.raw, Mapping):
            raise self.error("Give an object with named values here.")
        for name in self.raw:
            if not isinstance(name, str):
                raise self.error("Use text for every name of this object.")
        return self.raw

    def only(self, *names: str) -> "Reader":
        """Refuse names that nobody reads: a misspelt name must not be dropped in silence."""
        for name in self.mapping():
            if name not in names:
                known = ", ".join(names)
                raise self._child(name).error(f"Remove this name or correct it; known: {known}.")
        return self

    def key(self, name: str) -> "Reader":
        """Return a value that must be there."""
        child = self.optional(name)
        if child is None:
            raise self._child(name).error("Add this value; it is missing.")
        return child

    def optional(self, name: str) -> "Reader | None":
        """Return a value, or None where it is absent or null."""
        raw = self.mapping().get(name)
        return None if raw is None else self._child(name, raw)

    def convention(self, name: str, options: Iterable[str]) -> str:
        """Return a named convention; leaving it out is an error of its own kind."""
        options = tuple(options)
        child = self.optional(name)
        if child is None:
            raise ConventionRequired(
                f"Name the convention used here: {', '.join(options)}.",
                path=self.place(name),
            )
        return child.choice(options)

    def entries(self) -> "Iterator[tuple[str, Reader]]":
        for name, raw in self.mapping().items():
            yield name, self._child(name, raw)

    # Lists

    def items(self, *, least: int = 0, most: int | None = None) -> "list[Reader]":
        if isinstance(self.raw, str | bytes) or not isinstance(self.raw, Sequence):
            raise self.error("Give a list here.")
        if len(self.raw) < least:
            raise self.error(f"Give at least {least} here; there are {len(self.raw)}.")
        if most is not None and len(self.raw) > most:
            raise self.error(f"Give at most {most} here; there are {len(self.raw)}.")
        return [Reader(raw, f"{self.path}[{place}]") for place, raw in enumerate(self.raw)]

    # Single values

    def text(self) -> str:
        if not isinstance(self.raw, str) or not self.raw.strip():
            raise self.error("Give text here.")
        if len(self.raw) > LONGEST_TEXT:
            raise self.error(f"Shorten this text to {LONGEST_TEXT} characters.")
        return self.raw

    def choice(self, options: Iterable[str]) -> str:
        options = tuple(options)
        if not isinstance(self.raw, str) or self.raw not in options:
            raise self.error(f"Choose one of: {', '.join(options)}.")
        return self.raw

    def flag(self) -> bool:
        if not isinstance(self.raw, bool):
            raise self.error("Answer true or false.")
        return self.raw

    def decimal(
        self, minimum: Decimal | int | None = None, maximum: Decimal | int | None = None
    ) -> Decimal:
        figure = parse_figure(self.raw, self.path)
        if minimum is not None and figure < minimum:
            raise self.error(f"Give {minimum} or more; this is {figure}.")
        if maximum is not None and figure > maximum:
            raise self.error(f"Give {maximum} or less; this is {figure}.")
        return figure

    def integer(self, minimum: int | None = None, maximum: int | None = None) -> int:
        figure = self.decimal(minimum, maximum)
        if figure != int(figure):
            raise self.error(f"Give a whole number; this is {figure}.")
        return int(figure)

    def place(self, name: str) -> str:
        """The path of a named value of this object, whether it is there or not."""
        return f"{self.path}.{name}" if self.path else name

    def _child(self, name: str, raw: object = None) -> "Reader":
        return Reader(raw, self.place(name))
