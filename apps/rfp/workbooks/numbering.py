"""Numbers for what has none yet: the next free one of the section, never one that was used."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from apps.rfp.workbooks.form import Form, Item, Part
from apps.rfp.workbooks.reading import Read

PLAIN: Final = re.compile(r"\d{1,6}", re.ASCII)


def numbered(read: Read, draft: Form) -> tuple[Form, dict[str, str]]:
    """Give new sections and questions of a workbook their numbers; also returns their places."""
    taken = set(read.form.codes | draft.codes | read.exported.codes) - {""}
    sections = {part.code for part in (*read.form.parts, *draft.parts)} - {""}
    sections |= read.exported.sections
    places = dict(read.places)
    parts = []
    for part in read.form.parts:
        code = part.code or _next_section(sections)
        sections.add(code)
        items = tuple(_item(item, code, taken) for item in part.items)
        parts.append(replace(part, code=code, items=items))
    return replace(read.form, parts=tuple(parts)), places


def _next_section(taken: set[str]) -> str:
    return str(1 + max((int(code) for code in taken if PLAIN.fullmatch(code)), default=0))


def _item(item: Item, section: str, taken: set[str], first: int = 1) -> Item:
    if item.code:
        return item
    # the first that may be free: looking from 1 each time would take the square of the questions
    number = first
    while f"{section}.{number:02}" in taken:
        number += 1
    code = f"{section}.{number:02}"
    taken.add(code)
    return replace(item, code=code)


def joined(draft: Form, proposal: Form) -> Form:
    """Add proposed sections behind a draft's own, under new numbers that its rules follow."""
    return join(draft, proposal)[0]


def join(draft: Form, proposal: Form) -> tuple[Form, dict[str, str]]:
    """Do as `joined`, and say which number became which."""
    sections = {part.code for part in draft.parts}
    taken = set(draft.codes)
    names: dict[str, str] = {}
    added: list[Part] = []
    for part in proposal.parts:
        code = _next_section(sections)
        sections.add(code)
        items = []
        for at, item in enumerate(part.items, start=1):
            fresh = _item(replace(item, code=""), code, taken, at)
            names[item.code] = fresh.code
            items.append(fresh)
        added.append(replace(part, code=code, items=tuple(items)))
    parts = (*draft.parts, *(_renamed(part, names) for part in added))
    return replace(draft, parts=parts), names


def numbers_given(form: Form) -> Form:
    """Give a number to each section and question without one; the others keep theirs."""
    taken, sections = set(form.codes), {part.code for part in form.parts}
    parts = []
    for part in form.parts:
        code = part.code or _next_section(sections)
        sections.add(code)
        items = tuple(_item(item, code, taken) for item in part.items)
        parts.append(replace(part, code=code, items=items))
    return replace(form, parts=tuple(parts))


def _renamed(part: Part, names: Mapping[str, str]) -> Part:
    return replace(
        part,
        items=tuple(
            replace(
                item,
                condition=_rule(item.condition, names),
                knockout=_rule(item.knockout, names),
            )
            for item in part.items
        ),
    )


def _rule(rule: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """Let a rule ask about the new numbers, however deep it is nested."""
    return {
        name: names.get(value, value) if name == "question" else _inside(value, names)
        for name, value in rule.items()
    }


def _inside(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, Mapping):
        return _rule(value, names)
    if isinstance(value, list):
        return [_inside(one, names) for one in value]
    return value
