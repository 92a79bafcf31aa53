"""Security questionnaires in blocks: radio groups, check groups, lines, boxes, and conditions.

The format is that of google/vsaq (Apache-2.0): an item is shown while its `cond` holds, which joins
identifiers of choices by `!`, `&&`, `||` and brackets. A condition that asks about one choice of a
question that is always asked is taken over; any other one is remarked.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from django.utils.translation import gettext as _

from apps.rfp.states import AnswerKind
from apps.rfp.workbooks.form import Item
from apps.rfp.workbooks.markup import plain_text
from apps.rfp.workbooks.proposals import (
    Chapters,
    Notes,
    Proposal,
    choices_of,
    fits,
    leftovers,
    one_line,
    title_of,
    topic_of,
)

GROUPS: Final[Mapping[str, str]] = {
    "radiogroup": AnswerKind.SINGLE_CHOICE.value,
    "checkgroup": AnswerKind.MULTI_CHOICE.value,
}
SINGLE: Final[Mapping[str, str]] = {
    "line": AnswerKind.TEXT_SHORT.value,
    "box": AnswerKind.TEXT_LONG.value,
    "check": AnswerKind.YES_NO.value,
    "yesno": AnswerKind.YES_NO.value,
    "upload": AnswerKind.FILE.value,
}
KNOWN: Final = {"type", "text", "id", "items", "choices", "cond"}
ONE: Final = re.compile(r"(!?)([\w.\-]+)(/yes|/no)?", re.ASCII)


@dataclass(frozen=True)
class Choice:
    """What a name in a condition means: an answer to a question."""

    question: str
    answer: str
    kind: str


def propose(
    blocks: Sequence[Mapping[str, Any]], *, extra: Mapping[str, Any], known: Iterable[str]
) -> Proposal:
    """Return the questions of a list of blocks, as read from JSON or YAML."""
    reading = Reading()
    for block in blocks:
        reading.block(block, (), "")
    reading.unknown.update(name for name in extra if name not in known)
    reading.conditions()
    leftovers(reading.unknown, reading.notes)
    return Proposal(reading.chapters.form(), tuple(reading.notes.held))


class Reading:
    def __init__(self) -> None:
        self.chapters, self.notes = Chapters(), Notes()
        self.unknown: Counter[str] = Counter()
        self.choices: dict[str, Choice] = {}
        self.shown: dict[str, str] = {}  # question → its condition as written
        self.heading = ""

    def block(self, block: Mapping[str, Any], path: tuple[str, ...], cond: str) -> None:
        title = plain_text(str(block.get("text", "")))[0]
        here = (*path, one_line(title)) if title else path
        both = _both(cond, str(block.get("cond", "")))
        self.count(block)
        for number, item in enumerate(block.get("items", ()), start=1):
            place = f"{' / '.join(here)} [{number}]"
            if item.get("type") == "block":
                self.block(item, here, both)
            else:
                self.item(item, here, place, both)

    def count(self, item: Mapping[str, Any]) -> None:
        self.unknown.update(name for name in item if name not in KNOWN)

    def item(self, item: Mapping[str, Any], path: tuple[str, ...], place: str, cond: str) -> None:
        kind = str(item.get("type", ""))
        raw = str(item.get("text", ""))
        text, marked = plain_text(raw)
        place = str(item.get("id", place))
        if kind not in {*GROUPS, *SINGLE}:
            self.no_question(kind, text, place)
            return
        self.count(item)
        if not text:
            text, self.heading = self.heading, ""
        if marked:
            self.notes.changed(place, text, _("Its markup was made plain text."))
        if text and fits(text, place, self.notes):
            self.take(item, kind, text, (path, place, _both(cond, str(item.get("cond", "")))))
        elif not text:
            self.notes.left_out(place, raw or kind, _("This has no text that asks something."))

    def no_question(self, kind: str, text: str, place: str) -> None:
        """Information may be what the choices below it answer, so it is kept for one item."""
        if kind == "info":
            self.heading = text
        reason = {
            "tip": _("Advice that is shown after an answer is not known here."),
            "info": _("Information between questions is not known here."),
        }.get(kind, _("“{kind}” is no question that is known here.").format(kind=kind))
        self.notes.left_out(place, text, reason)

    def take(
        self,
        item: Mapping[str, Any],
        kind: str,
        text: str,
        where: tuple[tuple[str, ...], str, str],
    ) -> None:
        path, place, cond = where
        options: tuple[str, ...] = ()
        if kind in GROUPS:
            labels = {key: plain_text(str(label))[0] for key, label in _pairs(item["choices"])}
            found = choices_of(tuple(labels.values()), place, self.notes)
            if found is None:
                return
            options = found
            for key, label in labels.items():
                self.choices[key] = Choice(place, one_line(label), GROUPS[kind])
        elif SINGLE[kind] == AnswerKind.YES_NO:
            self.choices[place] = Choice(place, "Yes", AnswerKind.YES_NO.value)
        if cond:
            self.shown[place] = cond
        made = Item(
            code=place,
            topic=topic_of(text),
            text=text,
            kind=GROUPS.get(kind) or SINGLE[kind],
            options=options,
            required=not cond,
        )
        title = title_of(" / ".join(path[-2:]) or _("Questions"), place, self.notes)
        self.chapters.add(title, made)

    def conditions(self) -> None:
        """Set the conditions that can be said here, once every question is known."""
        for items in self.chapters.items.values():
            items[:] = [self.conditional(item) for item in items]

    def conditional(self, item: Item) -> Item:
        cond = self.shown.get(item.code)
        if not cond:
            return item
        rule = self.rule(cond)
        if rule is None:
            sentence = _("Its condition “{cond}” cannot be said here; it is always asked.")
            self.notes.left_out(item.code, item.text, sentence.format(cond=cond[:120]))
            return item
        return replace(item, condition=rule)

    def rule(self, cond: str) -> dict[str, str] | None:
        """Return a condition on one answer of a question that is always asked; None otherwise."""
        found = ONE.fullmatch(cond.strip().removeprefix("(").removesuffix(")").strip())
        if found is None:
            return None
        choice = self.choices.get(found[2])
        if choice is None or choice.question in self.shown:
            return None
        negated = bool(found[1]) != (found[3] == "/no")
        if choice.kind == AnswerKind.MULTI_CHOICE:
            if not negated:
                return None  # only `lacks` asks about one choice of several
            return {"question": choice.question, "op": "lacks", "value": choice.answer}
        op = "not_equals" if negated else "equals"
        return {"question": choice.question, "op": op, "value": choice.answer}


def _both(outer: str, inner: str) -> str:
    if outer and inner:
        return f"({outer}) && ({inner})"
    return outer or inner


def _pairs(choices: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, Any]]:
    for choice in choices:
        yield from choice.items()
