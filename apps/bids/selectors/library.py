"""A vendor's earlier answers: its library, the answers of its other bids, and what fits a question."""

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from apps.bids import adapters
from apps.bids.models import Answer, Bid, LibraryEntry, LibraryImport
from apps.bids.selectors.drafts import bid_for, bids_of, read_answer
from apps.bids.selectors.kept_keys import is_locked
from apps.bids.selectors.own_opened import opened_quality
from apps.bids.types.library import Entry, Layout, Taken, age_of, entry_of, propose, taken
from apps.bids.types.matching import Index, Text
from apps.core import clock, files
from apps.core.errors import NotFound, WrongState
from apps.proof import canonical
from apps.rfp import answers
from apps.rfp.answers import Value
from apps.rfp.models import Question
from apps.rfp.states import AnswerKind
from apps.workspace.models import User

ENTRY, BROUGHT, NAME = "library entry", "brought", "brought name"
MOST_BIDS = 10  # earlier bids whose answers are offered, the newest first
OFFERED = 3
TEXTS = (AnswerKind.TEXT_LONG, AnswerKind.TEXT_SHORT)


@dataclass(frozen=True)
class BidEntry:
    """An entry of the vendor's library as a subject of one of its bids."""

    bid: Bid
    held: LibraryEntry

    @property
    def vendor_id(self) -> uuid.UUID:
        return self.bid.vendor_id


@dataclass(frozen=True)
class BidImport:
    """What a person brought for the library as a subject: whose vendor's, and whose own."""

    bid: Bid
    held: LibraryImport

    @property
    def vendor_id(self) -> uuid.UUID:
        return self.bid.vendor_id


@dataclass(frozen=True)
class Offer:
    """An earlier answer: `source` names the bid it stands in, empty for the library."""

    key: uuid.UUID
    entry: Entry
    age: str
    source: str = ""
    bid_id: uuid.UUID | None = None


def read_entry(held: LibraryEntry) -> Entry:
    plain = adapters.fetch(
        held.ciphertext, vendor_id=held.organisation_id, kind=ENTRY, subject=held.pk
    )
    return entry_of(plain)


def library_of(bid: Bid) -> list[Offer]:
    """Return the vendor's library: one query, newest first."""
    today = clock.now().date()
    held = LibraryEntry.objects.filter(organisation_id=bid.vendor_id)
    found = []
    for one in held.order_by("-created_at", "-pk"):
        entry = read_entry(one)
        found.append(Offer(one.pk, entry, age_of(entry.day, today)))
    return found


def earlier_bids(user: User, bid: Bid) -> list[Bid]:
    """Return the vendor's other bids, the newest first."""
    others = bids_of(user).filter(vendor_id=bid.vendor_id).exclude(pk=bid.pk)
    return list(others[:MOST_BIDS])


def answers_given(bids: Sequence[Bid]) -> list[Offer]:
    """Return the written answers of one's own bids, in two queries, however many there are.

    Those of a submitted bid come with its key in hand, or once they were opened.
    """
    today, of_bid = clock.now().date(), {one.pk: one for one in bids}
    held = Answer.objects.filter(bid__in=list(of_bid), question__kind__in=TEXTS)
    held = held.select_related("question", "saved_by").order_by("-saved_at", "-pk")
    sealed = opened_quality(one for one in bids if is_locked(one))
    return list(_given(held, of_bid, sealed, today))


def _value_of(stored: Answer, opened: Mapping[uuid.UUID, Mapping[str, Value]]) -> Value | None:
    """Return an answer by its key, else as it was opened; None where it is neither."""
    try:
        return read_answer(stored).value
    except WrongState:
        return opened.get(stored.bid_id, {}).get(stored.question.code)


def _given(
    held: Iterable[Answer],
    of_bid: Mapping[uuid.UUID, Bid],
    opened: Mapping[uuid.UUID, Mapping[str, Value]],
    today: dt.date,
) -> Iterator[Offer]:
    for one in held:
        value = _value_of(one, opened)
        if not isinstance(value, str) or answers.is_blank(value):
            continue
        day = one.saved_at.date().isoformat()
        entry = Entry(one.question.text, value, one.question.topic, one.saved_by.name, day)
        case = of_bid[one.bid_id].round.rfp.procurement
        source = f"{case.reference} {case.title}"
        yield Offer(one.pk, entry, age_of(day, today), source, one.bid_id)


def entry_for(user: User, *, bid_id: uuid.UUID, entry_id: uuid.UUID) -> BidEntry:
    bid = bid_for(user, bid_id=bid_id)
    found = LibraryEntry.objects.filter(organisation_id=bid.vendor_id, pk=entry_id).first()
    if found is None:
        raise NotFound(_("There is no such answer in your library."))
    return BidEntry(bid, found)


def import_for(user: User, *, bid_id: uuid.UUID, import_id: uuid.UUID) -> BidImport:
    """Return what this person brought."""
    bid = bid_for(user, bid_id=bid_id)
    mine = LibraryImport.objects.filter(organisation_id=bid.vendor_id, owner=user)
    found = mine.filter(pk=import_id).first()
    if found is None:
        raise NotFound(_("This file is not kept any more. Upload it again."))
    return BidImport(bid, found)


@dataclass(frozen=True)
class Waiting:
    held: LibraryImport
    name: str


def waiting_imports(user: User, bid: Bid) -> list[Waiting]:
    """Return what this person brought and has neither saved nor given up."""
    held = LibraryImport.objects.filter(organisation_id=bid.vendor_id, owner=user)
    return [Waiting(one, name_of_import(one)) for one in held.order_by("created_at", "pk")]


def name_of_import(held: LibraryImport) -> str:
    name: str = adapters.fetch(
        held.name, vendor_id=held.organisation_id, kind=NAME, subject=held.pk
    )
    return name


def content_of_import(held: LibraryImport) -> bytes:
    return adapters.fetch_bytes(
        files.read(held.blob), vendor_id=held.organisation_id, kind=BROUGHT, subject=held.pk
    )


@dataclass(frozen=True)
class Sheet:
    name: str
    rows: tuple[tuple[str, ...], ...]

    @property
    def width(self) -> int:
        return max(map(len, self.rows), default=0)


def sheets_of(held: LibraryImport) -> list[Sheet]:
    plain = canonical.decode(content_of_import(held))
    return [Sheet(one["name"], tuple(map(tuple, one["rows"]))) for one in plain]


@dataclass(frozen=True)
class Preview:
    """What an import would save: `known` are the rows whose answer the library has already."""

    name: str
    sheets: tuple[Sheet, ...]
    layout: Layout
    fresh: tuple[Taken, ...]
    known: tuple[Taken, ...]
    left: tuple[Taken, ...]


def preview_of(bid: Bid, held: LibraryImport, layout: Layout | None) -> Preview:
    """Say all that an import would do; saves nothing. Without a layout the likeliest one."""
    sheets = sheets_of(held)
    chosen = layout or propose([one.rows for one in sheets])
    if chosen.sheet >= len(sheets):
        chosen = Layout()
    rows = sheets[chosen.sheet].rows if sheets else ()
    marks = set(
        LibraryEntry.objects.filter(organisation_id=bid.vendor_id).values_list(
            "fingerprint", flat=True
        )
    )
    fresh, known, left = list[Taken](), list[Taken](), list[Taken]()
    for one in taken(rows, chosen):
        mark = mark_of(bid, one.entry) if one.entry else ""
        group = left if one.entry is None else known if mark in marks else fresh
        group.append(one)
        marks.add(mark)
    return Preview(
        name_of_import(held), tuple(sheets), chosen, tuple(fresh), tuple(known), tuple(left)
    )


def mark_of(bid: Bid, entry: Entry) -> str:
    """Name an entry by what it says, whatever its spaces."""
    said = " ".join(entry.question.split()), " ".join(entry.answer.split())
    return adapters.fingerprint(bid.vendor_id, "\0".join(said))


@dataclass(frozen=True)
class Suggestions:
    """What the vendor answered before to questions like this one; the best first."""

    question: Question
    offers: tuple[Offer, ...]
    searched: int


def suggestions_for(user: User, bid: Bid, question: Question) -> Suggestions:
    """Find the three earlier answers that fit a question best, in library and earlier bids."""
    every = [*library_of(bid), *answers_given(earlier_bids(user, bid))]
    asked = f"{question.topic}. {question.text}"
    return Suggestions(question, tuple(_best(every, asked, OFFERED)), len(every))


def found_in_library(bid: Bid, words: str, most: int = 50) -> list[Offer]:
    """Return the entries that fit some words, the best first."""
    return _best(library_of(bid), words, most)


def _best(every: Sequence[Offer], words: str, most: int) -> list[Offer]:
    texts = [Text(one, one.entry.question, one.entry.topic, one.entry.answer) for one in every]
    return [match.item for match in Index(texts).best(words, most)]
