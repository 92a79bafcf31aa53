"""Reads the moment of a recorded interval: dates and times as exports write them, on one wall clock."""

import datetime as dt
import re
import zoneinfo
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

from apps.core.errors import Incomplete

YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", re.ASCII)
YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})[-/.](\d{4})", re.ASCII)
TIME = re.compile(
    r"(\d{1,2})[:.](\d{2})(?::(\d{2})(?:\.0+)?)?\s*([AaPp])?\.?[Mm]?\.?"
    r"\s*(Z|[+-]\d{2}:?\d{2})?(?:\s*[-–]\s*\d{1,2}[:.]\d{2}.*)?",  # noqa: RUF001 -- exports write it
    re.ASCII,
)
NOON, HOURS, MINUTES = 12, 24, 60
TWO_DIGITS = 12  # above, a figure is no month


class Order(StrEnum):
    """Which comes first in a date such as 03/04/2025."""

    UNSAID = ""
    DAY = "day"
    MONTH = "month"


@dataclass(frozen=True)
class Stamp:
    """A moment as written: three numbers of the date, clock time, and an offset where one stands."""

    row: int  # counted from 1, as people see it
    date: tuple[int, int, int]
    separator: str  # empty where the year comes first
    minute: int  # of the day
    offset: dt.timedelta | None

    @property
    def settled(self) -> bool:
        """Whether the date can be read in one way alone."""
        return self.separator in {"", "."} or max(self.date[:2]) > TWO_DIGITS

    def day(self, order: Order) -> dt.date:
        first, second, third = self.date
        if not self.separator:
            return dt.date(first, second, third)
        if self.separator == "." or order == Order.DAY:
            return dt.date(third, second, first)
        return dt.date(third, first, second)


def at_row(row: int, sentence: str, column: str = "") -> Incomplete:
    """Return a refusal with its place in the file in front."""
    place = _("Row {row}, column “{column}”: ") if column else _("Row {row}: ")
    text = place.format(row=row, column=column) + sentence
    return Incomplete(text, fields={"file": text})


def read_stamp(date: str, time: str, row: int) -> Stamp:
    """Read one moment; `time` is empty where the date's cell holds both."""
    found = YEAR_FIRST.match(date) or YEAR_LAST.match(date)
    if found is None:
        raise at_row(row, _("Write the date as 2025-03-31; “{text}” is none.").format(text=date))
    clock = TIME.fullmatch((time or date[found.end() :].lstrip("T ,")).strip())
    if clock is None:
        sentence = _("Write the time as 07:30; “{text}” is none.")
        raise at_row(row, sentence.format(text=time or date))
    groups = found.groups()
    last = len(groups) == 4  # noqa: PLR2004 -- the separator makes it four
    numbers = [int(one) for one in groups if one.isdecimal()]
    return Stamp(
        row=row,
        date=(numbers[0], numbers[1], numbers[2]),
        separator=groups[1] if last else "",
        minute=_minute(clock, row),
        offset=_offset(clock[5]),
    )


def _minute(clock: re.Match[str], row: int) -> int:
    hour, minute, second = int(clock[1]), int(clock[2]), int(clock[3] or 0)
    if clock[4] and 1 <= hour <= NOON:
        hour = hour % NOON + (NOON if clock[4] in "Pp" else 0)
    if hour >= HOURS or minute >= MINUTES or second:
        raise at_row(row, _("Write the time an interval begins, from 00:00 to 23:59."))
    return hour * MINUTES + minute


def _offset(text: str | None) -> dt.timedelta | None:
    if text is None:
        return None
    if text == "Z":
        return dt.timedelta(0)
    digits = text[1:].replace(":", "")
    size = dt.timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return -size if text[0] == "-" else size


def order_of(stamps: Iterable[Stamp], said: Order) -> Order:
    """Return which comes first in the file's dates: as they show themselves, else as was said."""
    shown: dict[Order, int] = {}
    open_at = 0
    for one in stamps:
        if one.separator in {"", "."}:
            continue
        if not one.settled:
            open_at = open_at or one.row
            continue
        shown.setdefault(Order.DAY if one.date[0] > TWO_DIGITS else Order.MONTH, one.row)
    if len(shown) > 1:
        sentence = _("The dates put the day first in row {day} and the month first here.")
        raise at_row(shown[Order.MONTH], sentence.format(day=shown[Order.DAY]))
    found = next(iter(shown), said)
    if open_at and not found:
        raise at_row(open_at, _("Say whether the day or the month comes first in the dates."))
    return found


@dataclass(frozen=True)
class Moment:
    """An interval's beginning on the wall clock; `again` marks an hour that autumn repeats."""

    row: int
    day: dt.date
    minute: int
    again: bool = False


def on_wall_clock(stamps: Sequence[Stamp], order: Order, zone: str) -> list[Moment]:
    """Put every moment on the clock of a time zone.

    Stamps without an offset are that clock's own: in autumn an hour may stand twice, in spring one
    cannot stand at all. Stamps with offsets have to be the zone's, all in UTC, or all the same.
    """
    clock = zoneinfo.ZoneInfo(zone)
    written = {one.offset for one in stamps}
    if None in written and len(written) > 1:
        first = next(one for one in stamps if (one.offset is None) != (stamps[0].offset is None))
        raise at_row(
            first.row, _("Write all times with an offset such as +01:00, or none of them.")
        )
    naive = [(one, _naive(one, order)) for one in stamps]
    if None in written:
        return [_own(one, at, clock, zone) for one, at in naive]
    return [_told(one, at, clock, zone, alone=len(written) == 1) for one, at in naive]


def _naive(one: Stamp, order: Order) -> dt.datetime:
    try:
        day = one.day(order)
    except ValueError:
        raise at_row(one.row, _("There is no such day in the calendar.")) from None
    return dt.datetime.combine(day, dt.time(*divmod(one.minute, MINUTES)))


def _own(one: Stamp, at: dt.datetime, clock: zoneinfo.ZoneInfo, zone: str) -> Moment:
    local = at.replace(tzinfo=clock)
    if local.astimezone(dt.UTC).astimezone(clock).replace(tzinfo=None) != at:
        sentence = _(
            "{time} does not exist on {day} in {zone}: the clock goes forward. Choose the zone"
            " in which the file was written."
        )
        raise at_row(one.row, sentence.format(time=f"{at:%H:%M}", day=at.date(), zone=zone))
    return Moment(one.row, at.date(), one.minute)


def _told(
    one: Stamp, at: dt.datetime, clock: zoneinfo.ZoneInfo, zone: str, *, alone: bool
) -> Moment:
    """Take a moment with an offset to the clock; a mixture has to be the clock's own offsets."""
    local = at.replace(tzinfo=dt.timezone(one.offset or dt.timedelta(0))).astimezone(clock)
    if not alone and local.utcoffset() != one.offset:
        sentence = _(
            "The offset is not that of {zone} at this time, and other rows have another one."
            " Give each time zone a file of its own."
        )
        raise at_row(one.row, sentence.format(zone=zone))
    minute = local.hour * MINUTES + local.minute
    return Moment(one.row, local.date(), minute, again=bool(local.fold))


def repeats(day: dt.date, minute: int, zone: str) -> bool:
    """Whether the clock of a zone shows this time twice on this day."""
    at = dt.datetime.combine(day, dt.time(*divmod(minute, MINUTES)), zoneinfo.ZoneInfo(zone))
    return at.utcoffset() != at.replace(fold=1).utcoffset() and (
        at.astimezone(dt.UTC).astimezone(at.tzinfo).replace(fold=0, tzinfo=None)
        == at.replace(tzinfo=None)
    )


def skipped(day: dt.date, minute: int, zone: str) -> bool:
    """Whether the clock of a zone jumps over this time on this day."""
    clock = zoneinfo.ZoneInfo(zone)
    at = dt.datetime.combine(day, dt.time(*divmod(minute, MINUTES)), clock)
    back = at.astimezone(dt.UTC).astimezone(clock)
    return back.replace(tzinfo=None, fold=0) != at.replace(tzinfo=None)
