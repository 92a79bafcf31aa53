"""What a file of recorded intervals would make of the workload, as its preview shows it."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.dates import MONTHS_3

from apps.rfp.selectors.week import Week, week_of
from apps.rfp.workbooks.understanding import Understood

TONES = 5


@dataclass(frozen=True)
class MonthCell:
    """Contacts of a recorded day in one month of a year; `tone` 0 (no record) to 5 (busiest)."""

    contacts: Decimal | None
    tone: int


@dataclass(frozen=True)
class Year:
    """One queue in one year, month by month."""

    queue: str
    year: int
    cells: tuple[MonthCell, ...]


@dataclass(frozen=True)
class BroughtQueue:
    name: str
    days: int
    weekly: Decimal
    handle_time: str
    level: Mapping[str, Any] | None
    peak: int | None  # most agents at once in the typical week


@dataclass(frozen=True)
class Brought:
    queues: tuple[BroughtQueue, ...]
    weeks: tuple[Week, ...]
    years: tuple[Year, ...]
    months: tuple[str, ...]
    rows: int
    interval_minutes: int


def brought_week(found: Understood, peaks: Mapping[str, int]) -> Brought:
    """Return the queues of a file with their week and their year; other queues are left out."""
    asked = {queue["name"]: queue for queue in found.content["queues"]}
    weeks = {one.series.name: week_of(asked[one.series.name]) for one in found.queues}
    return Brought(
        queues=tuple(
            BroughtQueue(
                name=one.series.name,
                days=len(one.record.days),
                weekly=weeks[one.series.name].total,
                handle_time=str(asked[one.series.name]["aht_s"]),
                level=asked[one.series.name].get("service_level"),
                peak=peaks.get(one.series.name),
            )
            for one in found.queues
        ),
        weeks=tuple(weeks.values()),
        years=tuple(_years(found)),
        months=tuple(str(name) for name in MONTHS_3.values()),
        rows=found.counts.rows,
        interval_minutes=found.counts.interval_minutes,
    )


def _years(found: Understood) -> list[Year]:
    years = []
    for one in found.queues:
        held: dict[int, dict[int, Decimal]] = defaultdict(dict)
        for month in one.record.months:
            held[month.year][month.month] = month.contacts / month.days
        most = max(day for months in held.values() for day in months.values())
        years += [
            Year(one.series.name, year, tuple(_cell(months.get(at), most) for at in range(1, 13)))
            for year, months in sorted(held.items())
        ]
    return years


def _cell(contacts: Decimal | None, most: Decimal) -> MonthCell:
    tone = min(TONES, 1 + int(contacts * TONES / most)) if contacts and most else 0
    return MonthCell(contacts, tone)
