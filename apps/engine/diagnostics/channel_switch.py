"""Channel-switch audit (F15): what changing channel costs in first-contact resolution.

G = FCR of all - FCR of those who switched, in percentage points. The first contains the second:
with the share s of switchers G = (1 - s) * (FCR of those who stayed - FCR of switchers), so a
rare switch hides its damage; both differences are shown. The guide's "drops by more than 15 %"
can be read in points or relative to the overall rate: the reading has to be named.
"""

from dataclasses import dataclass
from decimal import Decimal

from apps.engine.diagnostics.diagnostic import (
    PERCENT,
    Diagnostic,
    Figure,
    Finding,
    Interval,
    part_of,
    printed,
    warning,
)
from apps.engine.diagnostics.intervals import Span, difference_of_shares
from apps.engine.errors import ScaleError
from apps.engine.fields import ONE, ZERO, Choice, Field, Unit, Values
from apps.engine.reading import Json

HUNDRED, THRESHOLD = Decimal(100), Decimal(15)
POINTS, RELATIVE = "points", "relative"
DAMAGING, HOLDING = "damaging", "holding"
PERCENTAGE_POINTS = "percentage points"
FEW = 30
DIRECTIONS = (
    "any",
    "chat_to_voice",
    "voice_to_chat",
    "email_to_voice",
    "voice_to_email",
    "self_service_to_voice",
    "social_to_voice",
)


@dataclass(frozen=True)
class Rates:
    """First-contact resolution of issues that stayed, that switched, and of both together."""

    stayed: Decimal
    switched: Decimal
    counts: tuple[int, int]

    @property
    def switching_share(self) -> Decimal:
        return Decimal(self.counts[1]) / sum(self.counts)

    @property
    def overall(self) -> Decimal:
        share = self.switching_share
        return (1 - share) * self.stayed + share * self.switched


def drop(values: Values) -> Finding:
    rates = _rates(values)
    in_points = values.text("reading") == POINTS
    unit = PERCENTAGE_POINTS if in_points else PERCENT
    threshold = values.number("threshold", THRESHOLD)
    points = Figure((rates.overall - rates.switched) * HUNDRED, PERCENTAGE_POINTS)
    relative = Figure((1 - rates.switched / rates.overall) * HUNDRED, PERCENT)
    value = (rates.overall - rates.switched) * _scale(rates, in_points=in_points)
    interval = _interval(rates, in_points=in_points)
    low, high = difference_of_shares((rates.stayed, rates.switched), rates.counts)
    return Finding(
        value=value,
        unit=unit,
        band=DAMAGING if printed(value) > threshold else HOLDING,
        interval=Interval(*interval),
        figures={
            "drop_in_points": points,
            "drop_relative": relative,
            "stayed_minus_switched": Figure(
                (rates.stayed - rates.switched) * HUNDRED, PERCENTAGE_POINTS
            ),
            "stayed_minus_switched_low": Figure(low * HUNDRED, PERCENTAGE_POINTS),
            "stayed_minus_switched_high": Figure(high * HUNDRED, PERCENTAGE_POINTS),
            "switching_share": Figure(rates.switching_share, Unit.SHARE.value),
            "threshold": Figure(threshold, unit),
        },
        guide=relative,
        warnings=_warnings(interval, threshold, min(rates.counts)),
    )


def _rates(values: Values) -> Rates:
    stay_hits, stayed = part_of(values, "stayed_resolved", "stayed")
    switch_hits, switched = part_of(values, "switched_resolved", "switched")
    if stay_hits + switch_hits == 0:
        raise ScaleError(
            "Count resolved issues; with none at all there is nothing to lose.",
            path="stayed_resolved",
        )
    return Rates(Decimal(stay_hits) / stayed, Decimal(switch_hits) / switched, (stayed, switched))


def _scale(rates: Rates, *, in_points: bool) -> Decimal:
    return HUNDRED if in_points else HUNDRED / rates.overall


def _interval(rates: Rates, *, in_points: bool) -> Span:
    """G is (1 - s) times the difference; the share s of switchers is taken as it was counted."""
    low, high = difference_of_shares((rates.stayed, rates.switched), rates.counts)
    factor = (1 - rates.switching_share) * _scale(rates, in_points=in_points)
    return low * factor, high * factor


def _warnings(interval: Span, threshold: Decimal, least: int) -> tuple[Json, ...]:
    found: list[Json] = []
    low, high = interval
    if low <= threshold < high:
        found.append(warning("interval_holds_the_threshold"))
    if least < FEW:
        found.append(warning("few_observations", least=least, wanted=FEW))
    return tuple(found)


CHANNEL_SWITCH = Diagnostic(
    slug="channel_switch",
    name="Channel-switch audit",
    version="1",
    bands=(DAMAGING, HOLDING),
    fields=(
        Choice("direction", DIRECTIONS, "The change of channel that was counted."),
        Field("stayed", Unit.COUNT, ONE, None, "Issues that stayed in one channel."),
        Field("stayed_resolved", Unit.COUNT, ZERO, None, "Of these, resolved at first contact."),
        Field("switched", Unit.COUNT, ONE, None, "Issues that changed channel."),
        Field("switched_resolved", Unit.COUNT, ZERO, None, "Of these, resolved at first contact."),
        Choice(
            "reading",
            (POINTS, RELATIVE),
            "Whether the threshold means percentage points or per cent of the overall rate.",
        ),
        Field(
            "threshold",
            Unit.POINTS,
            ZERO,
            HUNDRED,
            "A drop above this does damage; 15 where left empty.",
            required=False,
        ),
    ),
    compute=drop,
)
