"""What a passport would hold, and what one that was brought says."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy

from apps.bids.models import Bid, LibraryEntry, LibraryImport, PinnedKey
from apps.bids.selectors.evidence import HeldFile, files_held
from apps.bids.selectors.library import (
    Waiting,
    answers_given,
    content_of_import,
    earlier_bids,
    library_of,
    mark_of,
    waiting_imports,
)
from apps.bids.types.evidence import About, parse_about
from apps.bids.types.library import Entry, age_of, entry_of
from apps.core import clock
from apps.core.access import can
from apps.core.errors import Unfit
from apps.core.quarantine.reading import read_plain
from apps.proof import passports
from apps.proof.errors import BrokenPassport
from apps.workspace.models import User

FAILED = {
    "package": gettext_lazy("This passport is refused: its package does not hold. {why}"),
    "statement": gettext_lazy("This passport is refused: its content cannot be read. {why}"),
    "signature": gettext_lazy("This passport is refused: its signature does not fit. {why}"),
    "files": gettext_lazy("This passport is refused: its files do not fit its list. {why}"),
}


@dataclass(frozen=True)
class EarlierBid:
    """One of the vendor's bids with the written answers it holds."""

    bid: Bid
    entries: tuple[Entry, ...]

    @property
    def label(self) -> str:
        case = self.bid.round.rfp.procurement
        return f"{case.reference} {case.title}"


@dataclass(frozen=True)
class PassportPage:
    entries: int
    bids: tuple[EarlierBid, ...]
    files: tuple[HeldFile, ...]
    waiting: tuple[Waiting, ...]
    pinned: tuple[PinnedKey, ...]
    own_key: str  # empty where the installation has no signing key
    may_export: bool


def passport_page(user: User, bid: Bid, own_key: str) -> PassportPage:
    """Return what can go into a passport: library, answers of every bid, files."""
    return PassportPage(
        entries=len(library_of(bid)),
        bids=tuple(one for one in every_bid(user, bid) if one.entries),
        files=tuple(files_held(bid)),
        waiting=tuple(waiting_imports(user, bid)),
        pinned=tuple(
            PinnedKey.objects.filter(organisation_id=bid.vendor_id).order_by("created_at", "pk")
        ),
        own_key=own_key,
        may_export=can(user, "bids.export_passport", bid),
    )


def every_bid(user: User, bid: Bid) -> list[EarlierBid]:
    """Return this bid and the vendor's others, each with its written answers: two queries."""
    bids = [bid, *earlier_bids(user, bid)]
    given: dict[str, list[Entry]] = {}
    for offer in answers_given(bids):
        given.setdefault(str(offer.bid_id), []).append(offer.entry)
    return [EarlierBid(one, tuple(given.get(str(one.pk), ()))) for one in bids]


def chosen_entries(
    user: User, bid: Bid, *, library: bool, bids: Collection[str]
) -> Sequence[Entry]:
    """Return the entries for a passport, each once."""
    found = [one.entry for one in library_of(bid)] if library else []
    for earlier in every_bid(user, bid):
        if str(earlier.bid.pk) in bids:
            found += earlier.entries
    return list(dict.fromkeys(found))


@dataclass(frozen=True)
class Carried:
    """A file of a brought passport, with what is said about it."""

    name: str
    size: int
    sha256: str
    about: About


@dataclass(frozen=True)
class BroughtPassport:
    """A passport that fits together: who signed it, what is new in it."""

    fingerprint: str
    known_as: str  # the name it is pinned under; empty for an unknown key
    own: bool  # signed by this very installation
    issuer: str
    vendor: str
    issued_at: str
    entries: tuple[tuple[Entry, str], ...]  # with their age
    known: int  # entries that the library has already
    files: tuple[Carried, ...]
    contents: Mapping[str, bytes]  # by SHA-256

    @property
    def trusted(self) -> bool:
        return self.own or bool(self.known_as)


def read_passport(bid: Bid, raw: bytes, own_key: str) -> BroughtPassport:
    """Check a passport and read it; Unfit names the check that failed.

    Its text is parsed by the quarantine's child, after the package was inflated within limits.
    """
    try:
        statement, files = passports.unpack(raw)
        found = passports.verify(read_plain(statement, "json"), files)
        return _brought(bid, found, own_key)
    except BrokenPassport as error:
        raise refused(error) from None
    except (KeyError, TypeError, ValueError, AttributeError):
        raise refused(BrokenPassport("statement", "Its answers cannot be read.")) from None


def refused(error: BrokenPassport) -> Unfit:
    sentence = str(FAILED[error.check]).format(why=error.sentence)
    return Unfit(sentence, fields={"file": sentence})


def _brought(bid: Bid, found: passports.Passport, own_key: str) -> BroughtPassport:
    body: Mapping[str, Any] = found.body
    every = [entry_of(one) for one in body["entries"]]
    held = LibraryEntry.objects.filter(organisation_id=bid.vendor_id)
    marks = set(held.values_list("fingerprint", flat=True))
    fresh = [one for one in every if mark_of(bid, one) not in marks]
    pins = PinnedKey.objects.filter(organisation_id=bid.vendor_id, fingerprint=found.fingerprint)
    today = clock.now().date()
    return BroughtPassport(
        fingerprint=found.fingerprint,
        known_as=pins.values_list("name", flat=True).first() or "",
        own=found.fingerprint == own_key,
        issuer=str(body["issuer"])[:200],
        vendor=str(body["vendor"])[:200],
        issued_at=str(body["issued_at"])[:40],
        entries=tuple((one, age_of(one.day, today)) for one in fresh),
        known=len(every) - len(fresh),
        files=tuple(
            Carried(one["name"], one["size"], one["sha256"], parse_about(one))
            for one in body["evidence"]
        ),
        contents=found.files,
    )


def brought_passport(bid: Bid, held: LibraryImport, own_key: str) -> BroughtPassport:
    """Read a passport that waits, checked anew."""
    return read_passport(bid, content_of_import(held), own_key)
