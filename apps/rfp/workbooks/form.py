"""A questionnaire as plain values: what a shipped file, a draft and a workbook have in common.

`of_file` and `to_file` are each other's inverse: nothing of a questionnaire file is lost on the way
through these values. What a file says beyond the names known here is carried along in `more`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any, Final

from apps.proof import hashes
from apps.rfp.states import EnvelopeKind, ScoringMode

SCALE: Final = ("0", "5")


@dataclass(frozen=True, kw_only=True)
class Item:
    """One question. Weights are decimal strings; rules are plain data as `rfp.answers` reads them."""

    code: str
    topic: str
    text: str
    kind: str
    options: tuple[Any, ...] = ()
    unit: str = ""
    weight: str = "0"
    required: bool = True
    mode: str = ScoringMode.INFO.value
    rubric: Mapping[str, str] = field(default_factory=dict)
    knockout: Mapping[str, Any] = field(default_factory=dict)
    condition: Mapping[str, Any] = field(default_factory=dict)
    auto: tuple[Mapping[str, Any], ...] = ()
    evidence: str = ""
    evidence_required: bool = False
    evidence_class: str = ""
    evidence_expires: bool = False
    word_limit: int | None = None
    limits: Mapping[str, Any] = field(default_factory=dict)
    minimum: str = ""  # score below which a bid is excluded; empty asks for none
    held_at: str = ""  # score above which evidence is asked for; empty asks for none
    allows_na: bool = False
    commitment: bool = False
    domain: str = ""
    scale: tuple[str, str] = SCALE
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Lot:
    """A lot of the tender, as sections name it."""

    code: str
    name: str
    description: str = ""


@dataclass(frozen=True, kw_only=True)
class Part:
    """A section with its questions in order; `weight` is a percentage of quality."""

    code: str
    title: str
    weight: str = "0"
    minimum: str = ""  # percent of its points; empty asks for none
    envelope: str = EnvelopeKind.TECHNICAL.value
    lot: str = ""  # the code of the one it is asked for; empty for all of them
    items: tuple[Item, ...] = ()
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Form:
    """A whole questionnaire; `head` is what its file says of itself, such as slug and facts."""

    head: Mapping[str, Any] = field(default_factory=dict)
    parts: tuple[Part, ...] = ()
    lots: tuple[Lot, ...] = ()

    @property
    def items(self) -> Iterator[tuple[Part, Item]]:
        for part in self.parts:
            for item in part.items:
                yield part, item

    @cached_property
    def codes(self) -> frozenset[str]:
        return frozenset(item.code for _part, item in self.items)

    @cached_property
    def digest(self) -> str:
        """Name the questionnaire by its sections and questions; long ones take a while."""
        content = to_file(self)
        if self.lots:
            return hashes.of_value({"lots": content["lots"], "sections": content["sections"]})
        return hashes.of_value(content["sections"])


def figure(value: object) -> str:
    """Write a weight in its shortest digits: 12.5000 becomes 12.5. No float has its exact value."""
    text = format(Decimal(str(value)), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


# What a question may leave out in a file, and what it then means.
OPTIONAL: Final[Mapping[str, Any]] = {
    "options": (),
    "unit": "",
    "rubric": {},
    "auto": (),
    "knockout": {},
    "show_if": {},
    "word_limit": None,
    "limits": {},
    "minimum": "",
    "held_at": "",
    "allows_na": False,
    "commitment": False,
    "evidence_class": "",
    "evidence_expires": False,
}
MARKS: Final = (
    *("minimum", "held_at", "allows_na", "commitment", "evidence_class", "evidence_expires"),
)
ALWAYS: Final = (
    *("code", "topic", "text", "kind", "weight", "required", "mode"),
    *("evidence", "evidence_required", "domain"),
)
PART: Final = ("code", "title", "weight", "minimum", "envelope", "lot", "questions")
LOTS: Final = "lots"


def of_file(content: Mapping[str, Any]) -> Form:
    """Read a questionnaire file's content; KeyError where it misses what every file has."""
    return Form(
        head={name: value for name, value in content.items() if name not in {"sections", LOTS}},
        parts=tuple(_part(one) for one in content["sections"]),
        lots=tuple(
            Lot(code=one["code"], name=one["name"], description=one.get("description", ""))
            for one in content.get(LOTS, ())
        ),
    )


def _part(one: Mapping[str, Any]) -> Part:
    return Part(
        code=one["code"],
        title=one["title"],
        weight=figure(one["weight"]),
        minimum=one.get("minimum", ""),
        envelope=one["envelope"],
        lot=one.get("lot", ""),
        items=tuple(_item(question) for question in one["questions"]),
        more={name: value for name, value in one.items() if name not in PART},
    )


def _item(one: Mapping[str, Any]) -> Item:
    known = {*ALWAYS, *OPTIONAL, "scale"}
    given = {**OPTIONAL, **{name: value for name, value in one.items() if name in known}}
    low, high = given.pop("scale", SCALE)
    return Item(
        **{name: given[name] for name in ALWAYS if name != "weight"},
        weight=figure(given["weight"]),
        options=tuple(given["options"]),
        unit=given["unit"],
        rubric=anchors(given["rubric"]),
        auto=tuple(given["auto"]),
        knockout=dict(given["knockout"]),
        condition=dict(given["show_if"]),
        word_limit=given["word_limit"],
        limits=dict(given["limits"]),
        **{name: given[name] for name in MARKS},
        scale=(figure(low), figure(high)),
        more={name: value for name, value in one.items() if name not in known},
    )


def anchors(rubric: Mapping[str, str]) -> dict[str, str]:
    """Return the sentences of a rubric; an empty one says as much as none."""
    return {str(step): text for step, text in rubric.items() if text.strip()}


def to_file(form: Form) -> dict[str, Any]:
    """Write a form as a questionnaire file's content; what has no value is left out."""
    return {
        **form.head,
        **({LOTS: [_lot_to_file(one) for one in form.lots]} if form.lots else {}),
        "sections": [
            {
                "code": part.code,
                "title": part.title,
                "weight": part.weight,
                **({"minimum": part.minimum} if part.minimum else {}),
                "envelope": part.envelope,
                **({"lot": part.lot} if part.lot else {}),
                **part.more,
                "questions": [_to_file(item) for item in part.items],
            }
            for part in form.parts
        ],
    }


def _lot_to_file(lot: Lot) -> dict[str, str]:
    said = {"description": lot.description} if lot.description else {}
    return {"code": lot.code, "name": lot.name, **said}


def _to_file(item: Item) -> dict[str, Any]:
    optional = {
        "options": list(item.options),
        "unit": item.unit,
        "rubric": dict(item.rubric),
        "auto": [dict(rule) for rule in item.auto],
        "knockout": dict(item.knockout),
        "show_if": dict(item.condition),
        "word_limit": item.word_limit,
        "limits": dict(item.limits),
        **{name: getattr(item, name) for name in MARKS},
    }
    if item.scale != SCALE:
        optional["scale"] = list(item.scale)
    given = {
        name: value
        for name, value in optional.items()
        if value not in ("", None, [], {}) and value is not False
    }
    return {**{name: getattr(item, name) for name in ALWAYS}, **given, **item.more}


def digest_of(form: Form) -> str:
    """Name a questionnaire by its sections and questions; its title may change without notice."""
    return form.digest


def open_weights(target: Form) -> Iterator[tuple[str, str]]:
    """Show the weights as the import gives them: the sum of the sections, the points inside each."""
    technical = [p for p in target.parts if p.envelope == EnvelopeKind.TECHNICAL]
    for lot in target.lots or (None,):
        here = [p for p in technical if lot is None or p.lot in {"", lot.code}]
        name = f"lot {lot.code}" if lot else ""
        yield name, format(sum((Decimal(part.weight) for part in here), Decimal(0)), "f")
    for part in target.parts:
        yield part.code, format(sum((Decimal(i.weight) for i in part.items), Decimal(0)), "f")
