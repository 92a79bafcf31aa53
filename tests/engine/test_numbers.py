from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.engine.errors import InvalidInput
from apps.engine.numbers import ceil_div, clip, round_half_up, snap, text, texts


def test_snapping_removes_float_noise():
    assert snap(0.1 + 0.2) == Decimal("0.3")
    assert snap(1234567.1 + 0.2) == Decimal("1234567.3")


def test_a_decimal_has_no_noise_to_remove():
    exact = Decimal("123456789012345678.123456789")
    assert snap(exact) is exact


@pytest.mark.parametrize(
    ("value", "decimals", "rounded"),
    [
        (2.5, 0, "3"),
        (3.5, 0, "4"),
        (-2.5, 0, "-3"),
        (2.675, 2, "2.68"),
        (1.0000000005, 9, "1.000000001"),
        (Decimal("0.125"), 2, "0.13"),
        (70.83333333333334, 3, "70.833"),
    ],
)
def test_halves_round_away_from_zero(value, decimals, rounded):
    assert round_half_up(value, decimals) == Decimal(rounded)


def test_minus_zero_is_zero():
    assert str(round_half_up(-0.0001, 2)) == "0.00"


@pytest.mark.parametrize("decimals", [-1, 19])
def test_decimals_have_limits(decimals):
    with pytest.raises(InvalidInput, match="Round to 0 to 18 decimals"):
        round_half_up(1.0, decimals)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), Decimal("NaN")])
def test_a_figure_that_is_not_finite_travels_no_further(value):
    with pytest.raises(InvalidInput, match="infinite or undefined"):
        snap(value)


@pytest.mark.parametrize(
    ("value", "written"),
    [(0.1 + 0.2, "0.3"), (1e15, "1000000000000000"), (0, "0"), (-1e-12, "0"), (50.0, "50")],
)
def test_figures_are_written_without_exponent_and_trailing_zeros(value, written):
    assert text(value) == written


def test_large_decimals_are_written_in_full():
    assert texts([Decimal("1E+3"), Decimal("0.10")]) == ["1000", "0.1"]


def test_a_quotient_within_noise_of_a_whole_number_is_that_number():
    assert ceil_div(21, 1 - 0.3) == 30
    assert ceil_div(20, 1 - 0.3) == 29
    assert ceil_div(0, 5) == 0
    assert ceil_div(Decimal(7), 2) == 4


@pytest.mark.parametrize("size", [0, -1, float("nan")])
def test_only_sizes_above_zero_divide(size):
    with pytest.raises(InvalidInput, match="above 0"):
        ceil_div(1, size)


def test_an_infinite_amount_is_not_divided():
    with pytest.raises(InvalidInput, match="infinite"):
        ceil_div(float("inf"), 1)


def test_clipping_holds_a_value_between_its_bounds():
    assert [clip(x, 0, 1) for x in (-1, 0.5, 2)] == [0, 0.5, 1]
    with pytest.raises(InvalidInput, match="lower bound"):
        clip(0, 1, 0)
    with pytest.raises(InvalidInput, match="undefined"):
        clip(float("nan"), 0, 1)


@given(st.floats(-1e6, 1e6), st.integers(0, 9))
def test_what_is_written_lies_within_half_a_unit(value, decimals):
    written = Decimal(text(value, decimals))
    assert abs(written - Decimal(repr(value))) <= Decimal(1).scaleb(-decimals) / 2 + Decimal("1e-7")
    assert text(written, decimals) == text(value, decimals)


@given(st.integers(0, 10**6), st.floats(0.01, 100))
def test_the_quotient_rounded_up_is_the_smallest_that_is_enough(amount, size):
    whole = ceil_div(amount, size)
    assert whole * size >= amount * (1 - 2e-9)
    assert (whole - 1) * size < amount or whole == 0
