"""Net present value, internal rate of return, return on investment."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from apps.engine.cashflow import Timing
from apps.engine.errors import ConventionRequired, InvalidInput
from apps.engine.pricing.finance import irr, npv, roi, xnpv

flows = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=40)
START = date(2026, 1, 1)


@given(flows, st.sampled_from([Timing.T0, Timing.END]))
def test_at_a_rate_of_nothing_the_value_is_the_sum(amounts, timing):
    assert npv(amounts, rate=0, timing=timing) == pytest.approx(sum(amounts), abs=1e-6)


def test_a_timing_has_to_be_named():
    with pytest.raises(ConventionRequired):
        npv([1, 2], rate=0.1, timing=None)


def test_months_are_discounted_at_the_yearly_rate():
    monthly = npv([0] * 12 + [108], rate=0.08, timing=Timing.T0, periods_per_year=12)
    assert monthly == pytest.approx(100)


@given(flows)
def test_equal_dates_are_worth_the_sum(amounts):
    value = xnpv(amounts, dates=[START] * len(amounts), rate=0.1)
    assert value == pytest.approx(sum(amounts), abs=1e-6)


def test_dates_count_actual_days_over_365():
    dates = [START, START + timedelta(days=365), START + timedelta(days=730)]
    assert xnpv([-100, 60, 60], dates=dates, rate=0.1) == pytest.approx(
        npv([-100, 60, 60], rate=0.1, timing=Timing.T0)
    )


def test_dates_and_amounts_belong_together():
    with pytest.raises(InvalidInput):
        xnpv([1, 2], dates=[START], rate=0.1)
    with pytest.raises(InvalidInput):
        xnpv([1], dates=[START], rate=-1)


@given(st.lists(st.floats(-1000, 1000).map(lambda x: round(x, 2)), min_size=2, max_size=30))
def test_a_rate_of_return_makes_the_value_nothing(amounts):
    assume(min(amounts) < 0 < max(amounts))
    try:
        rates = irr(amounts)
    except InvalidInput:
        return  # both signs, and yet never worth nothing
    assert list(rates) == sorted(rates)
    for rate in rates:
        powers = (1 + rate) ** -np.arange(len(amounts), dtype=float)
        assert abs(amounts @ powers) <= 1e-6 * (np.abs(amounts) @ powers)


def test_all_rates_of_return_are_found():
    """(1 - 1.1v)(1 - 1.3v)(1 - 1.6v) in v = 1/(1 + r)."""
    rates = irr(np.poly([1.1, 1.3, 1.6]))
    assert rates == pytest.approx((0.1, 0.3, 0.6), rel=1e-9)


def test_a_rate_on_a_node_of_the_search_is_found():
    assert irr([-100, 100]) == pytest.approx((0.0,), abs=1e-12)


def test_a_monthly_rate_is_quoted_by_the_year():
    assert irr([-100, 101], periods_per_year=12) == pytest.approx((1.01**12 - 1,))


@pytest.mark.parametrize("amounts", [[1, 2], [-1, -2], [], [1, float("nan")], [[1, -1]]])
def test_flows_of_one_sign_have_no_rate(amounts):
    with pytest.raises(InvalidInput):
        irr(amounts)


def test_flows_of_both_signs_may_have_none_either():
    with pytest.raises(InvalidInput, match="no rate of return"):
        irr([100, -150, 100])


def test_a_saving_of_forty_percent_shows_as_two_thirds():
    assert roi(100, 60) == pytest.approx(2 / 3)
    assert roi(1_000_000, 600_000, 60_000) == pytest.approx(0.766667, abs=1e-6)
    with pytest.raises(InvalidInput):
        roi(100, 0)
