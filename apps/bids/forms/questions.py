"""A section's questions as blocks of a page: the control, its files, what was wrong, who was faster."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from apps.bids.forms.answers import (
    Control,
    NotApplicable,
    control,
    id_of,
    not_applicable,
    take_of,
    version_of,
)
from apps.bids.selectors.sections import SectionPage
from apps.bids.types.draft import DraftFile, Kept
from apps.core import files
from apps.core.errors import Conflict, Incomplete
from apps.rfp import answers
from apps.rfp.models import Question
from apps.rfp.selectors.differences import Piece, words
from apps.rfp.states import AnswerKind, ScoringMode

OF_FILES = frozenset({"file", "expires"})  # what a refused file is about


@dataclass(frozen=True)
class Standing:
    """What a colleague saved while this answer was written."""

    shown: str
    saved_by: str
    base: str  # what stood before both; empty where nothing did
    pieces: tuple[Piece, ...]  # from the base to theirs, word by word
    take_name: str


@dataclass(frozen=True)
class Block:
    question: Question
    control: Control
    na: NotApplicable | None
    version: int
    version_name: str
    kept: Kept | None
    files: tuple[DraftFile, ...]
    error: str
    file_error: str
    standing: Standing | None
    takes_files: bool
    accept: str
    kinds: str
    anchors: tuple[str, ...]
    answered: bool
    shown: str
    table: answers.ShownTable | None
    asked: bool
    comments: int
    is_new: bool  # changed by a colleague since one's last visit
    follows: bool  # other answers decide whether it is asked

    @property
    def id(self) -> str:
        return id_of(self.question)


def blocks(
    page: SectionPage, typed: Mapping[str, Any], refused: Mapping[str, Incomplete | Conflict]
) -> list[Block]:
    """Build what a section shows: stored answers, or what was typed where it was refused.

    A question that other answers hide is among them, for the script to show once it is asked.
    """
    currency = page.draft.bid.round.rfp.procurement.currency
    return [_block(page, one, typed, refused.get(one.code), currency) for one in page.offered]


def _block(
    page: SectionPage,
    question: Question,
    typed: Mapping[str, Any],
    error: Incomplete | Conflict | None,
    currency: str,
) -> Block:
    kept = page.draft.kept.get(question.pk)
    stored = kept.value if kept else None
    shown = typed[question.code] if error and question.code in typed else stored
    fields = error.fields if error else {}
    is_file = question.kind == AnswerKind.FILE
    return Block(
        question=question,
        control=control(question, shown, currency),
        na=not_applicable(question, shown),
        version=kept.version if kept else 0,
        version_name=version_of(question),
        kept=kept,
        files=page.draft.files.get(question.pk, ()),
        error=""
        if error is None or OF_FILES & set(fields)
        else fields.get("answer", error.sentence),
        file_error=fields.get("file", fields.get("expires", "")),
        standing=_standing(question, error, kept),
        takes_files=is_file or bool(question.evidence),
        accept=",".join(f".{kind}" for kind in question.options) if is_file else "",
        kinds=_kinds(question.options if is_file else ()),
        anchors=_anchors(question),
        answered=question.code in page.draft.values,
        shown=answers.show(question, page.draft.values.get(question.code)),
        table=answers.show_table(question, page.draft.values.get(question.code)),
        asked=question.code in page.draft.asked,
        is_new=page.is_new(question),
        comments=page.comments.get(question.pk, 0),
        follows=bool(answers.questions_in(question.condition)),
    )


def _kinds(options: Sequence[str]) -> str:
    """Name the kinds of file that are taken: those the question asks for, else all."""
    found = options or [suffix[1:] for suffix in files.KINDS]
    return ", ".join(dict.fromkeys(kind.upper() for kind in found))


def _standing(
    question: Question, error: Incomplete | Conflict | None, kept: Kept | None
) -> Standing | None:
    if not isinstance(error, Conflict) or kept is None:
        return None
    theirs, before = answers.show(question, kept.value), error.current.get("base")
    base = str(before["shown"]) if isinstance(before, Mapping) else ""
    return Standing(theirs, kept.saved_by, base, words(base, theirs), take_of(question))


def _anchors(question: Question) -> tuple[str, ...]:
    """The rubric from its lowest point up, where people score."""
    if question.mode != ScoringMode.MANUAL:
        return ()
    return tuple(text for _score, text in sorted(question.rubric.items(), key=_by_score))


def _by_score(pair: tuple[str, str]) -> float:
    return float(pair[0])


def refusals(units: list[Block]) -> list[tuple[str, str]]:
    """Return (id of the control, sentence) pairs for the top of the page."""
    return [
        (f"{one.id}-file" if one.file_error else one.id, one.file_error or one.error)
        for one in units
        if one.error or one.file_error
    ]
