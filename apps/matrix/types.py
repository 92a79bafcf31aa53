"""Subjects of pages and endpoints, and what is read of a round in one go."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from django.utils.translation import gettext as _

from apps.bids.models import Bid, PanelQuestion
from apps.bids.selectors.groups import waits
from apps.bids.types.evidence import kind_label
from apps.core.templatetags import formats
from apps.matrix.models import ScoringRound
from apps.rfp import answers
from apps.rfp.answers import Value
from apps.rfp.models import Question, Section
from apps.workspace.models import Procurement

Cell = tuple[Bid, Question]
SUPERSEDE = "reports.supersede"  # the job that marks reports on superseded rankings; its subject: a reopening


@dataclass(frozen=True)
class Desk:
    """A procurement with its newest scoring round, which the lead may not have begun yet."""

    procurement: Procurement
    scoring_round: ScoringRound | None


@dataclass(frozen=True)
class Item:
    """One question to score, in a round."""

    scoring_round: ScoringRound
    question: Question

    @property
    def procurement(self) -> Procurement:
        return self.scoring_round.procurement


@dataclass(frozen=True)
class Place(Item):
    """One answer to score: a question, of one bid, in a round."""

    bid: Bid


@dataclass(frozen=True)
class ToSend:
    """A question of the panel to one vendor, in a round."""

    scoring_round: ScoringRound
    asked: PanelQuestion

    @property
    def procurement(self) -> Procurement:
        return self.scoring_round.procurement


@dataclass(frozen=True)
class Tried:
    """What an evaluator gives a mock answer, on the question's own scale."""

    value: Decimal
    reason: str


@dataclass(frozen=True)
class Mock:
    """The answer of a mock bid to one question, by its code; whether it is there shows in the act."""

    procurement: Procurement
    code: str


@dataclass(frozen=True)
class FileAt(Place):
    """One file beside an answer, by its digest."""

    sha256: str


@dataclass(frozen=True)
class Chapter:
    """A section of a round, for an evaluator who finishes it."""

    scoring_round: ScoringRound
    section: Section

    @property
    def procurement(self) -> Procurement:
        return self.scoring_round.procurement


@dataclass(frozen=True)
class Leaving:
    """A person of a round, of whose scores somebody decides."""

    scoring_round: ScoringRound
    person: uuid.UUID

    @property
    def procurement(self) -> Procurement:
        return self.scoring_round.procurement


@dataclass(frozen=True)
class Missed:
    """A knock-out that an opened bid did not pass, with the reason that was published for it."""

    code: str
    reason: str
    answered: bool


@dataclass(frozen=True)
class Hold:
    """A score that counts as `level` at most: evidence of a class is missing, or had expired.

    `expired` is the last day of the file that was there, `issued` the day of one that came later and
    was made after bids closed: in ISO 8601, empty where there was none. `agreed` is what the panel had
    agreed, known once a ranking is frozen.
    """

    level: Decimal
    evidence: str
    expired: str = ""
    issued: str = ""
    agreed: Decimal | None = None

    def counts(self, value: Decimal | None) -> Decimal | None:
        return None if value is None else min(value, self.level)

    @property
    def words(self) -> str:
        said = {"level": formats.published(self.level), "what": kind_label(self.evidence)}
        if self.issued:
            day = formats.long_date(dt.date.fromisoformat(self.issued))
            words = _("held at {level}: {what} was issued on {day}, after bids had closed")
            return words.format(**said, day=day)
        if not self.expired:
            return _("held at {level}: no evidence beside the answer ({what})").format(**said)
        day = formats.long_date(dt.date.fromisoformat(self.expired))
        return _("held at {level}: {what} expired on {day}").format(**said, day=day)

    @property
    def sentence(self) -> str:
        """Say both figures, of a frozen ranking: what was agreed, and what it counts as."""
        return _("Agreed {score}, {held}.").format(
            score=formats.published(self.agreed), held=self.words
        )


@dataclass(frozen=True, order=True)
class Mark:
    """A passage that an evaluator marked: characters `start` to `end` of one paragraph, from 0."""

    paragraph: int
    start: int
    end: int


@dataclass(frozen=True)
class Standing:
    """How one answer stands, told from its own bid alone."""

    admitted: bool  # the bid passed the technical knock-outs
    asked: bool  # its own answers do not hide the question
    applies: bool  # the vendor did not answer that it does not apply


@dataclass(frozen=True)
class Board:
    """Everything of a round that does not depend on who scored what, read once.

    `bids` are the admitted ones and `removed` the others, both in the order of letters;
    `given` is every opened answer by bid and question code.
    """

    scoring_round: ScoringRound
    bids: Mapping[uuid.UUID, Bid]
    removed: Mapping[Bid, tuple[Missed, ...]]
    questions: tuple[Question, ...]
    given: Mapping[uuid.UUID, Mapping[str, Value]]
    lots: Mapping[uuid.UUID, str] = field(default_factory=dict)  # code by lot; {} without lots
    covers: Mapping[uuid.UUID, frozenset[str]] = field(default_factory=dict)  # by bid
    out_of: Mapping[uuid.UUID, frozenset[str]] = field(default_factory=dict)  # lots lost to a gate

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """Every answer to score, by question.

        What a bid's own answers hide, and what does not apply to its vendor, is not among them.
        """
        return tuple(
            (bid, question)
            for question in self.questions
            for bid in self.bids.values()
            if self.is_asked(bid, question)
            and not self.is_away(bid, question)
            and self.lot_of(question) not in self.out_of.get(bid.pk, ())
        )

    def lot_of(self, question: Question) -> str | None:
        """Return the code of the one lot that a question is asked for; None for all of them."""
        lot = question.section.lot_id
        return self.lots[lot] if lot else None

    def is_covered(self, bid: Bid, question: Question) -> bool:
        """Whether the bid covers the lot of the question."""
        lot = self.lot_of(question)
        return lot is None or lot in self.covers.get(bid.pk, ())

    def is_asked(self, bid: Bid, question: Question) -> bool:
        """Whether the question is of a lot the bid covers, and its own answers leave it asked."""
        if not self.is_covered(bid, question):
            return False
        given = self.given.get(bid.pk, {})
        return answers.asked(question, given, self.scoring_round.rfp.facts)

    def is_away(self, bid: Bid, question: Question) -> bool:
        """Whether the vendor answered that the question does not apply to it."""
        return answers.is_not_applicable(self.given.get(bid.pk, {}).get(question.code))

    @cached_property
    def keys(self) -> frozenset[tuple[uuid.UUID, uuid.UUID]]:
        """The same as pairs of bid and question."""
        return frozenset((bid.pk, question.pk) for bid, question in self.cells)

    @cached_property
    def waiting(self) -> frozenset[uuid.UUID]:
        """The sections whose group is not released: nobody scores them yet."""
        return frozenset(one.section_id for one in self.questions if waits(one))

    @property
    def sections(self) -> tuple[Section, ...]:
        found = {question.section_id: question.section for question in self.questions}
        return tuple(found.values())
