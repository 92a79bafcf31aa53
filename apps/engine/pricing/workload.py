"""What has to be answered: contacts by interval of a typical week, and how well.

A queue is work that one group of people answers: another channel or language that other people
answer is a queue of its own. Volumes are contacts per interval, times seconds.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from apps.engine.errors import InvalidInput, ScaleError
from apps.engine.pricing.erlang import ServiceLevel
from apps.engine.pricing.erlang_b import Floats

DAYS_PER_WEEK = 7
MINUTES_PER_DAY = 1440
MONTHS_PER_YEAR = 12
INTERVALS = (15, 30, 60)
ONE = Decimal(1)


class HandleTime(Enum):
    """How single handle times spread about their mean."""

    EXPONENTIAL = "exponential"
    CONSTANT = "constant"


class VolumeCounts(Enum):
    """Recorded contacts already hold people who come back; issues do not."""

    CONTACTS = "contacts"
    ISSUES = "issues"


@dataclass(frozen=True, kw_only=True)
class Target:
    """The share of contacts to answer within some seconds, and what the share is taken of."""

    share: Decimal
    seconds: Decimal
    definition: ServiceLevel

    def __post_init__(self) -> None:
        if not 0 <= self.share < 1:
            raise ScaleError("Give a service level from 0 to below 1.")
        if self.seconds < 0:
            raise ScaleError("Give a target time of 0 seconds or more.")


@dataclass(frozen=True, kw_only=True)
class Queue:
    """One queue: `volumes` and `open` run through a typical week from Monday, 00:00."""

    name: str
    volumes: tuple[Decimal, ...]
    open: tuple[bool, ...]
    aht_s: Decimal
    target: Target | None
    max_occupancy: Decimal = ONE
    patience_s: Decimal | None = None
    concurrency: int = 1
    deferred: bool = False
    minimum_seats: int = 0
    channel: str = ""
    language: str = ""

    def __post_init__(self) -> None:
        self._check_week()
        if self.aht_s <= 0 or (self.patience_s is not None and self.patience_s <= 0):
            raise ScaleError("Give handle time and patience above 0 seconds.")
        if not 0 < self.max_occupancy <= 1:
            raise ScaleError("Give an occupancy ceiling above 0 and up to 1.")
        if self.concurrency < 1 or self.minimum_seats < 0:
            raise ScaleError("Give a concurrency of 1 or more and minimum seats of 0 or more.")
        if (self.target is None) != self.deferred:
            raise InvalidInput("Give a service level, or else say that this work can wait.")

    def _check_week(self) -> None:
        if len(self.open) != len(self.volumes):
            raise ScaleError("Say for every interval whether the queue is open.")
        if any(volume < 0 for volume in self.volumes) or not any(self.volumes):
            raise ScaleError("Give volumes of 0 or more, and some volume in the week.")
        if any(v > 0 and not is_open for v, is_open in zip(self.volumes, self.open, strict=True)):
            raise InvalidInput("Open this queue in every interval that has volume.")

    @cached_property
    def week(self) -> Floats:
        return np.array([float(volume) for volume in self.volumes])

    @cached_property
    def distinct(self) -> tuple[Floats, NDArray[np.intp]]:
        """The different volumes of the week, and which of them each interval has."""
        volumes, places = np.unique(self.week, return_inverse=True)
        return volumes, places

    @cached_property
    def seats(self) -> Floats:
        """The least agents in each interval, whatever the volume."""
        return np.where(np.array(self.open), float(self.minimum_seats), 0.0)

    @cached_property
    def weekly_contacts(self) -> Decimal:
        return sum(self.volumes, Decimal(0))


@dataclass(frozen=True, kw_only=True)
class Workload:
    """All queues of a typical week, and how the week changes over the contract."""

    interval_minutes: int
    queues: tuple[Queue, ...]
    growth_per_year: Decimal = Decimal(0)
    seasonality: tuple[Decimal, ...] = field(default=(ONE,) * MONTHS_PER_YEAR)
    handle_time: HandleTime = HandleTime.EXPONENTIAL
    volume_counts: VolumeCounts = VolumeCounts.CONTACTS
    repeat_share: Decimal = ONE

    def __post_init__(self) -> None:
        if self.interval_minutes not in INTERVALS:
            raise ScaleError("Give volumes per 15, 30 or 60 minutes.")
        if not self.queues or len({queue.name for queue in self.queues}) != len(self.queues):
            raise InvalidInput("Give at least one queue, each with a name of its own.")
        if any(len(queue.volumes) != self.intervals for queue in self.queues):
            raise ScaleError(f"Give {self.intervals} volumes for each week.")
        if len(self.seasonality) != MONTHS_PER_YEAR or min(self.seasonality) <= 0:
            raise ScaleError("Give 12 seasonal factors above 0.")
        if self.growth_per_year <= -1 or not 0 <= self.repeat_share <= 1:
            raise ScaleError("Give growth above -1 and a repeat share from 0 to 1.")

    @property
    def intervals(self) -> int:
        """Intervals in a week: 336 half-hours."""
        return DAYS_PER_WEEK * MINUTES_PER_DAY // self.interval_minutes

    @property
    def interval_s(self) -> int:
        return self.interval_minutes * 60

    @property
    def interval_hours(self) -> Decimal:
        return Decimal(self.interval_minutes) / 60

    def volume_factors(self, months: int) -> tuple[Decimal, ...]:
        """Each month against the typical week: season, and growth at every contract year."""
        return tuple(
            self.seasonality[month % MONTHS_PER_YEAR]
            * (1 + self.growth_per_year) ** (month // MONTHS_PER_YEAR)
            for month in range(months)
        )

    def repeats(self, first_contact_resolution: Decimal | None) -> Decimal:
        """Contacts per counted unit: 1/(1 - r(1 - FCR)) where issues are counted, else 1."""
        if self.volume_counts is VolumeCounts.CONTACTS:
            return ONE
        if first_contact_resolution is None:
            raise InvalidInput("Give first-contact resolution, since the volumes count issues.")
        lasting = 1 - self.repeat_share * (1 - first_contact_resolution)
        if lasting <= 0:
            raise InvalidInput("Raise first-contact resolution; repeats would never end.")
        return 1 / lasting


def flatten(days: Sequence[Sequence[Decimal]]) -> tuple[Decimal, ...]:
    return tuple(volume for day in days for volume in day)
