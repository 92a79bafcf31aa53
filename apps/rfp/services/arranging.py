"""The order of a draft: sections and questions take another place; codes stay their names."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.errors import Incomplete
from apps.rfp.models import Question, Rfp, Section
from apps.rfp.selectors.soundness import Around, faults
from apps.rfp.services.drafting import open_draft, record, refuse
from apps.rfp.services.rows import update
from apps.workspace.models import User


def _number(rows: Sequence[Any], fields: Sequence[str] = ("position",)) -> None:
    """Number rows from 1 in their order and save those that changed, in one statement."""
    moved = []
    for position, row in enumerate(rows, start=1):
        if row.position != position:
            row.position = position
            moved.append(row)
    if moved:
        update(moved, fields)


def _neighbour(rows: list[Any], moved: Any, *, up: bool) -> bool:
    """Exchange a row with its neighbour; False at the end, where it stays."""
    at = next(i for i, row in enumerate(rows) if row.pk == moved.pk)
    to = at - 1 if up else at + 1
    if not 0 <= to < len(rows):
        return False
    rows[at], rows[to] = rows[to], rows[at]
    _number(rows)
    return True


def _questions(section: Section) -> list[Question]:
    return list(Question.objects.filter(section=section).order_by("position", "pk"))


@transaction.atomic
def move_section(*, rfp: Rfp, section: Section, up: bool, actor: User) -> None:
    """Move a section one place up or down; at the end it stays where it is."""
    open_draft(rfp, actor)
    rows = list(Section.objects.filter(rfp=rfp).order_by("position", "pk"))
    if _neighbour(rows, section, up=up):
        record(rfp, "move_section", actor, section=section.code, up=up)


@transaction.atomic
def move_question(*, question: Question, up: bool, actor: User) -> None:
    """Move a question one place up or down inside its section."""
    open_draft(question.rfp, actor)
    if _neighbour(_questions(question.section), question, up=up):
        record(question.rfp, "move_question", actor, question=question.code, up=up)


@transaction.atomic
def place_question(
    *, question: Question, actor: User, section: Section | None = None, place: int | None = None
) -> Question:
    """Put a question at a place, 1 for the first and None for the end, here or in another section.

    Raises Incomplete where the other section cannot hold it: scored questions stay out of the
    commercial envelope, prices out of the technical one.
    """
    open_draft(question.rfp, actor)
    here, there = question.section, section or question.section
    if there.rfp_id != question.rfp_id:
        raise refuse("section", _("Choose a section of this RFP."))
    if place is not None and place < 1:
        raise refuse("place", _("Count places from 1."))
    rows = [one for one in _questions(there) if one.pk != question.pk]
    rows.insert(len(rows) if place is None else min(place - 1, len(rows)), question)
    if here.pk != there.pk:
        _fits(question, there)
        question.section = there
        question.save(update_fields=["section"])
        _number([one for one in _questions(here) if one.pk != question.pk])
    _number(rows)
    record(
        question.rfp,
        "place_question",
        actor,
        question=question.code,
        section=there.code,
        place=1 + next(at for at, one in enumerate(rows) if one.pk == question.pk),
    )
    return question


def _fits(question: Question, section: Section) -> None:
    """Refuse a section whose envelope is not the question's; other faults are not the move's."""
    held = list(Question.objects.filter(rfp=question.rfp))
    around = Around.of(held, question.rfp.questionnaire)
    before = faults(question, around)
    moved = Question.objects.select_related("section").get(pk=question.pk)
    moved.section = section
    broken = {name: text for name, text in faults(moved, around).items() if name not in before}
    if broken:
        raise Incomplete(next(iter(broken.values())), fields=broken)
