from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.engine.errors import CurrencyMismatch, InvalidInput
from apps.engine.money import Money

amounts = st.decimals(-(10**9), 10**9, places=4)


def eur(amount):
    return Money.of(amount, "EUR")


def test_amounts_of_one_currency_add_up_exactly():
    assert eur("0.10") + eur("0.20") == eur("0.30")
    assert eur(5) - eur("0.01") == eur("4.99")
    assert Money.total([eur(1), eur(2)], "EUR") == eur(3)
    assert Money.total([], "EUR") == Money.zero("EUR")


def test_two_currencies_never_mix():
    for act in (lambda a, b: a + b, lambda a, b: a - b, lambda a, b: a < b):
        with pytest.raises(CurrencyMismatch, match="EUR and USD"):
            act(eur(1), Money.of(1, "USD"))
    assert eur(1) != Money.of(1, "USD")


def test_money_goes_together_with_money_only():
    with pytest.raises(InvalidInput, match="money only"):
        eur(1) + 1
    assert (eur(1) == 1) is False


@pytest.mark.parametrize("factor", [1.19, True, "2"])
def test_only_exact_numbers_multiply_money(factor):
    with pytest.raises(InvalidInput, match="decimal or a whole number"):
        eur(1) * factor


def test_money_scales_negates_and_compares():
    assert Decimal("1.19") * eur(100) == eur(119)
    assert -eur(1) == eur(-1)
    assert eur(1) < eur(2) <= eur(2)
    assert len({eur(1), eur("1.0")}) == 1


@pytest.mark.parametrize("amount", [1.5, True, "ten", "NaN", "Infinity"])
def test_an_amount_is_a_finite_decimal(amount):
    with pytest.raises(InvalidInput, match="decimal number"):
        eur(amount)


@pytest.mark.parametrize("code", ["eur", "EURO", "", "€"])
def test_a_currency_is_three_capital_letters(code):
    with pytest.raises(InvalidInput, match="three capital letters"):
        Money.of(1, code)


def test_rounding_follows_the_smallest_unit_of_the_currency():
    assert eur("1.005").rounded() == eur("1.01")
    assert Money.of("1.5", "JPY").rounded() == Money.of(2, "JPY")
    assert Money.of("1.0005", "KWD").rounded() == Money.of("1.001", "KWD")


@given(amounts, amounts, amounts)
def test_the_order_of_adding_does_not_matter(a, b, c):
    assert (eur(a) + eur(b)) + eur(c) == eur(a) + (eur(b) + eur(c))


@pytest.mark.parametrize(
    ("decimals", "codes"),
    [
        (0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"),
        (2, "CHF EUR GBP INR PHP USD ZAR"),
        (3, "BHD IQD JOD KWD LYD OMR TND"),
        (4, "CLF UYW"),
    ],
)
def test_an_amount_has_the_decimals_of_its_currency_by_iso_4217(decimals, codes):
    for code in codes.split():
        rounded = Money.of("1.11111", code).rounded()
        assert rounded.amount.as_tuple().exponent == -decimals
