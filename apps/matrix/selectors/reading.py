"""An answer as an evaluator reads it: as given, with the vendor's name hidden until the lock."""

import datetime as dt
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from apps.bids import selectors as bids
from apps.bids.models import Bid
from apps.bids.selectors.panel_questions import explained_content, explained_files
from apps.bids.types.blinding import names_of
from apps.bids.types.evidence import OpenedFile
from apps.core.errors import NotFound
from apps.matrix.models import Score, ScoringRound
from apps.matrix.selectors.marking import Paragraphs, Passage, marked
from apps.matrix.states import ScoringPhase
from apps.matrix.types import Cell, FileAt, Mark
from apps.rfp import answers
from apps.rfp.answers import Value
from apps.rfp.models import Question
from apps.rfp.states import AnswerKind
from apps.workspace.models import User

TEXTS = (AnswerKind.TEXT_SHORT, AnswerKind.TEXT_LONG)
PARAGRAPH = re.compile(r"\n\s*\n")


@dataclass(frozen=True)
class Table:
    columns: tuple[str, ...]
    rows: tuple[tuple[tuple[Passage, ...], ...], ...]


@dataclass(frozen=True)
class Evidence:
    """One file beside an answer, under a name that does not tell whose it is."""

    label: str
    size: int
    sha256: str
    expires: str
    came_at: dt.datetime | None = None  # of a file that came with an explanation


@dataclass(frozen=True)
class Reading:
    """What a bid says to one question."""

    paragraphs: tuple[tuple[Passage, ...], ...]
    table: Table | None
    files: tuple[Evidence, ...]
    words: int | None
    blank: bool
    markable: bool = False  # the text reads the same for everybody


def names_hidden(scoring_round: ScoringRound) -> bool:
    """Names stand beside letters once the scores are locked, for everybody from the same moment."""
    return scoring_round.phase != ScoringPhase.LOCKED


def name_of(scoring_round: ScoringRound, bid: Bid) -> str:
    if names_hidden(scoring_round):
        return _("Bid {letter}").format(letter=bid.letter)
    return bid.vendor.name


def read(
    question: Question,
    bid: Bid,
    value: Value | None,
    files: Sequence[OpenedFile],
    *,
    hide: bool,
    marks: Sequence[Mark] = (),
) -> Reading:
    """Return an answer in pieces that a page escapes and sets; `marks` lie in what was given."""
    blank = answers.is_blank(value)
    name = bid.vendor.name if hide else ""
    is_text = question.kind in TEXTS and not answers.is_not_applicable(value)
    paragraphs = _paragraphs(question, value, name)
    return Reading(
        paragraphs=tuple(
            marked(part, [one for one in marks if one.paragraph == place])
            for place, part in enumerate(paragraphs)
        ),
        table=_table(question, value, name),
        files=tuple(
            Evidence(
                *(_label(place, file, hide=hide), file.size, file.sha256, file.expires),
                came_at=file.came_at,
            )
            for place, file in enumerate(files, start=1)
        ),
        words=len(str(value).split()) if is_text and not blank else None,
        blank=blank and all(one.came_at for one in files),
        markable=is_text and not blank,
    )


def _paragraphs(
    question: Question, value: Value | None, name: str
) -> tuple[tuple[Passage, ...], ...]:
    said = question.kind not in {*answers.TABLES, AnswerKind.FILE}
    if answers.is_blank(value) or not (said or answers.is_not_applicable(value)):
        return ()
    return tuple(_passages(part, name) for part in PARAGRAPH.split(answers.show(question, value)))


def hidden_in(text: str, bid: Bid, *, hide: bool) -> tuple[Passage, ...]:
    """Return what a vendor says beside its answers, its name hidden like there."""
    return _passages(text, bid.vendor.name if hide else "")


def _passages(text: str, name: str) -> tuple[Passage, ...]:
    if not name.strip():
        return (Passage(text),)
    parts = re.split(f"({names_of(name)})", text)
    return tuple(
        Passage(_("[vendor]"), hidden=True, size=len(part)) if place % 2 else Passage(part)
        for place, part in enumerate(parts)
        if part
    )


def _table(question: Question, value: Value | None, name: str) -> Table | None:
    if answers.show_table(question, value) is None:
        return None
    columns = answers.columns_of(question)
    rows: Any = value
    return Table(
        columns=tuple(column.code for column in columns),
        rows=tuple(
            tuple(_cell(column, row.get(column.code), name) for column in columns) for row in rows
        ),
    )


def _cell(column: Any, value: Value | None, name: str) -> tuple[Passage, ...]:
    return () if answers.is_blank(value) else _passages(answers.show(column, value), name)


def _kind(name: str) -> str:
    stem, dot, ending = name.rpartition(".")
    return ending.lower() if stem and dot and ending.isalnum() else ""


def _label(place: int, file: OpenedFile, *, hide: bool) -> str:
    if not hide:
        return file.name
    kind = _kind(file.name)
    label = _("File {number}").format(number=place)
    return f"{label} ({kind.upper()})" if kind else label


def answer_to_mark(user: User, scoring_round: ScoringRound, cell: Cell) -> Paragraphs:
    """Return the text of one answer as its page shows it; nothing where it is no text."""
    bid, question = cell
    given = bids.answers_of(user, scoring_round.rfp, bid) or {}
    seen = read(question, bid, given.get(question.code), (), hide=names_hidden(scoring_round))
    return seen.paragraphs if seen.markable else ()


def marks_of(score: Score) -> tuple[Mark, ...]:
    """Return the passages that an evaluator marked, by their place in what the vendor wrote."""
    return tuple(Mark(*one) for one in score.marks)


Files = Mapping[uuid.UUID, Mapping[str, Sequence[OpenedFile]]]


def _beside(files: Files, place: tuple[uuid.UUID, str]) -> Sequence[OpenedFile]:
    bid, code = place
    return files.get(bid, {}).get(code, ())


def evidence_for(user: User, held: FileAt) -> tuple[str, bytes]:
    """Return one file of one answer: the name to save it under, and its content."""
    rfp, place = held.scoring_round.rfp, (held.bid.pk, held.question.code)
    beside = [
        *_beside(bids.attachments_of(user, rfp), place),
        *_beside(explained_files(user, rfp), place),
    ]
    for number, file in enumerate(beside, start=1):
        if file.sha256 == held.sha256:
            content = (
                explained_content(held.bid, file.sha256)
                if file.came_at
                else bids.opened_file(user, held.bid, file.sha256)[1]
            )
            if not names_hidden(held.scoring_round):
                return file.name, content
            kind = _kind(file.name)
            stem = f"bid-{held.bid.letter}-{held.question.code}-{number}"
            return f"{stem}.{kind}" if kind else stem, content
    raise NotFound(_("There is no such file beside this answer."))
