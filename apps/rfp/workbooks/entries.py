"""Choices, columns, limits and other lists as people write them in a cell, and back without loss."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.utils.translation import gettext as _

from apps.rfp.workbooks import phrases
from apps.rfp.workbooks.phrases import PLAIN, exactly, of_json, unclear, unclear_list

COLUMN: Final = " :: "
TYPED: Final = re.compile(r"(?P<name>.*) :: (?P<kind>[a-z_]+)(?: :: (?P<options>\[.*\]))?")
ENDS: Final[Mapping[str, str]] = {"at_least": "least", "at_most": "most"}


def write_options(options: Sequence[Any]) -> str:
    """Write choices one on a line; a table's columns as `Name :: kind`, choices behind them."""
    if not options:
        return ""
    return exactly(list(options), "\n".join(map(_option, options)), read_options)


def _option(option: Any) -> str:
    if not isinstance(option, Mapping):
        return str(option)
    line = f"{option.get('name', '')}{COLUMN}{option.get('kind', '')}"
    return f"{line}{COLUMN}{phrases.as_json(option['options'])}" if "options" in option else line


def read_options(text: str) -> list[Any]:
    if text.startswith(PLAIN):
        found = of_json(text[len(PLAIN) :])
        return found if isinstance(found, list) else unclear_list()
    return [_read_option(line) for line in text.split("\n") if line.strip()]


def _read_option(line: str) -> Any:
    found = TYPED.fullmatch(line)
    if not found:
        return line
    column: dict[str, Any] = {"name": found["name"], "kind": found["kind"]}
    return {**column, "options": of_json(found["options"])} if found["options"] else column


def write_list(values: Sequence[str]) -> str:
    return exactly(list(values), "\n".join(map(str, values)), read_list) if values else ""


def read_list(text: str) -> list[Any]:
    if text.startswith(PLAIN):
        found = of_json(text[len(PLAIN) :])
        return found if isinstance(found, list) else unclear_list()
    return [line for line in text.split("\n") if line.strip()]


def write_limits(limits: Mapping[str, Any]) -> str:
    """Write `at_least "0" at_most "100" whole`."""
    if not limits:
        return ""
    said = [f"{w} {phrases.as_json(limits[name])}" for w, name in ENDS.items() if name in limits]
    return exactly(dict(limits), " ".join([*said, *(["whole"] * ("whole" in limits))]), read_limits)


def read_limits(text: str) -> dict[str, Any]:
    if text.startswith(PLAIN):
        return phrases.mapping(of_json(text[len(PLAIN) :]))
    reader, found = phrases.Reader(text), dict[str, Any]()
    while not reader.done:
        word = next((word for word in (*ENDS, "whole") if reader.comes(word)), "")
        if not word or ENDS.get(word, word) in found:
            unclear(_('Write limits as at_least "0" at_most "100", and whole for whole numbers.'))
        found[ENDS.get(word, word)] = reader.value() if word in ENDS else True
    return found
