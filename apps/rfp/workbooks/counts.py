"""Reads the recorded intervals of a table: each queue's counts on one wall clock."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from math import gcd

from django.utils.translation import gettext as _

from apps.core.errors import Incomplete
from apps.core.quarantine.values import Workbook
from apps.engine.pricing.recorded import Count
from apps.engine.pricing.workload import INTERVALS
from apps.rfp.workbooks import stamps
from apps.rfp.workbooks.headings import Columns, Role, columns_of
from apps.rfp.workbooks.stamps import Moment, Order, Stamp, at_row, read_stamp

MOST_QUEUES = 20
LONGEST_NAME = 60
HOUR = 60


@dataclass
class Series:
    """One queue as the file has it; handle time and agents where it tells them."""

    name: str
    channel: str = ""
    language: str = ""
    counts: list[Count] = field(default_factory=list)
    handled: Decimal = Decimal(0)  # contacts that have a handle time
    handle_seconds: Decimal = Decimal(0)
    agents: dict[Count, Decimal] = field(default_factory=dict)
    blank: int = 0
    first_blank: int = 0

    @property
    def handle_time(self) -> Decimal | None:
        """The mean over contacts, in seconds."""
        return self.handle_seconds / self.handled if self.handled else None


@dataclass(frozen=True)
class Counts:
    interval_minutes: int
    series: tuple[Series, ...]
    zone: str
    order: Order
    columns: Columns
    rows: int
    part_rows: int  # rows that say that less than the interval was recorded
    first_part: int
    doubled: tuple[str, ...]  # days on which the clock went back inside the record


def read_counts(book: Workbook, *, zone: str, order: Order, name: str) -> Counts:
    """Read every queue's counts on the clock of a zone; Incomplete with row and column.

    `name` is the queue's where the file has no column of queues.
    """
    columns = columns_of(book)
    rows = [row for row in columns.sheet.rows if row > columns.header]
    if not rows:
        sentence = _("There is nothing below the headings. Export the intervals again.")
        raise Incomplete(sentence, fields={"file": sentence})
    written = [_stamp(columns, row) for row in rows]
    shown = stamps.order_of(written, order)
    moments = stamps.on_wall_clock(written, shown, zone)
    minutes = _interval(moments)
    partial = [row for row in rows if _covers_less(columns, row, minutes)]
    reading = _Reading(columns, minutes, zone, name)
    for row, moment in zip(rows, moments, strict=True):
        reading.take(row, moment)
    return Counts(
        interval_minutes=minutes,
        series=tuple(reading.series.values()),
        zone=zone,
        order=shown,
        columns=columns,
        rows=len(rows),
        part_rows=len(partial),
        first_part=partial[0] + 1 if partial else 0,
        doubled=tuple(sorted({day.isoformat() for day in reading.doubled})),
    )


def _stamp(columns: Columns, row: int) -> Stamp:
    text, places = columns.sheet.text, columns.places
    if Role.START in places:
        return read_stamp(text(row, places[Role.START]), "", row + 1)
    date = text(row, places[Role.DATE]).partition("T")[0]
    time = text(row, places[Role.TIME]).rpartition("T")[2]
    if not time:
        raise at_row(row + 1, _("Give the time at which the interval begins."))
    return read_stamp(date, time, row + 1)


def _interval(moments: Sequence[Moment]) -> int:
    """Return the minutes of an interval: the largest step that every beginning stands on."""
    step = HOUR
    for one in moments:
        if gcd(step, one.minute) not in INTERVALS:
            sentence = _(
                "{minute} is on no quarter of an hour. Sum the counts to 15, 30 or 60 minutes."
            )
            raise at_row(one.row, sentence.format(minute=f"{one.minute % HOUR:02} min"))
        step = gcd(step, one.minute)
    return step


def _covers_less(columns: Columns, row: int, minutes: int) -> bool:
    place = columns.places.get(Role.COVERED)
    if place is None or not columns.sheet.text(row, place):
        return False
    return columns.figure(row, place) * columns.bin_minutes < minutes


@dataclass
class _Reading:
    columns: Columns
    minutes: int
    zone: str
    name: str
    series: dict[tuple[str, str, str], Series] = field(default_factory=dict)
    held: dict[tuple[str, dt.date, int, bool], int] = field(
        default_factory=lambda: defaultdict(int)
    )
    doubled: set[dt.date] = field(default_factory=set)

    def take(self, row: int, moment: Moment) -> None:
        for column, one in self._counted(row):
            if not self.columns.sheet.text(row, column):
                one.blank += 1
                one.first_blank = one.first_blank or row + 1
                continue
            self._once(row, moment, one.name)
            count = Count(
                day=moment.day,
                place=moment.minute // self.minutes,
                contacts=self.columns.figure(row, column),
            )
            one.counts.append(count)
            self._beside(row, one, count)

    def _counted(self, row: int) -> Iterator[tuple[int, Series]]:
        if self.columns.queues:
            for column, name in self.columns.queues.items():
                yield column, self._series(row, (name, "", ""))
            return
        named = tuple(
            self.columns.sheet.text(row, self.columns.places[role])
            if role in self.columns.places
            else ""
            for role in (Role.QUEUE, Role.CHANNEL, Role.LANGUAGE)
        )
        parts = "-".join(one for one in named[1:] if one)
        yield (
            self.columns.places[Role.CONTACTS],
            self._series(row, (named[0] or parts or self.name, named[1], named[2])),
        )

    def _series(self, row: int, key: tuple[str, str, str]) -> Series:
        name = key[0]
        if not name or len(name) > LONGEST_NAME:
            sentence = _("Give the queue a name of up to {most} characters.")
            raise at_row(row + 1, sentence.format(most=LONGEST_NAME))
        if key not in self.series:
            if any(name == other[0] for other in self.series):
                sentence = _("Queue “{name}” has another channel or language in an earlier row.")
                raise at_row(row + 1, sentence.format(name=name))
            if len(self.series) >= MOST_QUEUES:
                sentence = _("There are more than {most} queues. Leave some out, or add them up.")
                raise at_row(row + 1, sentence.format(most=MOST_QUEUES))
            self.series[key] = Series(*key)
        return self.series[key]

    def _once(self, row: int, moment: Moment, name: str) -> None:
        """Refuse an interval that stands twice, unless the clock shows it twice on that day."""
        key = (name, moment.day, moment.minute, moment.again)
        before = self.held[key]
        twin = stamps.repeats(moment.day, moment.minute, self.zone)
        if before and twin and not moment.again:
            self._again(row, moment, name)
            return
        if before:
            raise self._twice(row, moment, name, before)
        self.held[key] = row + 1
        if moment.again:
            self.doubled.add(moment.day)

    def _again(self, row: int, moment: Moment, name: str) -> None:
        key = (name, moment.day, moment.minute, True)
        if self.held[key]:
            raise self._twice(row, moment, name, self.held[key])
        self.held[key] = row + 1
        self.doubled.add(moment.day)

    def _twice(self, row: int, moment: Moment, name: str, before: int) -> Incomplete:
        sentence = _(
            "Queue “{name}” has {day} {time} twice, first in row {before}. Keep one of them; an"
            " hour stands twice only where the clock goes back, and in {zone} it does not then."
        )
        time = f"{moment.minute // HOUR:02}:{moment.minute % HOUR:02}"
        return at_row(
            row + 1,
            sentence.format(name=name, day=moment.day, time=time, before=before, zone=self.zone),
        )

    def _beside(self, row: int, one: Series, count: Count) -> None:
        """Take what stands beside the count: handle time weighs by contacts, agents as they are."""
        place = self.columns.places.get(Role.HANDLE_TIME)
        if place is not None and self.columns.sheet.text(row, place) and count.contacts:
            one.handle_seconds += count.contacts * self.columns.figure(row, place)
            one.handled += count.contacts
        place = self.columns.places.get(Role.AGENTS)
        if place is not None and self.columns.sheet.text(row, place):
            one.agents[count] = self.columns.figure(row, place)
