"""A typical week where nobody recorded one: from contacts a month, opening hours and a shape.

Shares of the day are assumptions of this product, no measured profile: contacts arrive only while
the centre is open, every open hour of the week is as busy as another one at the same point of its
day, and the shape says how the day bends. Recorded intervals replace it as soon as there are some.
"""

from collections.abc import Sequence
from decimal import Decimal
from enum import Enum
from itertools import pairwise

from apps.engine.errors import InvalidInput
from apps.engine.numbers import round_half_up
from apps.engine.pricing.workload import (
    DAYS_PER_WEEK,
    INTERVALS,
    MINUTES_PER_DAY,
    MONTHS_PER_YEAR,
)

DAYS_PER_YEAR = Decimal("365.2425")  # of the Gregorian calendar
WEEKS_PER_MONTH = DAYS_PER_YEAR / DAYS_PER_WEEK / MONTHS_PER_YEAR  # 4.348125
DECIMALS = 2
Hours = tuple[int, int] | None  # minutes after midnight, opening and closing; None while closed


class Shape(Enum):
    """How busy the opening time is from its beginning to its end."""

    EVEN = "even"
    ONE_PEAK = "one_peak"
    TWO_PEAKS = "two_peaks"


# How busy a moment is, by the share of the opening time that has passed; straight lines between.
BENDS: dict[Shape, tuple[tuple[Decimal, Decimal], ...]] = {
    shape: tuple((Decimal(place), Decimal(height)) for place, height in points)
    for shape, points in {
        Shape.EVEN: (("0", "1"), ("1", "1")),
        Shape.ONE_PEAK: (("0", "0.6"), ("0.25", "1.5"), ("0.6", "1"), ("1", "0.5")),
        Shape.TWO_PEAKS: (
            *(("0", "0.6"), ("0.25", "1.4"), ("0.5", "0.9")),
            *(("0.7", "1.3"), ("1", "0.5")),
        ),
    }.items()
}


def typical_week(
    *,
    contacts_per_month: Decimal,
    hours: Sequence[Hours],
    shape: Shape,
    interval_minutes: int = 30,
) -> tuple[tuple[Decimal, ...], ...]:
    """Return contacts by day from Monday and by interval, with two decimals.

    An average month has 365.2425 / 7 / 12 = 4.348125 weeks; the week's contacts add up to the
    month's over that, rounded once. `hours` has seven entries. Raises InvalidInput where there is
    nothing to share out: no contacts, no open interval, hours that are no multiple of an interval.
    """
    if interval_minutes not in INTERVALS:
        raise InvalidInput("Give intervals of 15, 30 or 60 minutes.")
    if contacts_per_month <= 0:
        raise InvalidInput("Give more than 0 contacts a month.", path="contacts_per_month")
    if len(hours) != DAYS_PER_WEEK:
        raise InvalidInput("Give the opening hours of seven days, Monday first.", path="hours")
    weights = [
        weight for one in hours for weight in _day(one, BENDS[Shape(shape)], interval_minutes)
    ]
    whole = sum(weights, Decimal(0))
    if not whole:
        raise InvalidInput("Give opening hours for at least one day.", path="hours")
    week = round_half_up(contacts_per_month / WEEKS_PER_MONTH, DECIMALS)
    return _in_days(_shared(week, weights, whole), MINUTES_PER_DAY // interval_minutes)


def _day(hours: Hours, bend: Sequence[tuple[Decimal, Decimal]], step: int) -> list[Decimal]:
    """Return how busy each interval of a day is: its middle's height, 0 while closed."""
    if hours is None:
        return [Decimal(0)] * (MINUTES_PER_DAY // step)
    opens, closes = hours
    if not 0 <= opens < closes <= MINUTES_PER_DAY or opens % step or closes % step:
        raise InvalidInput(
            f"Opening hours begin and end on a step of {step} minutes, the end after the beginning.",
            path="hours",
        )
    return [
        _height(bend, (start + Decimal(step) / 2 - opens) / (closes - opens))
        if opens <= start < closes
        else Decimal(0)
        for start in range(0, MINUTES_PER_DAY, step)
    ]


def _height(bend: Sequence[tuple[Decimal, Decimal]], place: Decimal) -> Decimal:
    (left, low), (right, high) = next(pair for pair in pairwise(bend) if place <= pair[1][0])
    return low + (high - low) * (place - left) / (right - left)


def _shared(total: Decimal, weights: Sequence[Decimal], whole: Decimal) -> list[Decimal]:
    """Share the total out; running totals are rounded, so that the parts add up to it exactly."""
    parts, passed, given = [], Decimal(0), Decimal(0)
    for weight in weights:
        passed += weight
        upto = round_half_up(total * passed / whole, DECIMALS)
        parts.append(upto - given)
        given = upto
    return parts


def _in_days(parts: Sequence[Decimal], per_day: int) -> tuple[tuple[Decimal, ...], ...]:
    return tuple(tuple(parts[day * per_day : (day + 1) * per_day]) for day in range(DAYS_PER_WEEK))
