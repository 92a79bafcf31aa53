"""AI efficiency index (F3), 0 to 100: deflection, handle time, customer satisfaction.

AEI = .40 u_D + .35 u_H + .25 u_C, with
u_D = 100 clip(D / .60), D the contacts that AI resolved with no human and no repeat in 7 days,
u_H = 100 clip(H / .30), H the fall in handle time at the fixed mix of intents before the change,
u_C = 100 clip((dC + 10) / 20), dC the change of satisfaction in points of a 0 to 100 scale.
The anchors are defaults. The guide puts raw percentages into the same weights: 45 / 25 / 5 then
give 28, and its band of 75 needs about 80 / 80 / 60.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from apps.engine.diagnostics.diagnostic import (
    Diagnostic,
    Figure,
    Finding,
    Interval,
    all_or_none,
    part_of,
    printed,
    warning,
)
from apps.engine.diagnostics.intervals import Span, clip, difference_of_means, wilson
from apps.engine.errors import InvalidInput
from apps.engine.fields import ONE, ZERO, Field, Table, Unit, Values
from apps.engine.reading import Json

HUNDRED = Decimal(100)
WEIGHTS: Mapping[str, Decimal] = MappingProxyType(
    {
        "deflection": Decimal("0.40"),
        "handle_time": Decimal("0.35"),
        "satisfaction": Decimal("0.25"),
    }
)
DEFLECTION_ANCHOR, REDUCTION_ANCHOR, SATISFACTION_ANCHOR = (
    Decimal("0.60"),
    Decimal("0.30"),
    Decimal(10),
)
LOW, MIDDLE, HIGH = "low", "middle", "high"
MIDDLE_FROM, HIGH_ABOVE = Decimal(40), Decimal(75)
ENOUGH = 200


@dataclass(frozen=True)
class Part:
    """One of the three: what was measured, its points, and the bounds of the points."""

    raw: Decimal | None
    points: Decimal | None
    span: Span


UNKNOWN = Part(None, None, (ZERO, HUNDRED))


def index(values: Values) -> Finding:
    span = _change_span(values)
    parts = {
        "deflection": _deflection(values),
        "handle_time": _handle_time(values),
        "satisfaction": _satisfaction(values, span),
    }
    low, high = (
        sum((weight * parts[name].span[end] for name, weight in WEIGHTS.items()), ZERO)
        for end in (0, 1)
    )
    value = _weighted({name: part.points for name, part in parts.items()})
    ends = (low, high) if value is None else (value, value)
    return Finding(
        value=value,
        unit=Unit.POINTS.value,
        band=_common_band(*ends, worsened=_fell(span)),
        interval=Interval(low, high),
        figures=_figures(parts),
        guide=_guide(parts),
        warnings=_warnings(values, parts, span),
    )


def band(points: Decimal, *, worsened: bool) -> str:
    """High is strictly above 75, low strictly below 40; satisfaction that fell caps at middle."""
    if printed(points) < MIDDLE_FROM:
        return LOW
    return HIGH if printed(points) > HIGH_ABOVE and not worsened else MIDDLE


def _common_band(low: Decimal, high: Decimal, *, worsened: bool) -> str | None:
    lowest, highest = band(low, worsened=worsened), band(high, worsened=worsened)
    return lowest if lowest == highest else None


def _fell(span: Span | None) -> bool:
    """Satisfaction fell for certain: the whole interval of its change lies below 0."""
    return span is not None and span[1] < ZERO


def _figures(parts: Mapping[str, Part]) -> dict[str, Figure]:
    return {
        **{f"{name}_points": Figure(p.points, Unit.POINTS.value) for name, p in parts.items()},
        "deflection": Figure(parts["deflection"].raw, Unit.SHARE.value),
        "handle_time_reduction": Figure(parts["handle_time"].raw, Unit.SHARE.value),
        "satisfaction_change": Figure(parts["satisfaction"].raw, Unit.POINTS.value),
    }


def _weighted(points: Mapping[str, Decimal | None]) -> Decimal | None:
    total = ZERO
    for name, weight in WEIGHTS.items():
        given = points[name]
        if given is None:
            return None
        total += weight * given
    return total


def _deflection(values: Values) -> Part:
    if not all_or_none(values, "eligible", "solved_by_ai"):
        return UNKNOWN
    solved, eligible = part_of(values, "solved_by_ai", "eligible")
    anchor = values.number("deflection_anchor", DEFLECTION_ANCHOR)
    share = Decimal(solved) / eligible
    low, high = wilson(share, eligible)
    return Part(
        share,
        HUNDRED * clip(share / anchor),
        (HUNDRED * clip(low / anchor), HUNDRED * clip(high / anchor)),
    )


def _handle_time(values: Values) -> Part:
    if not values.given("intents"):
        return UNKNOWN
    rows = values.rows("intents")
    before = sum((row.number("contacts") * row.number("before") for row in rows), ZERO)
    after = sum((row.number("contacts") * row.number("after") for row in rows), ZERO)
    if before == ZERO:
        raise InvalidInput("Give contacts with a handle time before the change.", path="intents")
    fall = 1 - after / before
    points = HUNDRED * clip(fall / values.number("reduction_anchor", REDUCTION_ANCHOR))
    return Part(fall, points, (points, points))


def _satisfaction(values: Values, span: Span | None) -> Part:
    if not all_or_none(values, "satisfaction_before", "satisfaction_after"):
        return UNKNOWN
    change = values.number("satisfaction_after") - values.number("satisfaction_before")
    anchor = values.number("satisfaction_anchor", SATISFACTION_ANCHOR)

    def points(moved: Decimal) -> Decimal:
        return HUNDRED * clip((moved + anchor) / (2 * anchor))

    low, high = span or (change, change)
    return Part(change, points(change), (points(low), points(high)))


def _change_span(values: Values) -> Span | None:
    """95 % bounds of the change in satisfaction, where the samples are described."""
    described = all_or_none(
        values, "sample_before", "deviation_before", "sample_after", "deviation_after"
    )
    if not described or not values.given("satisfaction_after"):
        return None
    return difference_of_means(
        (values.number("satisfaction_after"), values.number("satisfaction_before", ZERO)),
        (values.number("deviation_after"), values.number("deviation_before")),
        (int(values.number("sample_after")), int(values.number("sample_before"))),
    )


def _guide(parts: Mapping[str, Part]) -> Figure:
    raw = {
        name: None if part.raw is None else part.raw * (1 if name == "satisfaction" else HUNDRED)
        for name, part in parts.items()
    }
    return Figure(_weighted(raw), Unit.POINTS.value)


def _warnings(values: Values, parts: Mapping[str, Part], span: Span | None) -> tuple[Json, ...]:
    found: list[Json] = [
        warning("part_not_shown", part=name) for name, part in parts.items() if part.raw is None
    ]
    if span is None:
        found.append(warning("interval_needs_sample", field="sample_before"))
        return tuple(found)
    if _fell(span):
        found.append(warning("satisfaction_fell_band_capped"))
    least = int(min(values.number("sample_before"), values.number("sample_after")))
    if least < ENOUGH:
        found.append(warning("few_observations", least=least, wanted=ENOUGH))
    return tuple(found)


def _optional(name: str, unit: Unit, low: Decimal, high: Decimal | None, text: str) -> Field:
    return Field(name, unit, low, high, text, required=False)


SMALLEST_ANCHOR = Decimal("0.01")

AI_EFFICIENCY = Diagnostic(
    slug="ai_efficiency",
    name="AI efficiency index",
    version="1",
    bands=(LOW, MIDDLE, HIGH),
    fields=(
        _optional("eligible", Unit.COUNT, ONE, None, "Contacts that AI was meant to resolve."),
        _optional(
            "solved_by_ai",
            Unit.COUNT,
            ZERO,
            None,
            "Of these, solved with no human and no repeat by the same customer in 7 days.",
        ),
        Table(
            "intents",
            (
                Field("contacts", Unit.COUNT, ZERO, None, "Contacts before the change."),
                Field("before", Unit.SECONDS, ZERO, None, "Handle time before the change."),
                Field("after", Unit.SECONDS, ZERO, None, "Handle time after the change."),
            ),
            "One row for each intent, so that a lighter mix does not look like speed.",
            required=False,
            most=200,
        ),
        _optional(
            "satisfaction_before",
            Unit.POINTS,
            ZERO,
            HUNDRED,
            "Satisfaction before the change, on a scale of 0 to 100.",
        ),
        _optional(
            "satisfaction_after",
            Unit.POINTS,
            ZERO,
            HUNDRED,
            "Satisfaction after the change, for the same intents.",
        ),
        _optional("sample_before", Unit.COUNT, ONE, None, "Answers before the change."),
        _optional("deviation_before", Unit.POINTS, ZERO, HUNDRED, "Their standard deviation."),
        _optional("sample_after", Unit.COUNT, ONE, None, "Answers after the change."),
        _optional("deviation_after", Unit.POINTS, ZERO, HUNDRED, "Their standard deviation."),
        _optional(
            "deflection_anchor",
            Unit.SHARE,
            SMALLEST_ANCHOR,
            ONE,
            "Share resolved by AI that earns full points; 0.60 where left empty.",
        ),
        _optional(
            "reduction_anchor",
            Unit.SHARE,
            SMALLEST_ANCHOR,
            ONE,
            "Fall in handle time that earns full points; 0.30 where left empty.",
        ),
        _optional(
            "satisfaction_anchor",
            Unit.POINTS,
            ONE,
            HUNDRED,
            "Change in satisfaction that earns full points, and its negative none; 10 where "
            "left empty.",
        ),
    ),
    compute=index,
)
