"""Intervals against published figures."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.engine.diagnostics.intervals import (
    clip,
    difference_of_means,
    difference_of_shares,
    wilson,
)

HALF_A_DIGIT = Decimal("0.00005")


@pytest.mark.parametrize(
    ("hits", "trials", "low", "high"),
    [
        (81, 263, "0.2553", "0.3662"),
        (15, 148, "0.0624", "0.1605"),
        (0, 20, "0.0000", "0.1611"),
        (1, 29, "0.0061", "0.1718"),
    ],
)
def test_wilson_gives_the_intervals_of_newcombe_1998_table_one(hits, trials, low, high):
    found = wilson(Decimal(hits) / trials, trials)
    assert abs(found[0] - Decimal(low)) <= HALF_A_DIGIT
    assert abs(found[1] - Decimal(high)) <= HALF_A_DIGIT


def test_method_ten_gives_the_interval_of_newcombe_1998_example_a():
    # 56 of 70 against 48 of 80
    low, high = difference_of_shares((Decimal("0.8"), Decimal("0.6")), (70, 80))
    assert abs(low - Decimal("0.0524")) <= HALF_A_DIGIT
    assert abs(high - Decimal("0.3339")) <= HALF_A_DIGIT


def test_the_interval_of_a_difference_of_means_by_hand():
    low, high = difference_of_means((Decimal(12), Decimal(4)), (Decimal(3), Decimal(4)), (9, 16))
    # the variance is 9/9 + 16/16 = 2
    assert low == Decimal(8) - Decimal("1.959963984540054") * Decimal(2).sqrt()
    assert abs(high + low - 16) < Decimal("1e-25")


def test_clip_holds_a_value_between_its_bounds():
    assert [clip(Decimal(x)) for x in ("-1", "0.5", "2")] == [0, Decimal("0.5"), 1]


@given(data=st.data(), trials=st.integers(1, 10**6))
def test_an_interval_of_a_share_holds_the_share_and_stays_between_0_and_1(data, trials):
    share = Decimal(data.draw(st.integers(0, trials))) / trials
    low, high = wilson(share, trials)
    assert 0 <= low <= share <= high <= 1
