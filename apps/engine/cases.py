"""Runs a case of any kind and keeps what came out as a record that anyone can recompute.

A case is plain data: what JSON can hold, with figures as strings or whole numbers. A record
joins the case to its result. Its bytes are JSON with sorted ASCII names and no floats, so they
are the same bytes that RFC 8785 gives, and their SHA-256 names the record.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import Any

from apps.engine.errors import InvalidInput
from apps.engine.reading import Json, Outcome, Reader

ENGINE_VERSION = "1.0.0"

# RFC 8785 writes numbers as JavaScript does; beyond 2**53 - 1 that is no longer exact.
LARGEST_INTEGER = 2**53 - 1
DEEPEST = 32

PARTS = ("kind", "engine_version", "case", "method", "seed", "result", "warnings")


@dataclass(frozen=True, kw_only=True, eq=False)
class Record:
    """A case with its result, frozen: parts can be read, and no part can be changed."""

    kind: str
    case: Mapping[str, Json]
    method: Mapping[str, Json]
    result: Mapping[str, Json]
    seed: int | None = None
    warnings: tuple[Json, ...] = ()
    engine_version: str = ENGINE_VERSION

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise InvalidInput(f"Choose one of: {', '.join(KINDS)}.", path="kind")
        for part in PARTS:
            object.__setattr__(self, part, frozen(getattr(self, part), part))

    def to_bytes(self) -> bytes:
        return canonical({part: getattr(self, part) for part in PARTS})

    @property
    def digest(self) -> str:
        """SHA-256 of the record's bytes, in hexadecimal."""
        return hashlib.sha256(self.to_bytes()).hexdigest()

    def to_plain(self) -> dict[str, Any]:
        """A copy of the record in plain dictionaries and lists, to store or to embed."""
        return dict(json.loads(self.to_bytes()))

    @classmethod
    def from_bytes(cls, raw: bytes) -> "Record":
        """Read a record back; whatever `to_bytes` would not have written is refused."""
        return cls.from_plain(read_json(raw))

    @classmethod
    def from_plain(cls, raw: object) -> "Record":
        reader = Reader(raw).only(*PARTS)
        seed, warnings = reader.optional("seed"), reader.key("warnings").items()
        return cls(
            kind=reader.key("kind").text(),
            engine_version=reader.key("engine_version").text(),
            case=json_object(reader.key("case")),
            method=json_object(reader.key("method")),
            result=json_object(reader.key("result")),
            seed=None if seed is None else seed.integer(),
            warnings=tuple(frozen(warning.raw, warning.path) for warning in warnings),
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Record) and self.to_bytes() == other.to_bytes()

    def __hash__(self) -> int:
        return hash(self.to_bytes())


class Verdict(Enum):
    SAME = "same"
    DIFFERENT = "different"
    NEEDS_ENGINE = "needs engine"


@dataclass(frozen=True, kw_only=True)
class Replay:
    """What came of recomputing a record: where it differs, or which engine it needs."""

    verdict: Verdict
    engine_version: str
    differences: tuple[str, ...] = ()

    @property
    def same(self) -> bool:
        return self.verdict is Verdict.SAME


def run(kind: str, case: Mapping[str, Json]) -> Record:
    """Calculate one case; raise InvalidInput with the path of the field that is wrong."""
    if kind not in KINDS:
        raise InvalidInput(f"Choose one of: {', '.join(KINDS)}.", path="kind")
    inputs = json_object(Reader(frozen(case)))
    outcome = KINDS[kind](inputs)
    return Record(
        kind=kind,
        case=inputs,
        method=outcome.method,
        seed=outcome.seed,
        result=outcome.result,
        warnings=outcome.warnings,
    )


def replay(record: Record) -> Replay:
    """Recompute a record from its own case and compare every part."""
    if record.engine_version != ENGINE_VERSION:
        return Replay(verdict=Verdict.NEEDS_ENGINE, engine_version=record.engine_version)
    again = run(record.kind, record.case)
    paths = tuple(differences(record.to_plain(), again.to_plain()))
    verdict = Verdict.DIFFERENT if paths else Verdict.SAME
    return Replay(verdict=verdict, engine_version=ENGINE_VERSION, differences=paths)


def differences(ours: object, theirs: object, path: str = "") -> Iterator[str]:
    """Yield the path of every value in which two pieces of plain data differ."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for name in sorted(ours.keys() | theirs.keys()):
            place = f"{path}.{name}" if path else name
            if (name in ours) != (name in theirs):
                yield place
            else:
                yield from differences(ours.get(name), theirs.get(name), place)
    elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        for place, (left, right) in enumerate(zip(ours, theirs, strict=True)):
            yield from differences(left, right, f"{path}[{place}]")
    elif type(ours) is not type(theirs) or ours != theirs:
        yield path


# Plain data


def read_json(raw: bytes) -> object:
    """Read JSON text; names given twice are refused, since one of the two would be lost."""
    try:
        return json.loads(raw, object_pairs_hook=_without_twins)
    except InvalidInput:
        raise
    except RecursionError:
        raise InvalidInput(f"Nest this file at most {DEEPEST} deep.") from None
    except ValueError as error:
        raise InvalidInput(f"Give a file of JSON text in UTF-8; {error}.") from None


def canonical(value: object) -> bytes:
    """Return the one way to write frozen data: compact, names sorted, UTF-8."""
    text = json.dumps(
        value,
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
        allow_nan=False,
        default=dict,  # a frozen mapping
    )
    return text.encode()


def json_object(reader: Reader) -> Mapping[str, Json]:
    value = frozen(reader.raw, reader.path)
    if not isinstance(value, Mapping):
        raise reader.error("Give an object with named values here.")
    return value


def frozen(value: object, path: str = "", depth: int = 0) -> Json:
    """Return plain data that cannot change: mappings by proxy, lists as tuples, no floats."""
    if depth > DEEPEST:
        raise InvalidInput(f"Nest values at most {DEEPEST} deep.", path=path)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return _exact(value, path)
    if isinstance(value, str):
        return _encodable(value, path)
    if isinstance(value, Mapping):
        return MappingProxyType(dict(_frozen_pairs(value.items(), path, depth)))
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray | memoryview):
        return tuple(
            frozen(item, f"{path}[{place}]", depth + 1) for place, item in enumerate(value)
        )
    raise _refusal(value, path)


def _frozen_pairs(
    pairs: Iterable[tuple[object, object]], path: str, depth: int
) -> Iterator[tuple[str, Json]]:
    for name, value in pairs:
        place = f"{path}.{name}" if path else str(name)
        if not isinstance(name, str) or not name.isascii():
            raise InvalidInput("Write names with unaccented letters, digits and signs.", path=place)
        yield name, frozen(value, place, depth + 1)


def _exact(value: int, path: str) -> int:
    if abs(value) > LARGEST_INTEGER:
        raise InvalidInput("Write a number this long as text in quotes.", path=path)
    return value


def _encodable(value: str, path: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise InvalidInput(
            "Remove the half character (a lone surrogate) from this text.", path=path
        ) from None
    return value


def _refusal(value: object, path: str) -> InvalidInput:
    if isinstance(value, float):
        return InvalidInput('Write this number as text in quotes, for example "12.50".', path=path)
    return InvalidInput(f"Give plain data here; {type(value).__name__} is none.", path=path)


def _without_twins(pairs: list[tuple[str, object]]) -> dict[str, object]:
    values: dict[str, object] = {}
    for name, value in pairs:
        if name in values:
            raise InvalidInput("Give this name once; the file has it twice.", path=name)
        values[name] = value
    return values


# Calculators, imported when they are first asked for: numpy and scipy take most of a second.


def _rank(case: Mapping[str, Json]) -> Outcome:
    from apps.engine.matrix.case import run as calculate  # noqa: PLC0415 -- slow import

    return calculate(case)


def _price(case: Mapping[str, Json]) -> Outcome:
    from apps.engine.pricing.case import run as calculate  # noqa: PLC0415 -- slow import

    return calculate(case)


def _staff(case: Mapping[str, Json]) -> Outcome:
    from apps.engine.pricing.staff_case import run as calculate  # noqa: PLC0415 -- slow import

    return calculate(case)


def _score(case: Mapping[str, Json]) -> Outcome:
    if "diagnostic" in case:
        from apps.engine.diagnostics.case import run as calculate  # noqa: PLC0415 -- slow import

        return calculate(case)
    from apps.engine.readiness.case import run as calculate  # noqa: PLC0415 -- slow import

    return calculate(case)


def _walk(case: Mapping[str, Json]) -> Outcome:
    from apps.engine.decision.case import run as calculate  # noqa: PLC0415 -- slow import

    return calculate(case)


KINDS: Mapping[str, Callable[[Mapping[str, Json]], Outcome]] = MappingProxyType(
    {"rank": _rank, "price": _price, "staff": _staff, "score": _score, "walk": _walk}
)
