"""Net present value, internal rate of return, return on investment; in floats, for analysis.

The present value of a frozen result is computed exactly, in `apps.engine.cashflow`.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import numpy as np
from numpy.typing import ArrayLike

from apps.engine.cashflow import Timing, discount_factors
from apps.engine.errors import InvalidInput
from apps.engine.pricing.erlang_b import Floats

DAYS_PER_YEAR = 365
WIDEST_LOG = 5.0  # periodic rates from e^-5 - 1 to e^5 - 1: -99 % to +14,741 %
SEARCH_NODES = 20_001
HALVINGS = 80


def npv(
    flows: ArrayLike, *, rate: float, timing: Timing | None, periods_per_year: int = 1
) -> float:
    """Return the value today of flows (T,) at a yearly rate; the timing has to be named."""
    amounts = _flows(flows)
    factors = discount_factors(
        len(amounts),
        rate=Decimal(repr(float(rate))),
        timing=timing,
        periods_per_year=periods_per_year,
    )
    return float(amounts @ np.array(factors, dtype=float))


def xnpv(flows: ArrayLike, *, dates: Sequence[date], rate: float) -> float:
    """Return the value on the first date of flows on dates, by actual days over 365."""
    amounts = _flows(flows)
    if len(dates) != len(amounts):
        raise InvalidInput("Give one date for every amount.")
    if rate <= -1:
        raise InvalidInput("Give a discount rate above -1.")
    days = np.array([(day - dates[0]).days for day in dates], dtype=float)
    return float(amounts @ (1 + rate) ** (-days / DAYS_PER_YEAR))


def irr(flows: ArrayLike, *, periods_per_year: int = 1) -> tuple[float, ...]:
    """Return every yearly rate at which the flows are worth nothing, ascending.

    There may be several, one for each change of sign at most. A rate at which the value touches
    0 without changing sign is not found.
    """
    amounts = _flows(flows)
    if amounts.min() >= 0 or amounts.max() <= 0:
        raise InvalidInput("Give amounts of both signs; without them there is no rate of return.")
    # descending in the logarithm of 1/(1 + rate), so that rates ascend
    log = np.linspace(WIDEST_LOG, -WIDEST_LOG, SEARCH_NODES)
    value = _worth(amounts, log)
    changes = np.flatnonzero((np.sign(value[:-1]) * np.sign(value[1:])) < 0)
    exact = log[value == 0]
    roots = np.sort(np.concatenate([_bisected(amounts, log[changes], log[changes + 1]), exact]))
    if not roots.size:
        raise InvalidInput("These amounts have no rate of return above -99 %.")
    return tuple(float(np.expm1(-root * periods_per_year)) for root in roots[::-1])


def _worth(amounts: Floats, log: Floats) -> Floats:
    return np.asarray(np.polynomial.polynomial.polyval(np.exp(log), amounts), dtype=np.float64)


def _bisected(amounts: Floats, high: Floats, low: Floats) -> Floats:
    rising = np.sign(_worth(amounts, high))
    middle = (low + high) / 2
    for _ in range(HALVINGS):
        above = np.sign(_worth(amounts, middle)) == rising
        high, low = np.where(above, middle, high), np.where(above, low, middle)
        middle = (low + high) / 2
    return middle


def roi(internal: float, outsourced: float, capability_value: float = 0.0) -> float:
    """Return ((internal - outsourced) + capability value)/outsourced, a share.

    A saving of 40 % of the internal cost shows as 66.7 %: the base is what is spent.
    """
    if outsourced <= 0:
        raise InvalidInput("Give an outsourced cost above 0.")
    return (internal - outsourced + capability_value) / outsourced


def _flows(flows: ArrayLike) -> Floats:
    amounts = np.asarray(flows, dtype=float)
    if amounts.ndim != 1 or not amounts.size or not np.all(np.isfinite(amounts)):
        raise InvalidInput("Give at least one amount, all of them finite.")
    return amounts
