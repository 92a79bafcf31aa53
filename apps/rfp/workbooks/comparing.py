"""What an import would change, row by row: nothing is saved before a person has seen this.

What was added to the draft after the workbook was exported stays: a workbook cannot remove what it
never held. The comparison says so, and says when the draft has moved on since.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from django.utils.translation import gettext as _

from apps.rfp.workbooks.columns import AFTER, BEFORE, LISTS, Column, anchor, steps_of
from apps.rfp.workbooks.form import Form, Item, digest_of
from apps.rfp.workbooks.lots import joined
from apps.rfp.workbooks.numbering import numbered
from apps.rfp.workbooks.reading import Read

SECTION, QUESTION, LOT = "section", "question", "lot"


class Change(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


@dataclass(frozen=True)
class Difference:
    """One line of the preview; `before` and `after` are what a cell shows, or places in the order."""

    change: Change
    what: str  # section, question or lot
    code: str
    title: str
    field: str = ""
    heading: str = ""
    before: str = ""
    after: str = ""
    place: str = ""  # sheet and cell of the workbook


@dataclass(frozen=True)
class Comparison:
    """The questionnaire as it would be, and everything that leads there."""

    target: Form
    differences: tuple[Difference, ...]
    seen: str  # digest of the draft that was compared; the import asks for it again
    stale: bool  # the draft has changed since the workbook was exported
    other: bool  # the workbook was exported from another questionnaire
    kept: tuple[str, ...]  # questions that came into the draft after the export
    ignored: tuple[str, ...]  # sheets that are no part of the questionnaire


PART_FIELDS: Final = ("title", "weight", "minimum", "envelope", "lot")


def compare(draft: Form, read: Read) -> Comparison:
    """Compare a draft with a workbook of ours."""
    given, places = numbered(read, draft)
    target, kept = _with_newer(draft, given, read)
    return Comparison(
        target=target,
        differences=differences(draft, target, places),
        seen=digest_of(draft),
        stale=read.exported.digest != digest_of(draft),
        other=read.exported.head.get("rfp") != draft.head.get("rfp"),
        kept=kept,
        ignored=read.ignored,
    )


def _with_newer(draft: Form, given: Form, read: Read) -> tuple[Form, tuple[str, ...]]:
    """Keep what came into the draft after the export, at the end of its section."""
    held = given.codes | read.exported.codes | read.removed
    newer = {
        part.code: [item for item in part.items if item.code not in held] for part in draft.parts
    }
    parts = [replace(part, items=(*part.items, *newer.pop(part.code, ()))) for part in given.parts]
    for part in draft.parts:
        rest = newer.get(part.code)
        if rest or (rest is not None and part.code not in read.exported.sections):
            parts.append(replace(part, items=tuple(rest or ())))
    lots = joined(draft.lots, given.lots)
    target = replace(given, head=draft.head, parts=tuple(parts), lots=lots)
    return target, tuple(sorted(target.codes - given.codes))


def differences(
    before: Form, after: Form, places: Mapping[str, str] | None = None
) -> tuple[Difference, ...]:
    """Return every difference, section by section, in the order of the questionnaire."""
    known = places or {}
    return (*_lots(before, after), *_parts(before, after, known), *_items(before, after, known))


def _lots(before: Form, after: Form) -> Iterator[Difference]:
    """Yield what is new of the lots, and their new words; an import takes none out."""
    old = {lot.code: lot for lot in before.lots}
    headings = {"name": _("Name"), "description": _("Description")}
    for lot in after.lots:
        was = old.get(lot.code)
        if was is None:
            yield Difference(Change.ADDED, LOT, lot.code, lot.name)
            continue
        for name, heading in headings.items():
            words = getattr(was, name), getattr(lot, name)
            if words[0] != words[1]:
                yield Difference(Change.CHANGED, LOT, lot.code, lot.name, name, heading, *words)


def _parts(before: Form, after: Form, places: Mapping[str, str]) -> Iterator[Difference]:
    old = {part.code: part for part in before.parts}
    new = {part.code: part for part in after.parts}
    for code, part in old.items():
        if code not in new:
            yield Difference(Change.REMOVED, SECTION, code, part.title)
    for code, part in new.items():
        place = places.get(f"section {code}", "")
        if code not in old:
            yield Difference(Change.ADDED, SECTION, code, part.title, place=place)
            continue
        for name in PART_FIELDS:
            was, now = str(getattr(old[code], name)), str(getattr(part, name))
            if was != now:
                yield Difference(
                    *(Change.CHANGED, SECTION, code, part.title),
                    *(name, _part_heading(name), was, now, place),
                )
    yield from _moves(
        SECTION, list(old), [c for c in new if c in old], {c: p.title for c, p in new.items()}
    )


def _part_heading(name: str) -> str:
    headings = {"title": _("Title"), "weight": _("Weight"), "minimum": _("Minimum")}
    return {**headings, "envelope": _("Envelope"), "lot": _("Lot")}[name]


def _items(before: Form, after: Form, places: Mapping[str, str]) -> Iterator[Difference]:
    old = {item.code: (part, item) for part, item in before.items}
    new = {item.code: (part, item) for part, item in after.items}
    for code, (_part, item) in old.items():
        if code not in new:
            yield Difference(Change.REMOVED, QUESTION, code, item.topic)
    columns = (*BEFORE, *map(anchor, steps_of(Form(parts=(*before.parts, *after.parts)))), *AFTER)
    for code, (part, item) in new.items():
        place = places.get(code, "")
        if code not in old:
            yield Difference(Change.ADDED, QUESTION, code, item.topic, place=place)
            continue
        was, held = old[code]
        if was.code != part.code:
            yield Difference(
                *(Change.MOVED, QUESTION, code, item.topic, "section", _("Section")),
                *(was.code, part.code, place),
            )
        if held != item:
            yield from _fields(held, item, columns, place)
    for part in after.parts:
        codes = [item.code for item in part.items if old.get(item.code, (None,))[0] is not None]
        stayed = [code for code in codes if old[code][0].code == part.code]
        order = [code for code, (home, _item) in old.items() if home.code == part.code]
        yield from _moves(QUESTION, order, stayed, {i.code: i.topic for i in part.items})


def _fields(was: Item, now: Item, columns: Iterable[Column], place: str) -> Iterator[Difference]:
    for column in columns:
        before, after = column.write(was), column.write(now)
        if before != after:
            yield Difference(
                *(Change.CHANGED, QUESTION, now.code, now.topic, column.key),
                *(str(column.heading), _shown(column, before), _shown(column, after), place),
            )
    if was.scale != now.scale:
        yield Difference(
            *(Change.CHANGED, QUESTION, now.code, now.topic, "scale", _("Scale")),
            *(" to ".join(was.scale), " to ".join(now.scale), place),
        )


def _shown(column: Column, text: str) -> str:
    return str(LISTS[column.values].get(text, text)) if column.values else text


def _moves(
    what: str, before: Sequence[str], after: Sequence[str], titles: Mapping[str, str]
) -> Iterator[Difference]:
    """Name as few moves as explain the new order: what is not in the longest rising run moved."""
    staying = set(after)
    held = [code for code in before if code in staying]
    at = {code: place for place, code in enumerate(held)}
    still = _longest_rising([at[code] for code in after])
    for place, code in enumerate(after):
        if place not in still:
            yield Difference(
                *(Change.MOVED, what, code, titles[code], "order", _("Order")),
                *(_behind(held, at[code]), _behind(after, place)),
            )


def _behind(codes: Sequence[str], place: int) -> str:
    return _("after {code}").format(code=codes[place - 1]) if place else _("first")


def _longest_rising(values: Sequence[int]) -> set[int]:
    """Return the places of a longest rising run (patience sorting)."""
    tails: list[int] = []
    ends: list[int] = []
    previous: list[int] = []
    for place, value in enumerate(values):
        at = bisect_left(tails, value)
        tails[at : at + 1] = [value]
        ends[at : at + 1] = [place]
        previous.append(ends[at - 1] if at else -1)
    found: set[int] = set()
    place = ends[-1] if ends else -1
    while place >= 0:
        found.add(place)
        place = previous[place]
    return found
