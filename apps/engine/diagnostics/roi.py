"""True ROI (F7): ((internal - outsourced) + capability value) / outsourced, in per cent.

A pure saving s of the internal cost shows as s / (1 - s): 40 % saved is an ROI of 66.7 %. So the
saving in per cent of the internal cost and the ROI without capability value stand beside it.
Amounts are per year; the present value counts whole years and the one-off costs today.
"""

from decimal import Decimal

from apps.engine.cashflow import Timing, present_value
from apps.engine.diagnostics.diagnostic import (
    PERCENT,
    Diagnostic,
    Figure,
    Finding,
    all_or_none,
    positive,
    warning,
)
from apps.engine.fields import ONE, ZERO, Choice, Field, Unit, Values
from apps.engine.reading import Json

HUNDRED = Decimal(100)
CAPABILITIES = ("coverage_value", "resolution_value", "deflection_value")
MOST_YEARS = Decimal(30)


def true_roi(values: Values) -> Finding:
    internal = positive(values, "internal_cost", "the saving is a share of it")
    outsourced = positive(values, "outsourced_cost", "ROI divides by it")
    saving = internal - outsourced
    capability = sum((values.number(name) for name in CAPABILITIES), ZERO)
    roi = Figure((saving + capability) / outsourced * HUNDRED, PERCENT)
    return Finding(
        value=roi.value,
        unit=roi.unit,
        figures={
            "saving": Figure(saving, Unit.MONEY.value),
            "saving_percent_of_internal": Figure(saving / internal * HUNDRED, PERCENT),
            "capability_value": Figure(capability, Unit.MONEY.value),
            "roi_without_capability": Figure(saving / outsourced * HUNDRED, PERCENT),
            **_one_off(values, saving + capability),
            "present_value": Figure(_present_value(values, saving + capability), Unit.MONEY.value),
        },
        guide=roi,
        warnings=_warnings(values),
    )


def _one_off(values: Values, yearly: Decimal) -> dict[str, Figure]:
    cost = values.maybe("one_off_cost")
    years = None if cost is None else _years_to_recover(cost, yearly)
    return {
        "one_off_cost": Figure(cost, Unit.MONEY.value),
        "years_to_recover": Figure(years, "years"),
    }


def _years_to_recover(one_off: Decimal, yearly: Decimal) -> Decimal | None:
    """Years until the benefit has paid the one-off cost; None where it never does."""
    if one_off == ZERO:
        return ZERO
    return one_off / yearly if yearly > 0 else None


def _present_value(values: Values, yearly: Decimal) -> Decimal | None:
    if not all_or_none(values, "years", "discount_rate", "timing"):
        return None
    flows = [yearly] * int(values.number("years"))
    worth = present_value(
        flows,
        rate=values.number("discount_rate"),
        timing=Timing(values.text("timing")),
        periods_per_year=1,
    )
    return worth - values.number("one_off_cost", ZERO)


def _warnings(values: Values) -> tuple[Json, ...]:
    found: list[Json] = []
    if not values.given("one_off_cost"):
        found.append(warning("one_off_cost_not_shown"))
    if not values.given("years"):
        found.append(warning("present_value_not_shown"))
    return tuple(found)


ROI = Diagnostic(
    slug="roi",
    name="True return on outsourcing",
    version="1",
    fields=(
        Field("internal_cost", Unit.MONEY, ZERO, None, "Loaded cost of the own centre, a year."),
        Field("outsourced_cost", Unit.MONEY, ZERO, None, "Outsourced operating cost, a year."),
        Field(
            "coverage_value",
            Unit.MONEY,
            ZERO,
            None,
            "Margin saved by cover around the clock, a year; 0 for none.",
        ),
        Field(
            "resolution_value",
            Unit.MONEY,
            ZERO,
            None,
            "Margin saved by higher first-contact resolution, a year; 0 for none.",
        ),
        Field(
            "deflection_value",
            Unit.MONEY,
            ZERO,
            None,
            "Capital and cost saved by contacts that AI resolves, a year; 0 for none.",
        ),
        Field(
            "one_off_cost",
            Unit.MONEY,
            ZERO,
            None,
            "Transition, double running and exit, once.",
            required=False,
        ),
        Field("years", Unit.COUNT, ONE, MOST_YEARS, "Years of the contract.", required=False),
        Field(
            "discount_rate",
            Unit.SHARE,
            ZERO,
            ONE,
            "Discount rate a year, 0.08 for 8 %.",
            required=False,
        ),
        Choice(
            "timing",
            (Timing.T0.value, Timing.END.value),
            "When a year's amount falls due: at its beginning (t0) or at its end (end).",
            required=False,
        ),
    ),
    compute=true_roi,
)
