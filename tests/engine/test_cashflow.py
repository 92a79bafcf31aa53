"""Present values are exact, and nothing is discounted without a named timing."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.engine.cashflow import (
    Timing,
    discount_factors,
    nominal_rate,
    present_value,
    year_fractions,
)
from apps.engine.errors import ConventionRequired, InvalidInput

amounts = st.lists(st.decimals(-(10**6), 10**6, places=2), min_size=1, max_size=60)


@pytest.mark.parametrize(
    ("timing", "first", "thirteenth"),
    [(Timing.T0, "0", "1"), (Timing.END, "1/12", "13/12"), (Timing.MID_MONTH, "1/24", "25/24")],
)
def test_each_timing_puts_the_months_where_it_says(timing, first, thirteenth):
    def fraction(text):
        top, _, bottom = text.partition("/")
        return Decimal(top) / Decimal(bottom or 1)

    years = year_fractions(13, timing=timing)
    assert abs(years[0] - fraction(first)) < Decimal("1e-25")
    assert abs(years[12] - fraction(thirteenth)) < Decimal("1e-25")


@pytest.mark.parametrize("timing", [None, "end", 0])
def test_a_timing_has_to_be_named(timing):
    with pytest.raises(ConventionRequired):
        present_value([Decimal(1)], rate=Decimal("0.1"), timing=timing)


def test_mid_month_needs_months():
    with pytest.raises(InvalidInput):
        discount_factors(3, rate=Decimal("0.1"), timing=Timing.MID_MONTH, periods_per_year=1)


def test_a_rate_of_minus_one_is_refused():
    with pytest.raises(InvalidInput):
        discount_factors(3, rate=Decimal(-1), timing=Timing.END)


def test_a_year_ahead_is_discounted_by_the_yearly_rate():
    (*_, last) = discount_factors(12, rate=Decimal("0.08"), timing=Timing.END)
    assert abs(last - 1 / Decimal("1.08")) < Decimal("1e-25")


@given(amounts, st.sampled_from(Timing))
def test_at_a_rate_of_nothing_the_present_value_is_the_sum(flows, timing):
    assert present_value(flows, rate=Decimal(0), timing=timing) == sum(flows)


@given(amounts, amounts, st.sampled_from(Timing))
def test_present_values_add_up(first, second, timing):
    size = min(len(first), len(second))
    first, second = first[:size], second[:size]
    both = [a + b for a, b in zip(first, second, strict=True)]

    def worth(flows):
        return present_value(flows, rate=Decimal("0.07"), timing=timing)

    assert abs(worth(both) - worth(first) - worth(second)) < Decimal("1e-20")


@given(amounts)
def test_later_money_is_worth_less(flows):
    flows = [abs(flow) for flow in flows]
    early, middle, late = (
        present_value(flows, rate=Decimal("0.07"), timing=timing)
        for timing in (Timing.T0, Timing.MID_MONTH, Timing.END)
    )
    assert early >= middle >= late


def test_a_real_rate_is_raised_by_inflation():
    assert nominal_rate(Decimal("0.05"), Decimal("0.02")) == Decimal("0.0710")
