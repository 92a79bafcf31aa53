"""What a file proves, from when and until when, and what its last day means for a tender."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from django.utils.translation import gettext as _

from apps.core.errors import Incomplete
from apps.rfp.states import EvidenceClass

# A contract begins after the deadline; what ends within so many days of it is worth a word.
SOON: Final = dt.timedelta(days=90)


class Standing(StrEnum):
    """What the last day of a file means, the most pressing first."""

    EXPIRED = "expired"
    BEFORE_OPENING = "before"
    SOON = "soon"
    GOOD = ""


@dataclass(frozen=True)
class About:
    """What a vendor says about a file: a class of EvidenceClass and two days, empty or ISO 8601."""

    kind: str = EvidenceClass.OTHER.value
    issued: str = ""
    expires: str = ""

    @property
    def label(self) -> str:
        return kind_label(self.kind)

    def plain(self) -> dict[str, str]:
        return {"kind": self.kind, "issued": self.issued, "expires": self.expires}


@dataclass(frozen=True)
class NewFile:
    """A file as it comes in, with what its vendor says of it."""

    name: str
    content: bytes
    about: About


def kind_label(kind: str) -> str:
    return str(EvidenceClass(kind).label) if kind in EvidenceClass.values else ""


def parse_about(raw: dict[str, Any]) -> About:
    """Read class and dates as they were typed; Incomplete with a sentence per field."""
    wrong: dict[str, str] = {}
    kind = str(raw.get("kind") or EvidenceClass.OTHER.value)
    if kind not in EvidenceClass.values:
        wrong["kind"] = _("Choose what the file proves.")
    days = {}
    for name in ("issued", "expires"):
        days[name] = _day(str(raw.get(name) or "").strip())
        if days[name] is None:
            wrong[name] = _("Write a day, for example 2027-03-31, or leave it empty.")
    issued, expires = days["issued"] or "", days["expires"] or ""
    if not wrong and issued and expires and expires < issued:
        wrong["expires"] = _("The last day lies before the day of issue. Correct one of them.")
    if wrong:
        raise Incomplete(next(iter(wrong.values())), fields=wrong)
    return About(kind, issued, expires)


def new_file(given: dict[str, Any]) -> NewFile | None:
    """Read a file with what is said of it out of a checked form; None where none came.

    Days without their file are refused: what is sent once must not go without it.
    """
    came = given.get("file")
    if not came and (given.get("issued") or given.get("expires")):
        sentence = _("Choose the file that these days are of, or empty them.")
        raise Incomplete(sentence, fields={"file": sentence})
    return NewFile(came.name or "", came.read(), parse_about(given)) if came else None


def _day(text: str) -> str | None:
    """Return the day in ISO 8601, empty for none; None for what is no day."""
    if not text:
        return ""
    try:
        return dt.date.fromisoformat(text).isoformat()
    except ValueError:
        return None


def standing(expires: str, *, today: dt.date, opens: dt.date) -> Standing:
    """Say what a file's last day means on a day, in a tender whose bids are opened on another."""
    day = _day(expires)
    if not day:
        return Standing.GOOD
    last = dt.date.fromisoformat(day)
    if last < today:
        return Standing.EXPIRED
    if last < opens:
        return Standing.BEFORE_OPENING
    return Standing.SOON if last < opens + SOON else Standing.GOOD


def words_of(found: Standing) -> str:
    """Say it in a few words, for a tag beside the file; empty where there is nothing to say."""
    return {
        Standing.EXPIRED: _("Expired"),
        Standing.BEFORE_OPENING: _("Expires before the opening"),
        Standing.SOON: _("Expires soon after the opening"),
        Standing.GOOD: "",
    }[found]


def tone_of(found: Standing) -> str:
    return {Standing.EXPIRED: "bad", Standing.GOOD: ""}.get(found, "warn")


@dataclass(frozen=True)
class OpenedFile:
    """One file of an opened bid, without what opens it.

    `came_at` is None for what was in the bid; else the moment it came with an explanation.
    """

    code: str
    name: str
    size: int
    sha256: str
    expires: str = ""
    kind: str = ""
    issued: str = ""
    standing: Standing = Standing.GOOD
    came_at: dt.datetime | None = None

    @property
    def label(self) -> str:
        return kind_label(self.kind)

    @property
    def words(self) -> str:
        return words_of(self.standing)

    @property
    def tone(self) -> str:
        return tone_of(self.standing)
