"""A file that was read, beside a draft: what it holds, how it may come in, and what it would change."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from apps.core.errors import Incomplete
from apps.core.quarantine.reading import understood
from apps.core.quarantine.values import Workbook
from apps.rfp.workbooks import foreign, proposing, question_sets, reading
from apps.rfp.workbooks.comparing import Comparison, compare, differences
from apps.rfp.workbooks.foreign import Layout
from apps.rfp.workbooks.form import Form, digest_of
from apps.rfp.workbooks.lots import joined
from apps.rfp.workbooks.numbering import join, numbers_given
from apps.rfp.workbooks.proposals import Remark
from apps.rfp.workbooks.reading import Read

BLIND = ("xls", "ods")  # kinds that do not tell what is hidden or calculated


class Way(StrEnum):
    """How what a file holds comes into the draft."""

    UPDATE = "update"  # question by question, by their numbers
    ADD = "add"  # behind what is there, under numbers of its own
    REPLACE = "replace"  # instead of what is there


@dataclass(frozen=True)
class Found:
    """What a file holds: `read` where it is a workbook of ours, `numbered` where numbers stay."""

    form: Form
    remarks: tuple[Remark, ...] = ()
    read: Read | None = None
    numbered: bool = False

    @property
    def origin(self) -> Mapping[str, Any]:
        """What the file says of where it came from."""
        return self.read.exported.head if self.read else self.form.head


@dataclass(frozen=True)
class Merged:
    """A comparison, and where in the file each question of it stands."""

    comparison: Comparison
    places: Mapping[str, str]
    fresh: bool = False  # nothing of the draft stays: equal numbers are other questions


class Contents:
    """What `quarantine.read_file` answered about a file; its workbook is understood once."""

    def __init__(self, answer: Mapping[str, Any], kind: str) -> None:
        self.answer = answer
        self.kind = kind

    @cached_property
    def workbook(self) -> Workbook | None:
        return understood(self.answer) if "sheets" in self.answer else None

    @property
    def foreign(self) -> Workbook | None:
        """Return the workbook that needs a layout; None for a file that speaks for itself."""
        book = self.workbook
        return None if book is None or reading.is_ours(book) else book


def found_in(contents: Contents, layouts: Iterable[Layout] = ()) -> Found:
    """Read a file's contents; Incomplete names what has to be mended first."""
    book = contents.workbook
    if book is None:
        proposal = question_sets.propose(contents.answer["plain"])
        numbered = question_sets.is_filed(contents.answer["plain"])
        return Found(proposal.form, proposal.remarks, numbered=numbered)
    if reading.is_ours(book):
        read = reading.read(book)
        return Found(read.form, _ignored(read), read, numbered=True)
    proposal = proposing.propose(book, layouts)
    return Found(proposal.form, (*_untold(contents.kind), *proposal.remarks))


def _ignored(read: Read) -> tuple[Remark, ...]:
    sentence = _("This sheet is no part of the questionnaire.")
    return tuple(Remark(name, name, sentence) for name in read.ignored)


def _untold(kind: str) -> tuple[Remark, ...]:
    if kind not in BLIND:
        return ()
    sentence = _(
        "Hidden rows, hidden columns and calculated cells cannot be told in a file of this kind; they"
        " are taken like any others. Save it as .xlsx to have them named."
    )
    return (Remark(f".{kind}", _("The whole file"), sentence, taken=True),)


def check(contents: Contents) -> None:
    """Refuse a file at once that will never give a question, whatever a person chooses later."""
    book = contents.foreign
    if book is None:
        if not found_in(contents).form.parts:
            raise _nothing()
    elif not any(sheet.rows for sheet in book.sheets):
        raise _nothing()


def _nothing() -> Incomplete:
    sentence = _("There is no question in this file. Choose another one.")
    return Incomplete(sentence, fields={"file": sentence})


def layouts_for(contents: Contents) -> tuple[Layout, ...]:
    """Return the proposed layouts of what seems to ask something and is not hidden."""
    suggested = foreign.suggest(contents.foreign) if contents.foreign else ()
    return tuple(one for one in suggested if not one.hidden)


def ways(found: Found, draft: Form) -> tuple[Way, ...]:
    """Return how a file may come in, the likeliest first."""
    if found.numbered and found.origin.get("rfp") == draft.head.get("rfp"):
        return (Way.UPDATE,)
    return (Way.ADD, Way.REPLACE) if draft.parts else (Way.REPLACE,)


def merged(found: Found, draft: Form, way: Way) -> Merged:
    """Return the draft as it would be, with every difference."""
    if way is Way.UPDATE and found.read:
        comparison = compare(draft, found.read)
        return Merged(comparison, found.read.places)
    fresh = way is Way.REPLACE and not found.numbered
    nothing = Form(head=draft.head, lots=draft.lots)
    if way is Way.ADD:
        target, names = join(draft, found.form)
    elif fresh:
        target, names = join(nothing, found.form)
    else:
        target, names = replace(numbers_given(found.form), head=draft.head), {}
    target = replace(target, lots=joined(draft.lots, found.form.lots))
    places = _places(found, names)
    changes = (
        (*differences(draft, nothing), *differences(nothing, target, places))
        if fresh
        else differences(draft, target, places)
    )
    comparison = Comparison(
        target=target,
        differences=changes,
        seen=digest_of(draft),
        stale=False,
        other=found.origin.get("rfp", draft.head.get("rfp")) != draft.head.get("rfp"),
        kept=(),
        ignored=(),
    )
    return Merged(comparison, places, fresh)


def _places(found: Found, names: Mapping[str, str]) -> dict[str, str]:
    if found.read:
        return {names.get(code, code): place for code, place in found.read.places.items()}
    return {code: name for name, code in names.items() if name}
