"""One opened bid as the panel reads it: section by section, under the name it may see."""

from dataclasses import dataclass, replace

from apps.bids.models import Bid
from apps.bids.rules import names_are_open
from apps.bids.selectors.groups import unread
from apps.bids.selectors.opened import (
    attachments_of,
    covering,
    hidden_name,
    packages,
    vendor_names,
)
from apps.bids.types.blinding import mask
from apps.bids.types.evidence import OpenedFile
from apps.core.access import can
from apps.rfp import answers
from apps.rfp.answers import Value
from apps.rfp.models import Lot, Question, Section
from apps.rfp.selectors import lots_of, questionnaire
from apps.rfp.states import AnswerKind
from apps.rfp.types import Chapter
from apps.workspace.models import User


@dataclass(frozen=True)
class OpenedAnswer:
    question: Question
    shown: str
    table: answers.ShownTable | None
    files: tuple[OpenedFile, ...]


@dataclass(frozen=True)
class OpenedBidPage:
    bid: Bid
    name: str
    letter: str
    chapters: tuple[tuple[Chapter, tuple[OpenedAnswer, ...]], ...]
    lots: tuple[Lot, ...]  # those it covers
    waiting: tuple[Section, ...] = ()  # sections whose group is not released


def opened_bid_page(user: User, bid: Bid) -> OpenedBidPage:
    """Return one opened bid to read: what its envelopes hold, section by section."""
    rfp = bid.round.rfp
    given: dict[str, Value] = {}
    kinds: set[str] = set()
    for one, kind, package in packages(user, rfp):
        if one.pk == bid.pk:
            given |= package["answers"]
            kinds.add(kind)
    held = attachments_of(user, rfp).get(bid.pk, {})
    name = hidden_name(user, bid)
    offered = lots_of(rfp)
    lots = tuple(lot for lot in offered if lot.code in covering(rfp)[bid.pk]) if offered else ()
    away = {lot.pk for lot in offered} - {lot.pk for lot in lots}
    shut = unread(user, rfp)
    chapters = [
        chapter
        for chapter in questionnaire(rfp)
        if chapter.section.envelope in kinds and chapter.section.lot_id not in away
    ]
    return OpenedBidPage(
        bid=bid,
        name=vendor_names(user, rfp)[bid.pk],
        letter="" if can(user, "bids.see_names", rfp) and not names_are_open(rfp) else bid.letter,
        chapters=tuple(
            (chapter, _opened_answers(chapter, given, held, name))
            for chapter in chapters
            if chapter.section.pk not in shut
        ),
        lots=lots,
        waiting=tuple(one.section for one in chapters if one.section.pk in shut),
    )


def _opened_answers(
    chapter: Chapter, given: dict[str, Value], held: dict[str, list[OpenedFile]], name: str
) -> tuple[OpenedAnswer, ...]:
    return tuple(
        OpenedAnswer(
            question=one,
            shown=mask(_shown(one, given), name),
            table=_table(one, given.get(one.code), name),
            files=tuple(held.get(one.code, ())),
        )
        for one in chapter.questions
        if one.code in given or one.code in held
    )


def _table(question: Question, value: Value | None, name: str) -> answers.ShownTable | None:
    found = answers.show_table(question, value)
    if found is None or not name:
        return found
    return replace(found, rows=tuple(tuple(mask(c, name) for c in row) for row in found.rows))


def _shown(question: Question, given: dict[str, Value]) -> str:
    """Write an answer for people; of a file question its files say it."""
    value = given.get(question.code)
    if question.kind == AnswerKind.FILE and not answers.is_not_applicable(value):
        return ""
    return answers.show(question, value)
