"""Every registered price formula: bounds, monotony, units, dependence; and its own edges."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from apps.engine.errors import InvalidInput, MissingScores, PriceFormulaUndefined
from apps.engine.matrix.prices import PRICE_FORMULAE
from apps.engine.matrix.prices.formula import Scored
from apps.engine.matrix.prices.rule import PriceRule, firsts, round_columns
from apps.engine.numbers import round_half_up
from tests.engine.matrix.strategies import bids

PARAMS = {
    "absolute-linear": {"cap": 180.0, "floor": 80.0},
    "monetised-quality": {"money_per_point": 2.5},
}
MONEY = {"cap", "floor", "money_per_point", "user_cost_per_day"}
few = settings(max_examples=40)

every_formula = pytest.mark.parametrize("slug", PRICE_FORMULAE)
point_formulas = pytest.mark.parametrize(
    "slug", [slug for slug, one in PRICE_FORMULAE.items() if not one.lowest_wins]
)


def score(slug, prices, points=100.0, params=None, admitted=None, **more):
    given_params = PARAMS.get(slug, {}) if params is None else params
    return PRICE_FORMULAE[slug].score(prices, points, given_params, admitted, **more)


def rule(slug, points=30.0):
    return PriceRule(formula=PRICE_FORMULAE[slug], points=points, params=PARAMS.get(slug, {}))


@point_formulas
@few
@given(bids(), st.integers(1, 100))
def test_points_lie_between_zero_and_the_most_there_are(slug, bid, points):
    found = score(slug, bid[1], points).values
    assert (found >= 0).all()
    assert (found <= points).all()


@every_formula
@few
@given(bids(), st.integers(0, 100), st.integers(1, 60))
def test_a_dearer_bid_never_gains(slug, bid, place, rise):
    quality, prices = bid
    i = place % prices.size
    dearer = prices.copy()
    dearer[i] += rise
    merit = rule(slug).merit
    assert merit(quality, dearer)[i] <= merit(quality, prices)[i] + 1e-9


@every_formula
@few
@given(bids(), st.sampled_from([0.01, 3.0, 1000.0]))
def test_the_unit_of_the_currency_does_not_matter(slug, bid, unit):
    quality, prices = bid
    params = PARAMS.get(slug, {})
    scaled = {name: x * (unit if name in MONEY else 1) for name, x in params.items()}
    here = score(slug, prices, quality=quality)
    there = score(slug, prices * unit, params=scaled, quality=quality)
    factor = unit if PRICE_FORMULAE[slug].lowest_wins else 1
    assert there.values == pytest.approx(here.values * factor, rel=1e-9, abs=1e-7)


@every_formula
@few
@given(bids(least=2))
def test_a_formula_says_whether_it_depends_on_other_bids(slug, bid):
    quality, prices = bid
    everybody = score(slug, prices, quality=quality).values
    fewer = score(slug, prices[:-1], quality=quality[:-1]).values
    if not PRICE_FORMULAE[slug].depends_on_others:
        assert fewer.tolist() == everybody[:-1].tolist()


@every_formula
def test_a_formula_that_depends_on_other_bids_really_does(slug):
    prices = [100, 130, 160, 70]
    everybody = score(slug, prices, quality=[50] * 4).values
    fewer = score(slug, prices[:3], quality=[50] * 3).values
    changed = not np.allclose(everybody[:3], fewer)
    assert changed == PRICE_FORMULAE[slug].depends_on_others


@every_formula
@few
@given(bids(least=2))
def test_a_bid_that_is_not_admitted_moves_no_reference(slug, bid):
    quality, prices = bid
    admitted = np.arange(prices.size) < prices.size - 1
    outside = prices.copy()
    outside[-1] = np.nan
    found = score(slug, outside, admitted=admitted, quality=quality)
    alone = score(slug, prices[:-1], quality=quality[:-1])
    assert found.values[:-1].tolist() == alone.values.tolist()
    assert np.isnan(found.values[-1])
    assert not found.clamped[-1]


@every_formula
def test_nobody_admitted_scores_nothing(slug):
    found = score(slug, [100, 120], admitted=[False, False], quality=[1, 1])
    assert np.isnan(found.values).all()


@every_formula
@pytest.mark.parametrize(
    ("prices", "kind"),
    [
        ([-1, 100], PriceFormulaUndefined),
        ([np.nan, 100], MissingScores),
        ([np.inf, 100], InvalidInput),
    ],
)
def test_a_bad_price_gets_a_named_error(slug, prices, kind):
    with pytest.raises(kind):
        score(slug, prices, quality=[1, 1])


@every_formula
def test_a_price_of_zero_is_scored_or_refused_and_never_infinite(slug):
    if PRICE_FORMULAE[slug].zero_allowed:
        assert np.isfinite(score(slug, [0, 100], quality=[1, 1]).values).all()
        return
    with pytest.raises(PriceFormulaUndefined, match="published limits"):
        score(slug, [0, 100], quality=[1, 1])


@pytest.mark.parametrize("slug", ["mean-reference", "median-reference"])
def test_a_middle_of_zero_has_no_distance_to_it(slug):
    with pytest.raises(PriceFormulaUndefined, match="reference is 0"):
        score(slug, [0, 0])


@pytest.mark.parametrize(
    ("slug", "prices", "expected"),
    [
        ("min-max", [100, 150, 200], [100, 50, 0]),
        ("min-max", [100, 100], [100, 100]),
        ("mean-reference", [100, 200], [200 / 3, 100 / 3]),
        ("median-reference", [100, 120, 500], [50 + 100 / 12, 50, 0]),
        ("rank", [100, 90, 100, 200], [200 / 3, 100, 200 / 3, 0]),
        ("rank", [100], [100]),
        ("absolute-linear", [70, 80, 130, 180, 190], [100, 100, 50, 0, 0]),
        ("linear-on-lowest", [100, 150, 200, 250], [100, 50, 0, 0]),
    ],
)
def test_points_by_hand(slug, prices, expected):
    assert score(slug, prices).values == pytest.approx(expected)


def test_points_held_at_a_limit_are_recorded():
    assert score("linear-on-lowest", [100, 200, 250]).clamped.tolist() == [False, False, True]
    assert score("absolute-linear", [70, 80]).clamped.tolist() == [True, False]


def test_references_are_part_of_the_result():
    assert score("min-max", [100, 150]).reference == {"lowest": 100, "highest": 150}
    assert score("lowest-over-price", [100, 150]).reference == {"lowest": 100}


def test_price_per_quality_point_counts_the_days():
    params = {"user_cost_per_day": 10.0, "minimum_quality": 40.0}
    found = score("price-per-quality", [1000, 900], 100, params, quality=[50, 40], days=[10, 30])
    assert found.values.tolist() == [22, 30]


@pytest.mark.parametrize(
    ("quality", "params"), [([50, 0], {}), ([50, 39], {"minimum_quality": 40.0})]
)
def test_price_per_quality_point_needs_quality(quality, params):
    with pytest.raises(PriceFormulaUndefined, match="minimum quality"):
        score("price-per-quality", [1000, 900], 100, params, quality=quality)


def test_monetised_quality_subtracts_what_the_quality_is_worth():
    assert score("monetised-quality", [1000, 900], quality=[80, 10]).values.tolist() == [800, 875]


def test_a_hundred_points_are_meant_where_none_are_named():
    formula = PRICE_FORMULAE["min-max"]
    assert formula.score([100, 200]).values.tolist() == [100, 0]
    assert PriceRule(formula=formula).merit([1, 1], [100, 200]).tolist() == [101, 1]


def test_crossed_limits_are_refused():
    with pytest.raises(PriceFormulaUndefined, match="cap above"):
        score("absolute-linear", [100], params={"cap": 80.0, "floor": 80.0})


@pytest.mark.parametrize(
    ("params", "sentence"),
    [
        ({"cap": 180.0}, "needs floor"),
        ({"cap": 180.0, "floor": 80.0, "ceiling": 1.0}, "reads finite figures for: cap, floor"),
        ({"cap": np.inf, "floor": 80.0}, "finite"),
    ],
)
def test_parameters_are_those_the_formula_declares(params, sentence):
    with pytest.raises(InvalidInput, match=sentence):
        score("absolute-linear", [100], params=params)


@pytest.mark.parametrize("points", [0, -1, np.inf])
def test_price_points_are_above_zero(points):
    with pytest.raises(InvalidInput, match="price points above 0"):
        score("min-max", [100], points)


def test_every_vendor_needs_its_figure():
    with pytest.raises(InvalidInput, match="whether it is admitted"):
        score("min-max", [100], admitted=[True, True])
    with pytest.raises(InvalidInput, match="one quality figure"):
        score("price-per-quality", [100], quality=[1, 2])


def test_a_rule_adds_points_to_quality_or_takes_the_lowest_price():
    assert rule("min-max").merit([50, 60], [100, 200]).tolist() == [80, 60]
    assert rule("monetised-quality").merit([50, 60], [100, 200]).tolist() == [25, -50]
    assert rule("min-max").winners([50, 80], [100, 200]) == (0, 1)


@pytest.mark.parametrize(("quality", "prices"), [([1], [1, 2]), ([np.nan], [1])])
def test_a_rule_needs_quality_and_price_of_everybody(quality, prices):
    with pytest.raises(InvalidInput, match="for every vendor"):
        rule("min-max").merit(quality, prices)


def test_rounded_price_points_can_tie_what_exact_ones_decide():
    exact = PriceRule(formula=PRICE_FORMULAE["lowest-over-price"], points=40)
    whole = PriceRule(formula=PRICE_FORMULAE["lowest-over-price"], points=40, decimals=0)
    assert exact.winners([60, 62], [100, 105]) == (0,) or exact.merit([60, 62], [100, 105])[1] > 0
    assert exact.merit([60, 62], [100, 105]).tolist() == pytest.approx([100, 62 + 4000 / 105])
    assert whole.merit([60, 62], [100, 105]).tolist() == [100, 100]


@given(st.lists(st.floats(0, 100), min_size=1, max_size=5), st.integers(0, 6))
def test_columns_round_as_single_figures_do(values, decimals):
    found = round_columns(np.array(values), decimals)
    exact = [float(round_half_up(x, decimals)) for x in values]
    assume(all(abs(x * 10**decimals % 1 - 0.5) > 1e-6 or x == 0 for x in values))
    assert found == pytest.approx(exact, abs=1e-12)


def test_a_half_rounds_up_in_a_column():
    assert round_columns(np.array([2.5, 0.125]), 0).tolist() == [3, 0]
    assert round_columns(np.array([1.005]), 2).tolist() == [1.01]


def test_equal_firsts_are_first_together():
    assert firsts(np.array([0.1 + 0.2, 0.3, 0.2])) == (0, 1)
    assert firsts(np.array([])) == ()


def test_scored_values_have_no_reference_unless_given():
    assert Scored(values=np.zeros(1), clamped=np.zeros(1, bool)).reference == {}
