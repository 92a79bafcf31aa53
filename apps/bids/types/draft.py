"""A vendor's draft as its own people see it: decrypted, with what is asked and what is missing."""

import datetime as dt
import uuid
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from apps.bids.models import Bid
from apps.bids.types.places import anchor_of
from apps.rfp import answers
from apps.rfp.answers import Value
from apps.rfp.models import Lot, Question, Section
from apps.rfp.states import AnswerKind
from apps.rfp.types import Chapter

WHOLE = ""  # the key of the one price sheet of a tender without lots


@dataclass(frozen=True)
class Kept:
    """What stands for one question: its value, its version, who saved it and when."""

    value: Value
    version: int
    saved_at: dt.datetime
    saved_by: str
    saved_by_id: uuid.UUID
    shown: str = ""


@dataclass(frozen=True)
class DraftFile:
    """One file of the draft. `key` opens it; it never leaves the server."""

    id: uuid.UUID
    question_id: uuid.UUID
    name: str
    size: int
    sha256: str
    blob: str
    key: str = field(repr=False)
    added_by: str
    added_at: dt.datetime
    expires: str = ""  # the day until which it is valid, where that is known
    kind: str = ""  # a class of EvidenceClass
    issued: str = ""
    evidence: str = ""  # which of the vendor's own files it was copied from

    @property
    def facts(self) -> dict[str, Any]:
        until = {"expires": self.expires} if self.expires else {}
        return {"name": self.name, "sha256": self.sha256, "size": self.size, **until}


@dataclass(frozen=True)
class DraftPrice:
    sheet: dict[str, Any]
    version: int
    saved_at: dt.datetime
    saved_by: str


@dataclass(frozen=True)
class Gap:
    """Something that has to be there before the bid can be submitted."""

    code: str
    sentence: str
    section: str = ""  # code of the section; empty for the price sheet
    lot: str = ""  # code of the lot that it keeps back; empty where it keeps all of them back

    @property
    def anchor(self) -> str:
        return anchor_of(self.code)


@dataclass(frozen=True)
class Progress:
    section: Section
    questions: int
    answered: int
    hidden: int
    gaps: tuple[Gap, ...]

    @property
    def state(self) -> str:
        if not self.gaps:
            return "done"
        return "progress" if self.answered else "todo"


@dataclass(frozen=True)
class Draft:
    """Everything of one bid, in the order of the questionnaire.

    `values` holds every answer that is not blank, of a file question the facts of its files. For
    whom the price is not shown there is no chapter of the price response, and no gap in it.
    Where the tender has lots, `lots` are those that the vendor chose: chapters and prices are theirs.
    """

    bid: Bid
    chapters: tuple[Chapter, ...]
    kept: Mapping[uuid.UUID, Kept]
    files: Mapping[uuid.UUID, tuple[DraftFile, ...]]
    prices: Mapping[str, DraftPrice]  # by code of the lot
    values: Mapping[str, Value]
    asked: frozenset[str]
    sees_price: bool = True
    asks_price: bool = True  # a request for information asks for none
    offered: tuple[Lot, ...] = ()  # the lots of the tender
    lots: tuple[Lot, ...] = ()
    settled: bool = False  # read from what was opened: it is as it is, and nothing is missing

    @property
    def price(self) -> DraftPrice | None:
        """The price sheet of a tender without lots."""
        return self.prices.get(WHOLE)

    def of_lots(self, codes: Collection[str]) -> "Draft":
        """Return the draft as far as it concerns some of its lots."""
        kept = tuple(lot for lot in self.lots if lot.code in codes)
        away = {lot.pk for lot in self.offered} - {lot.pk for lot in kept}
        chapters = tuple(one for one in self.chapters if one.section.lot_id not in away)
        prices = {code: price for code, price in self.prices.items() if code in codes}
        return replace(self, lots=kept, chapters=chapters, prices=prices)

    @property
    def questions(self) -> Iterator[Question]:
        return (question for chapter in self.chapters for question in chapter.questions)

    @property
    def answers(self) -> dict[str, Value]:
        """The answers that count: to questions that are asked, by code."""
        return {code: value for code, value in self.values.items() if code in self.asked}

    def _gap(self, question: Question) -> tuple[str, str] | None:
        least = answers.least_rows(question) if question.kind in answers.TABLES else 0
        missing = self._missing(question, least)
        if not missing:
            return None
        named = {"code": question.code, "topic": question.topic, "least": least}
        return question.code, missing.format(**named)

    def _missing(self, question: Question, least: int) -> str:
        """Say what an answer lacks, as a sentence to fill in; empty when it can be submitted."""
        value = self.values.get(question.code)
        if self.settled:
            return ""
        if answers.is_not_applicable(value) or (value is None and not question.required):
            return ""
        if value is None:
            file = question.kind == AnswerKind.FILE
            return _("{code} {topic}: attach a file") if file else _("{code} {topic}: not answered")
        if len(value) < least:
            return _("{code} {topic}: give at least {least} rows")
        if question.evidence_required and not self.files.get(question.pk):
            return _("{code} {topic}: attach the evidence")
        return ""

    def progress(self) -> tuple[Progress, ...]:
        return tuple(map(self._progress, self.chapters))

    def _progress(self, chapter: Chapter) -> Progress:
        shown = [question for question in chapter.questions if question.code in self.asked]
        found = (self._gap(question) for question in shown)
        return Progress(
            section=chapter.section,
            questions=len(shown),
            answered=sum(question.code in self.values for question in shown),
            hidden=len(chapter.questions) - len(shown),
            gaps=tuple(
                Gap(*gap, chapter.section.code, self._code_of(chapter.section))
                for gap in found
                if gap
            ),
        )

    def gaps(self) -> tuple[Gap, ...]:
        """Return everything that is missing before this bid can be submitted."""
        if self.settled:
            return ()
        found = [gap for progress in self.progress() for gap in progress.gaps]
        if self.offered and not self.lots:
            found.append(Gap("lots", _("Choose the lots you bid for")))
        return (*found, *(self._unpriced() if self.sees_price and self.asks_price else ()))

    def _unpriced(self) -> Iterator[Gap]:
        if not self.offered and self.price is None:
            yield Gap("price", _("Price sheet: not filled in"))
        for lot in self.lots:
            if lot.code not in self.prices:
                sentence = _("Price sheet of lot {code}: not filled in").format(code=lot.code)
                yield Gap(f"price-{lot.code}", sentence, lot=lot.code)

    def _code_of(self, section: Section) -> str:
        return next((lot.code for lot in self.lots if lot.pk == section.lot_id), "")
