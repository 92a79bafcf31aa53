"""What changed between two published contents, field by field, with marks for each word."""

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.rfp.selectors.reading import facts_of

TOKENS = re.compile(r"\s+|\w+|[^\w\s]")
FIELDS = MappingProxyType(
    {
        "topic": gettext_lazy("Topic"),
        "text": gettext_lazy("Question"),
        "evidence": gettext_lazy("Evidence asked for"),
    }
)
WHOLE = MappingProxyType(
    {
        "introduction": gettext_lazy("Introduction"),
        "deadline": gettext_lazy("Deadline"),
        "term_months": gettext_lazy("Term in months"),
        "least_contacts": gettext_lazy("Minimum volume, contacts a month"),
        "envelope_order": gettext_lazy("Order of opening"),
        "final_offers": gettext_lazy("Best and final offers"),
        "pricing_models": gettext_lazy("Pricing models"),
        "workload": gettext_lazy("Workload"),
        "lots": gettext_lazy("Lots"),
        "most_lots": gettext_lazy("Most lots for one vendor"),
        "lots_awarded": gettext_lazy("Which lots go to a vendor that leads more"),
        "award": gettext_lazy("How bids are judged"),
        "explains": gettext_lazy("What vendors are told of the selected bid"),
        "asks_cost_floor": gettext_lazy("Cost floor in the price sheet"),
        "names_published": gettext_lazy("Names of the vendors that submitted"),
    }
)
APART = ("facts", "sections", "form", "rfp", "procurement")  # told on their own, or not at all


@dataclass(frozen=True)
class Piece:
    """A run of words: `kind` is "same", "added" or "removed"."""

    kind: str
    text: str


@dataclass(frozen=True)
class Difference:
    """One field that changed. `code` is the question's; `kind` is changed, added or removed."""

    code: str
    label: str
    kind: str
    before: str
    after: str
    pieces: tuple[Piece, ...]

    @property
    def place(self) -> str:
        return self.code or self.label


def words(before: str, after: str) -> tuple[Piece, ...]:
    """Mark what was taken out and what was put in, word by word."""
    old, new = TOKENS.findall(before), TOKENS.findall(after)
    pieces: list[Piece] = []
    for tag, i1, i2, j1, j2 in difflib.SequenceMatcher(
        None, old, new, autojunk=False
    ).get_opcodes():
        if tag == "equal":
            pieces.append(Piece("same", "".join(old[i1:i2])))
            continue
        if i2 > i1:
            pieces.append(Piece("removed", "".join(old[i1:i2])))
        if j2 > j1:
            pieces.append(Piece("added", "".join(new[j1:j2])))
    return tuple(pieces)


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[Difference, ...]:
    """Return every difference of two contents; whatever differs is told, known field or not."""
    return (*_whole(old, new), *_facts(old, new), *_questions(old, new))


def _whole(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Difference]:
    for name in sorted((set(old) | set(new)) - set(APART), key=lambda one: (one not in WHOLE, one)):
        if old.get(name) != new.get(name):
            yield _changed("", str(WHOLE.get(name, name)), old.get(name), new.get(name))


def _facts(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Difference]:
    labels = {fact.key: fact.label for fact in facts_of(str(new.get("questionnaire", "")))}
    before, after = old.get("facts", {}), new.get("facts", {})
    for key in sorted(set(before) | set(after)):
        if before.get(key) != after.get(key):
            yield _changed("", labels.get(key, key), before.get(key), after.get(key))


def _questions(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Difference]:
    before, after = _by_code(old), _by_code(new)
    for code in [*after, *(one for one in before if one not in after)]:
        if code not in after:
            text = str(before[code].get("text", ""))
            gone = (Piece("removed", text),)
            yield Difference(code, _("Not asked any more"), "removed", text, "", gone)
        elif code not in before:
            text = str(after[code].get("text", ""))
            come = (Piece("added", text),)
            yield Difference(code, _("New question"), "added", "", text, come)
        else:
            yield from _fields(code, before[code], after[code])


def _fields(code: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Difference]:
    for name in sorted(set(old) | set(new)):
        if old.get(name) != new.get(name):
            yield _changed(code, str(FIELDS.get(name, name)), old.get(name), new.get(name))


def _by_code(content: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {
        one["code"]: {**one, "section": section["code"]}
        for section in content.get("sections", ())
        for one in section["questions"]
    }


def _changed(code: str, label: str, before: object, after: object) -> Difference:
    old, new = _shown(before), _shown(after)
    return Difference(code, label, "changed", old, new, words(old, new))


def _shown(value: object) -> str:
    """Write a value for people: a list with commas, an object as its named values."""
    if value is None or value == "":
        return _("nothing")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Mapping):
        return "; ".join(f"{name}: {_shown(one)}" for name, one in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(_shown(one) for one in value)
    return str(value)
