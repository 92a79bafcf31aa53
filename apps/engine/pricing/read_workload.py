"""Reads the workload of a case from plain data."""

import re
from decimal import Decimal

from apps.engine.errors import InvalidInput
from apps.engine.pricing.erlang import ServiceLevel
from apps.engine.pricing.workload import (
    DAYS_PER_WEEK,
    INTERVALS,
    MINUTES_PER_DAY,
    MONTHS_PER_YEAR,
    HandleTime,
    Queue,
    Target,
    VolumeCounts,
    Workload,
    flatten,
)
from apps.engine.reading import Reader

ZERO, ONE = Decimal(0), Decimal(1)
MOST_QUEUES = 20
LEAST_FACTOR = Decimal("0.001")
LARGEST_VOLUME = 1_000_000
LONGEST_HANDLE_TIME = 86_400
CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])|24:00", re.ASCII)


def options(kind: type[HandleTime | VolumeCounts | ServiceLevel]) -> tuple[str, ...]:
    return tuple(member.value for member in kind)


def figure(
    reader: Reader,
    name: str,
    default: Decimal,
    least: Decimal | int | None = 0,
    most: Decimal | int | None = None,
) -> Decimal:
    """Return an optional figure, or its default."""
    child = reader.optional(name)
    return default if child is None else child.decimal(least, most)


def whole(reader: Reader, name: str, default: int, least: int, most: int) -> int:
    child = reader.optional(name)
    return default if child is None else child.integer(least, most)


def words(reader: Reader, name: str, default: str = "") -> str:
    child = reader.optional(name)
    return default if child is None else child.text().strip()


def read_workload(reader: Reader) -> Workload:
    reader.only(
        "interval_minutes", "queues", "growth_per_year", "seasonality", "handle_time",
        "volume_counts", "repeat_share",
    )  # fmt: skip
    minutes = reader.key("interval_minutes")
    if minutes.integer() not in INTERVALS:
        raise minutes.error("Give volumes per 15, 30 or 60 minutes.")
    seasons = reader.optional("seasonality")
    spread, counts = reader.optional("handle_time"), reader.optional("volume_counts")
    try:
        return Workload(
            interval_minutes=minutes.integer(),
            queues=tuple(
                read_queue(queue, minutes.integer())
                for queue in reader.key("queues").items(least=1, most=MOST_QUEUES)
            ),
            growth_per_year=figure(reader, "growth_per_year", ZERO, Decimal("-0.9"), 10),
            seasonality=(ONE,) * MONTHS_PER_YEAR if seasons is None else _seasons(seasons),
            handle_time=HandleTime(spread.choice(options(HandleTime)) if spread else "exponential"),
            volume_counts=VolumeCounts(
                counts.choice(options(VolumeCounts)) if counts else "contacts"
            ),
            repeat_share=figure(reader, "repeat_share", ONE, 0, 1),
        )
    except InvalidInput as error:
        raise error.at(reader.path) from None


def _seasons(reader: Reader) -> tuple[Decimal, ...]:
    factors = reader.items(least=MONTHS_PER_YEAR, most=MONTHS_PER_YEAR)
    return tuple(factor.decimal(LEAST_FACTOR, 100) for factor in factors)


def read_queue(reader: Reader, interval_minutes: int) -> Queue:
    reader.only(
        "name", "channel", "language", "week", "aht_s", "service_level", "max_occupancy",
        "patience_s", "concurrency", "deferred", "minimum_seats", "open",
    )  # fmt: skip
    volumes = _week(reader.key("week"), MINUTES_PER_DAY // interval_minutes)
    patience, target, wait = (
        reader.optional(name) for name in ("patience_s", "service_level", "deferred")
    )
    try:
        return Queue(
            name=reader.key("name").text().strip(),
            volumes=volumes,
            open=_open(reader.optional("open"), volumes, interval_minutes),
            aht_s=reader.key("aht_s").decimal(ONE, LONGEST_HANDLE_TIME),
            target=None if target is None else _target(target),
            max_occupancy=reader.key("max_occupancy").decimal(Decimal("0.01"), 1),
            patience_s=None if patience is None else patience.decimal(ONE, LONGEST_HANDLE_TIME),
            concurrency=whole(reader, "concurrency", 1, 1, 10),
            deferred=False if wait is None else wait.flag(),
            minimum_seats=whole(reader, "minimum_seats", 0, 0, 10_000),
            channel=words(reader, "channel"),
            language=words(reader, "language"),
        )
    except InvalidInput as error:
        raise error.at(reader.path) from None


def _week(reader: Reader, per_day: int) -> tuple[Decimal, ...]:
    days = reader.items(least=DAYS_PER_WEEK, most=DAYS_PER_WEEK)
    return flatten(
        [
            [volume.decimal(0, LARGEST_VOLUME) for volume in day.items(least=per_day, most=per_day)]
            for day in days
        ]
    )


def _target(reader: Reader) -> Target:
    reader.only("share", "seconds", "definition")
    return Target(
        definition=ServiceLevel(reader.convention("definition", options(ServiceLevel))),
        share=reader.key("share").decimal(0, Decimal("0.9999")),
        seconds=reader.key("seconds").decimal(0, LONGEST_HANDLE_TIME),
    )


def _open(
    reader: Reader | None, volumes: tuple[Decimal, ...], interval_minutes: int
) -> tuple[bool, ...]:
    """Intervals in which the queue is staffed: with volume, always, or in named windows."""
    if reader is None:
        return tuple(volume > 0 for volume in volumes)
    if reader.raw == "always":
        return (True,) * len(volumes)
    if isinstance(reader.raw, str):
        raise reader.error('Say "always", or give a list of windows with days, from and to.')
    opened = [False] * len(volumes)
    per_day = len(volumes) // DAYS_PER_WEEK
    for window in reader.items(least=1, most=21):
        days, first, last = _window(window, interval_minutes)
        for day in days:
            opened[day * per_day + first : day * per_day + last] = [True] * (last - first)
    return tuple(opened)


def _window(reader: Reader, interval_minutes: int) -> tuple[list[int], int, int]:
    reader.only("days", "from", "to")
    days = [
        day.integer(1, DAYS_PER_WEEK) - 1
        for day in reader.key("days").items(least=1, most=DAYS_PER_WEEK)
    ]
    first = _interval(reader.key("from"), interval_minutes)
    last = _interval(reader.key("to"), interval_minutes)
    if first >= last:
        raise reader.error("Let the window end after it begins; split one that passes midnight.")
    return days, first, last


def _interval(reader: Reader, interval_minutes: int) -> int:
    clock = reader.text()
    if not CLOCK.fullmatch(clock):
        raise reader.error('Write a time of day as "08:00".')
    hours, minutes = clock.split(":")
    place, rest = divmod(int(hours) * 60 + int(minutes), interval_minutes)
    if rest:
        raise reader.error(f"Begin and end windows on a full {interval_minutes} minutes.")
    return place
