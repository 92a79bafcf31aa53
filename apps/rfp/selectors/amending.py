"""An addendum as it would change a published RFP: tried out in memory, shown as differences."""

import copy
import datetime as dt
import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from apps.core import clock
from apps.core.access import can
from apps.core.errors import NotFound
from apps.rfp.models import Addendum, Extension, Question, Rfp, Version
from apps.rfp.selectors.differences import Difference, differences
from apps.rfp.selectors.freezing import content_of
from apps.rfp.selectors.reading import questionnaire, rfp_for
from apps.rfp.states import AddendumState, ExtensionState, RfpState
from apps.rfp.types import Chapter
from apps.workspace.models import User

NEAR = dt.timedelta(days=5)  # so close to the deadline an addendum needs more time, or a reason


@dataclass(frozen=True)
class Published:
    """A published addendum with what it changed."""

    addendum: Addendum
    differences: tuple[Difference, ...]


@dataclass(frozen=True)
class AddendaPage:
    rfp: Rfp
    published: tuple[Published, ...]
    versions: tuple[Version, ...]
    draft: Addendum | None
    may_start: bool


@dataclass(frozen=True)
class AddendumPage:
    """The draft of an addendum: what it would change, and what it may change."""

    addendum: Addendum
    rfp: Rfp
    differences: tuple[Difference, ...]
    changes: tuple[str, ...]  # in words, in their order
    chapters: tuple[Chapter, ...]
    removable: tuple[Question, ...]
    late: bool
    version: int


def row_of(question: Question) -> dict[str, Any]:
    """Return a question as plain data by column, as the database reads it back."""
    found: dict[str, Any] = {}
    for field in Question._meta.concrete_fields:
        value = getattr(question, field.attname)
        plain = value is None or isinstance(value, bool | int | str | list | dict)
        found[field.column] = value if plain else str(value)
    return found


def question_from(row: Mapping[str, Any]) -> Question:
    fields = Question._meta.concrete_fields
    return Question(**{one.attname: one.to_python(row[one.column]) for one in fields})


def trial(
    rfp: Rfp, chapters: Iterable[Chapter], changes: Sequence[Mapping[str, Any]]
) -> tuple[Rfp, tuple[Chapter, ...]]:
    """Return the RFP and its sections as they would be after the changes; nothing is written."""
    after = copy.copy(rfp)
    texts: dict[str, Mapping[str, str]] = {}
    gone: set[str] = set()
    added: list[Question] = []
    for change in changes:
        if change["kind"] == "introduction":
            after.introduction = change["to"]
        elif change["kind"] == "facts":
            after.facts = change["to"]
        elif change["kind"] == "question":
            texts[change["question"]] = change["to"]
        elif change["kind"] == "withdraw":
            gone.add(change["question"])
        else:
            added.append(question_from(change["row"]))
    return after, tuple(_chapter(one, texts, gone, added) for one in chapters)


def _chapter(
    chapter: Chapter, texts: Mapping[str, Mapping[str, str]], gone: set[str], added: list[Question]
) -> Chapter:
    kept = []
    for one in chapter.questions:
        if str(one.pk) in gone:
            continue
        question = copy.copy(one)
        for name, text in texts.get(str(one.pk), {}).items():
            setattr(question, name, text)
        kept.append(question)
    new = [one for one in added if one.section_id == chapter.section.pk]
    return Chapter(chapter.section, (*kept, *new))


def amended(rfp: Rfp, changes: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the content as it would be published after the changes."""
    return content_of(*trial(rfp, questionnaire(rfp), changes))


def addendum_for(user: User, *, procurement_id: uuid.UUID, addendum_id: uuid.UUID) -> Addendum:
    rfp = rfp_for(user, procurement_id=procurement_id)
    found = Addendum.objects.filter(rfp=rfp, pk=addendum_id).first()
    if found is None:
        raise NotFound(_("There is no such addendum of this RFP."))
    found.rfp = rfp
    return found


def published_addenda(rfp: Rfp) -> tuple[Published, ...]:
    """Return what was changed since publication, newest first: two queries."""
    found = Addendum.objects.filter(rfp=rfp, state=AddendumState.PUBLISHED).order_by("-version")
    addenda = list(found)
    if not addenda:
        return ()
    contents = {
        one.number: json.loads(one.content)
        for one in Version.objects.filter(rfp=rfp)
        if one.content
    }
    return tuple(
        Published(one, differences(contents.get(one.version - 1, {}), contents[one.version]))
        for one in addenda
        if one.version
    )


def current_version(rfp: Rfp) -> Version | None:
    """Return the version that stands; None before publication."""
    return Version.objects.filter(rfp=rfp).order_by("-number").first()


def addenda_page(user: User, rfp: Rfp) -> AddendaPage:
    draft = Addendum.objects.filter(rfp=rfp, state=AddendumState.DRAFT).first()
    running = rfp.state == RfpState.PUBLISHED and clock.database_now() < rfp.round.closes_at
    may = can(user, "rfp.amend", rfp)
    return AddendaPage(
        rfp=rfp,
        published=published_addenda(rfp),
        versions=tuple(Version.objects.filter(rfp=rfp).order_by("-number")),
        draft=draft if may else None,
        may_start=may and running and draft is None,
    )


def addendum_page(addendum: Addendum) -> AddendumPage:
    rfp = addendum.rfp
    chapters = questionnaire(rfp)
    now = content_of(rfp, chapters)
    then = content_of(*trial(rfp, chapters, addendum.changes))
    last = current_version(rfp)
    return AddendumPage(
        addendum=addendum,
        rfp=rfp,
        differences=differences(now, then),
        changes=tuple(_named(one, chapters) for one in addendum.changes),
        chapters=chapters,
        removable=tuple(
            one
            for chapter in chapters
            for one in chapter.questions
            if not one.weight and not one.knockout
        ),
        late=comes_late(addendum),
        version=last.number + 1 if last else 1,
    )


def _named(change: Mapping[str, Any], chapters: Iterable[Chapter]) -> str:
    """Say in words what one change of the draft is about."""
    codes = {str(one.pk): one.code for chapter in chapters for one in chapter.questions}
    code = codes.get(change.get("question", ""), "")
    if change["kind"] == "add":
        return _("New question {code}").format(code=change["row"]["code"])
    if change["kind"] == "withdraw":
        return _("Question {code} is not asked any more").format(code=code)
    if change["kind"] == "question":
        return _("Question {code}").format(code=code)
    return _("Introduction") if change["kind"] == "introduction" else _("Facts of the tender")


def comes_late(addendum: Addendum) -> bool:
    """Whether the deadline is near and was not moved since the addendum was begun."""
    rfp = addendum.rfp
    if rfp.round.closes_at - clock.database_now() >= NEAR:
        return False
    moved = Extension.objects.filter(
        rfp=rfp, state=ExtensionState.CONFIRMED, decided_at__gte=addendum.created_at
    )
    return not moved.exists()
