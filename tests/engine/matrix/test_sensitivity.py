import numpy as np
import pytest
from hypothesis import given, settings

from apps.engine.errors import InvalidInput, PriceFormulaUndefined
from apps.engine.matrix.prices import PRICE_FORMULAE
from apps.engine.matrix.prices.rule import PriceRule
from apps.engine.matrix.sensitivity import criterion_power, value_of_quality
from tests.engine.matrix.strategies import weighted


def rule(slug, points=30.0, **params):
    return PriceRule(formula=PRICE_FORMULAE[slug], points=points, params=params)


def test_a_criterion_on_which_all_are_alike_decides_nothing():
    found = criterion_power([[0.5, 0.9], [0.5, 0.4]], [0.2, 0.8])
    assert found.tolist() == [0, 1]


def test_twenty_percent_of_the_weight_may_decide_three():
    found = criterion_power([[0.50, 0.2], [0.55, 0.6]], [0.2, 0.8])
    assert found == pytest.approx([0.01 / 0.33, 0.32 / 0.33])


@settings(max_examples=40)
@given(weighted())
def test_power_is_shared_out_unless_nothing_differs(case):
    found = criterion_power(*case)
    assert found.sum() == pytest.approx(1) or not found.any()


def test_the_absolute_line_prices_a_point_at_its_slope():
    # 30 points over a million: a point costs 33,333 wherever the bid stands
    there = rule("absolute-linear", cap=2e6, floor=1e6)
    found = value_of_quality([60, 50], [1.5e6, 1.3e6], there, 0, 1)
    assert found.implied == pytest.approx(1e6 / 30, rel=1e-6)
    assert found.paid == pytest.approx(20_000)
    assert (found.quality_gap, found.price_gap) == (10, 200_000)


def test_the_whole_formula_is_evaluated_again_where_the_winner_is_the_cheapest():
    # a rise of the lowest price changes no point of its own: S = Q + W
    assert value_of_quality([60, 50], [100, 130], rule("lowest-over-price"), 0, 1).implied is None
    found = value_of_quality([60, 50], [130, 100], rule("lowest-over-price"), 0, 1)
    assert found.implied == pytest.approx(130**2 / (30 * 100), rel=1e-5)


def test_adjusted_prices_have_a_value_of_quality_too():
    money = value_of_quality(
        [60, 50], [1000, 900], rule("monetised-quality", money_per_point=25), 0, 1
    )
    assert money.implied == pytest.approx(25, rel=1e-6)
    per_point = value_of_quality([60, 50], [1000, 900], rule("price-per-quality"), 0, 1)
    assert per_point.implied == pytest.approx(1000 / 60, rel=1e-5)


def test_nothing_is_paid_for_quality_that_does_not_differ():
    there = rule("absolute-linear", cap=2000, floor=1000)
    assert value_of_quality([60, 60], [1500, 1600], there, 0, 1).paid is None


def test_a_price_of_zero_has_no_slope():
    with pytest.raises(PriceFormulaUndefined, match="above 0"):
        value_of_quality([60, 50], [0, 100], rule("min-max"), 0, 1)


@pytest.mark.parametrize(("prices", "b"), [([100], 1), ([100, 120], 2)])
def test_both_vendors_are_among_the_bids(prices, b):
    with pytest.raises(InvalidInput, match="two of the vendors"):
        value_of_quality([60, 50], np.array(prices), rule("min-max"), 0, b)
