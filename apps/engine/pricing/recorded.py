"""A typical week from recorded intervals, and what the record says about the year around it.

An interval that a record leaves out has two meanings. Where half of that weekday's days or more
have it, it is missing: the mean is taken over the days that have it. Where fewer do, nobody was
expected then: its contacts count, spread over all days of the weekday. Weekdays are read the same
way against the weeks of the record. A clock hour that autumn repeats is two observations of it.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from statistics import median_low

from apps.engine.errors import InvalidInput
from apps.engine.numbers import round_half_up
from apps.engine.pricing.workload import (
    DAYS_PER_WEEK,
    INTERVALS,
    MINUTES_PER_DAY,
    MONTHS_PER_YEAR,
)

DECIMALS, FACTOR_DECIMALS = 2, 3
LEAST_DAYS = 10  # of a month that says something about its season
SURGE_DAYS = 3
ZERO, ONE = Decimal(0), Decimal(1)
Slot = tuple[int, int]  # weekday from Monday, interval of the day, both from 0


@dataclass(frozen=True)
class Count:
    """Contacts that arrived in one interval of one day, by the clock on the wall."""

    day: dt.date
    place: int
    contacts: Decimal


@dataclass(frozen=True)
class Month:
    """One month of the record: its days, its contacts, and their share of the typical week's."""

    year: int
    month: int
    days: int
    contacts: Decimal
    expected: Decimal

    @property
    def factor(self) -> Decimal:
        return self.contacts / self.expected if self.expected else ONE


@dataclass(frozen=True)
class Surge:
    """The busiest days in a row, and what a typical week has on the same weekdays."""

    first: dt.date
    last: dt.date
    contacts: Decimal
    expected: Decimal


@dataclass(frozen=True, kw_only=True)
class Record:
    """One queue's counts; `partial` are days with less than half of their weekday's intervals."""

    counts: tuple[Count, ...]
    interval_minutes: int
    partial: frozenset[dt.date]

    @cached_property
    def taken(self) -> tuple[Count, ...]:
        return tuple(one for one in self.counts if one.day not in self.partial)

    @cached_property
    def days(self) -> tuple[dt.date, ...]:
        return tuple(sorted({one.day for one in self.taken}))

    @cached_property
    def weekdays(self) -> Mapping[int, int]:
        """How many days each weekday counts for: those recorded, or all where most are not."""
        weeks = (self.days[-1] - self.days[0]).days // DAYS_PER_WEEK + 1
        held = Counter(day.weekday() for day in self.days)
        return {one: count if 2 * count >= weeks else weeks for one, count in held.items()}

    @cached_property
    def observed(self) -> Mapping[Slot, list[Decimal]]:
        found: dict[Slot, list[Decimal]] = defaultdict(list)
        for one in self.taken:
            found[one.day.weekday(), one.place].append(one.contacts)
        return found

    @cached_property
    def missing(self) -> tuple[tuple[dt.date, int], ...]:
        """Intervals that a recorded day lacks though its weekday usually has them."""
        held = {(one.day, one.place) for one in self.taken}
        usual = [slot for slot, found in self.observed.items() if self._usual(slot, found)]
        return tuple(
            (day, place)
            for day in self.days
            for weekday, place in usual
            if weekday == day.weekday() and (day, place) not in held
        )

    def _usual(self, slot: Slot, found: Sequence[Decimal]) -> bool:
        return 2 * len(found) >= self.weekdays[slot[0]]

    @cached_property
    def means(self) -> Mapping[Slot, Decimal]:
        return {
            slot: sum(found, ZERO)
            / (len(found) if self._usual(slot, found) else self.weekdays[slot[0]])
            for slot, found in self.observed.items()
        }

    @cached_property
    def week(self) -> tuple[tuple[Decimal, ...], ...]:
        """Mean contacts by day from Monday and by interval, with two decimals."""
        per_day = MINUTES_PER_DAY // self.interval_minutes
        return tuple(
            tuple(
                round_half_up(self.means.get((day, place), ZERO), DECIMALS)
                for place in range(per_day)
            )
            for day in range(DAYS_PER_WEEK)
        )

    @cached_property
    def by_day(self) -> Mapping[dt.date, tuple[Decimal, Decimal]]:
        """Each taken day's contacts, and what the typical week has in the same intervals."""
        found: dict[dt.date, tuple[Decimal, Decimal]] = {}
        for one in self.taken:
            contacts, expected = found.get(one.day, (ZERO, ZERO))
            mean = self.means[one.day.weekday(), one.place]
            found[one.day] = contacts + one.contacts, expected + mean
        return found

    @cached_property
    def months(self) -> tuple[Month, ...]:
        held: dict[tuple[int, int], list[tuple[Decimal, Decimal]]] = defaultdict(list)
        for day in self.days:
            held[day.year, day.month].append(self.by_day[day])
        return tuple(
            Month(
                year=year,
                month=month,
                days=len(days),
                contacts=sum((contacts for contacts, _expected in days), ZERO),
                expected=sum((expected for _contacts, expected in days), ZERO),
            )
            for (year, month), days in sorted(held.items())
        )

    @cached_property
    def surge(self) -> Surge:
        """The three days in a row with the most contacts, of those that were recorded."""
        last = max(
            self.days,
            key=lambda day: (sum(self._at(one)[0] for one in _before(day)), -day.toordinal()),
        )
        days = [one for one in _before(last) if one in self.by_day]
        return Surge(
            first=days[0],
            last=last,
            contacts=sum((self.by_day[one][0] for one in days), ZERO),
            expected=sum((self.by_day[one][1] for one in days), ZERO),
        )

    def _at(self, day: dt.date) -> tuple[Decimal, Decimal]:
        return self.by_day.get(day, (ZERO, ZERO))


def _before(day: dt.date) -> list[dt.date]:
    return [day - dt.timedelta(days=back) for back in reversed(range(SURGE_DAYS))]


def record_of(counts: Iterable[Count], *, interval_minutes: int) -> Record:
    """Read one queue's counts; InvalidInput where nothing can come of them.

    A day with less than half of the intervals its weekday usually has was recorded in part and is
    left out: the first and the last day of an export are often cut.
    """
    if interval_minutes not in INTERVALS:
        raise InvalidInput("Give counts per 15, 30 or 60 minutes.")
    held = tuple(counts)
    per_day = MINUTES_PER_DAY // interval_minutes
    if any(one.contacts < 0 or not 0 <= one.place < per_day for one in held):
        raise InvalidInput("Give counts of 0 or more, inside their day.")
    if not any(one.contacts for one in held):
        raise InvalidInput("Give counts with at least one contact.")
    sizes = Counter(one.day for one in held)
    weekdays: dict[int, list[int]] = defaultdict(list)
    for day, size in sizes.items():
        weekdays[day.weekday()].append(size)
    usual = {weekday: median_low(found) for weekday, found in weekdays.items()}
    partial = frozenset(day for day, size in sizes.items() if 2 * size < usual[day.weekday()])
    record = Record(counts=held, interval_minutes=interval_minutes, partial=partial)
    if not any(one for day in record.week for one in day):
        raise InvalidInput("Give more contacts; in a typical week these round to none.")
    return record


def seasons_of(records: Sequence[Record]) -> tuple[Decimal, ...] | None:
    """Return twelve factors on the typical week from January, over all queues together.

    None unless every month of the calendar has ten recorded days: a season is not guessed.
    """
    days: Counter[int] = Counter()
    sums: dict[int, tuple[Decimal, Decimal]] = defaultdict(lambda: (ZERO, ZERO))
    for record in records:
        for one in record.months:
            contacts, expected = sums[one.month]
            sums[one.month] = contacts + one.contacts, expected + one.expected
            days[one.month] = max(days[one.month], one.days)
    months = range(1, MONTHS_PER_YEAR + 1)
    if any(days[month] < LEAST_DAYS or not sums[month][0] for month in months):
        return None
    return tuple(
        round_half_up(sums[month][0] / sums[month][1], FACTOR_DECIMALS) for month in months
    )
