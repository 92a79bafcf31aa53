"""One value, one byte string: canonical JSON (RFC 8785), without floating-point numbers.

Money, scores and shares are decimal strings: RFC 8785 prints a number as a double, and a double
has no exact cents. Whole numbers are allowed as far as a double holds them exactly.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

import rfc8785

from apps.proof.errors import NotCanonical

LARGEST_INTEGER = 2**53 - 1
LAST_IN_BOTH = "\ud7ff"
WRITER = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
)
DEEPEST = 64


def encode(value: object) -> bytes:
    """Write plain data (None, bool, int, str, sequences and mappings of them) as canonical JSON."""
    plain = _plain(value, "", 0)
    try:
        if _sorts_as_points(plain):
            return WRITER.encode(plain).encode()
        return rfc8785.dumps(plain)
    except (rfc8785.CanonicalizationError, UnicodeEncodeError) as error:
        raise NotCanonical(f"This value cannot be written as canonical JSON: {error}.") from None


def _sorts_as_points(value: Any) -> bool:
    """Whether every name sorts the same by code points as by UTF-16, which RFC 8785 asks for.

    The two orders differ beyond U+D7FF alone. Below, the standard library writes the same bytes as
    rfc8785, many times faster: records of a thousand questions are hashed at every comparison.
    """
    if isinstance(value, dict):
        return all(name.isascii() or max(name) <= LAST_IN_BOTH for name in value) and all(
            map(_sorts_as_points, value.values())
        )
    return all(map(_sorts_as_points, value)) if isinstance(value, list) else True


def decode(raw: bytes) -> Any:
    """Read canonical JSON; refuse whatever `encode` would have written in another way."""
    value = parse(raw)
    if encode(value) != raw:
        raise NotCanonical("This JSON text is not in its canonical form (RFC 8785).")
    return value


def parse(raw: bytes) -> Any:
    """Read JSON of one meaning (no floats, no name twice) however it is laid out."""
    try:
        return json.loads(
            raw,
            parse_float=_refuse_float,
            parse_constant=_refuse_float,
            object_pairs_hook=_without_twins,
        )
    except RecursionError:
        raise NotCanonical(f"Nest this JSON text at most {DEEPEST} deep.") from None
    except ValueError as error:
        raise NotCanonical(f"This is not JSON text in UTF-8: {error}.") from None


def _plain(value: object, path: str, depth: int) -> Any:
    """Copy a value into what the serialiser knows, or say where it is no plain data."""
    if depth > DEEPEST:
        raise NotCanonical(f"Nest values at most {DEEPEST} deep; {_place(path)} is deeper.")
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int):
        return _exact(value, path)
    if isinstance(value, Mapping):
        return {
            _name(name, path): _plain(item, f"{path}.{name}", depth + 1)
            for name, item in value.items()
        }
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray | memoryview):
        return [_plain(item, f"{path}[{at}]", depth + 1) for at, item in enumerate(value)]
    raise NotCanonical(f"{_place(path)} is a {type(value).__name__}; write it as text.")


def _exact(value: int, path: str) -> int:
    if abs(value) > LARGEST_INTEGER:
        raise NotCanonical(f"{_place(path)} is too long for a number; write it as text.")
    return value


def _name(name: object, path: str) -> str:
    if not isinstance(name, str):
        raise NotCanonical(f"{_place(path)} has a name that is not text.")
    return name


def _place(path: str) -> str:
    return path.lstrip(".") or "The value"


def _refuse_float(text: str) -> NoReturn:
    raise NotCanonical(f"Write the number {text} as text in quotes.")


def _without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = {name for name, _ in pairs}
    if len(names) != len(pairs):
        raise NotCanonical("A name stands twice in the same JSON object.")
    return dict(pairs)
