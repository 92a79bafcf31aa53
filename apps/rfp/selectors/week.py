"""A typical week of contacts, folded into hours for a heat table."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from apps.rfp.types import Demand

WHOLE_FROM = 10  # below, an hour shows one decimal
SHORT_FROM = 1_000  # from here on, thousands: a cell is three figures wide


@dataclass(frozen=True)
class Cell:
    text: str
    tone: int


@dataclass(frozen=True)
class Day:
    label: str
    cells: list[Cell]
    total: Decimal

    @property
    def short(self) -> str:
        """The total as narrow as a cell; empty where the whole figure fits."""
        return _short(self.total) if self.total >= 10 * SHORT_FROM else ""


@dataclass(frozen=True)
class Week:
    """A queue's typical week by the hour: tone 0 (none) to 5 (near the busiest hour)."""

    name: str
    hours: list[int]
    days: list[Day]
    total: Decimal
    busiest: Decimal


def weeks_of(held: Demand | None) -> list[Week]:
    """Return one week for each queue of the workload."""
    return [week_of(queue) for queue in held.content["queues"]] if held else []


def week_of(queue: dict[str, Any]) -> Week:
    """Fold intervals into hours; any interval of 15, 30 or 60 minutes fills a day exactly."""
    names = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))
    by_hour = [_hours([Decimal(str(one)) for one in day]) for day in queue["week"]]
    busiest = max((hour for day in by_hour for hour in day), default=Decimal(0))
    days = [
        Day(
            label=name,
            cells=[Cell(_short(hour), _tone(hour, busiest)) for hour in day],
            total=sum(day, Decimal(0)),
        )
        for name, day in zip(names, by_hour, strict=True)
    ]
    return Week(
        name=queue["name"],
        hours=list(range(24)),
        days=days,
        total=sum((day.total for day in days), Decimal(0)),
        busiest=busiest,
    )


def _hours(day: list[Decimal]) -> list[Decimal]:
    size = len(day) // 24
    return [sum(day[at : at + size], Decimal(0)) for at in range(0, len(day), size)]


def _tone(hour: Decimal, busiest: Decimal) -> int:
    return 0 if not hour else min(5, 1 + int(hour * 5 / busiest))


def _short(hour: Decimal) -> str:
    if hour >= SHORT_FROM:
        return f"{hour / SHORT_FROM:.1f}k"
    return "" if not hour else f"{hour:.0f}" if hour >= WHOLE_FROM else f"{hour:.1f}"
