"""Present value of dated amounts, in exact decimals; when an amount falls due is always named.

The same four flows are worth 1,188.44 or 1,307.29, depending on whether the first is discounted:
a present value without its timing is no figure.
"""

from collections.abc import Sequence
from decimal import Decimal, localcontext
from enum import Enum

from apps.engine.errors import ConventionRequired, InvalidInput

MONTHS_PER_YEAR = 12
_PRECISION = 40


class Timing(Enum):
    """When the amount of a period falls due."""

    T0 = "t0"  # at its beginning: the first amount is not discounted
    END = "end"  # at its end, as a spreadsheet's NPV
    MID_MONTH = "mid_month"  # in the middle of the month


_OFFSET = {Timing.T0: Decimal(-1), Timing.END: Decimal(0), Timing.MID_MONTH: Decimal("-0.5")}


def year_fractions(
    count: int, *, timing: Timing | None, periods_per_year: int = MONTHS_PER_YEAR
) -> tuple[Decimal, ...]:
    """Return how many years away each of `count` periods lies."""
    if not isinstance(timing, Timing):
        raise ConventionRequired("Name when amounts fall due: t0, end or mid_month.")
    if timing is Timing.MID_MONTH and periods_per_year != MONTHS_PER_YEAR:
        raise InvalidInput("Use monthly amounts with mid_month, or name t0 or end.")
    return tuple((period + _OFFSET[timing]) / periods_per_year for period in range(1, count + 1))


def discount_factors(
    count: int,
    *,
    rate: Decimal,
    timing: Timing | None,
    periods_per_year: int = MONTHS_PER_YEAR,
) -> tuple[Decimal, ...]:
    """Return what 1 in each period is worth today: (1 + rate)^-years."""
    if rate <= -1:
        raise InvalidInput("Give a discount rate above -1.")
    years = year_fractions(count, timing=timing, periods_per_year=periods_per_year)
    with localcontext(prec=_PRECISION):
        return tuple((1 + rate) ** -year for year in years)


def present_value(
    flows: Sequence[Decimal],
    *,
    rate: Decimal,
    timing: Timing | None,
    periods_per_year: int = MONTHS_PER_YEAR,
) -> Decimal:
    """Return the unrounded sum of the flows, each at its value today; rates are per year."""
    factors = discount_factors(
        len(flows), rate=rate, timing=timing, periods_per_year=periods_per_year
    )
    with localcontext(prec=_PRECISION):
        return sum((flow * factor for flow, factor in zip(flows, factors, strict=True)), Decimal(0))


def nominal_rate(real_rate: Decimal, inflation: Decimal) -> Decimal:
    """Return the rate for nominal amounts: (1 + real)(1 + inflation) - 1 (Fisher)."""
    return (1 + real_rate) * (1 + inflation) - 1
