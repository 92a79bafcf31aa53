"""Prices in the ranking: whose count, sealed ones, rounding, adjusted prices."""

import pytest

from apps.engine.errors import (
    MissingScores,
    PriceFormulaUndefined,
)
from apps.engine.matrix.case import run
from tests.engine.matrix.cases import BASE, base, codes, priced, vendors, without_price_leaf


def test_reference_prices_come_from_admitted_bids_only():
    out = [{"vendor": v, "code": "licence", "passed": v != "c"} for v in "abc"]
    case = priced(formula="lowest-over-price", params=None)
    assert run(case).result["price"]["reference"] == {"lowest": "110"}
    assert run(case | {"knockouts": out}).result["price"]["reference"] == {"lowest": "120"}
    assert codes(case) == ["price-depends-on-others"]


def test_a_vendor_that_is_out_needs_no_price():
    out = [{"vendor": v, "code": "licence", "passed": v != "c"} for v in "abc"]
    case = priced(prices={"a": "120", "b": "150", "c": None}) | {"knockouts": out}
    [last] = [one for one in run(case).result["price"]["vendors"] if one["id"] == "c"]
    assert last == {"id": "c", "price": None, "scored": None, "clamped": False}
    with pytest.raises(MissingScores) as raised:
        run(priced(prices={"a": "120", "b": "150"}))
    assert raised.value.path == "price.prices.c"


def test_sealed_prices_leave_a_ranking_on_quality_alone():
    case = priced(prices=None)
    result = run(case).result
    assert result["basis"]["attainable"] == "60"
    assert [one["total"] for one in result["vendors"]] == ["42", "48", "18"]
    assert result["price"] == {"opened": False, "criterion": "price", "currency": "EUR"}
    assert result["winners"] == ["b"]
    assert codes(case) == ["prices-not-opened"]
    assert result["formula_matrix"] is None
    assert codes(
        without_price_leaf("monetised-quality", {"money_per_point": "1"}, prices=None)
    ) == ["prices-not-opened"]


def test_a_matrix_without_prices_ranks_quality():
    case = base(price=None)
    case["criteria"] = [
        *case["criteria"],
        {"id": "price", "scale": ["0", "9"], "direction": "lower"},
    ]
    case["scores"] = {v: line | {"price": "3"} for v, line in case["scores"].items()}
    result = run(case).result
    assert result["price"] is None
    assert result["vendors"][0]["total"] == "68.666666667"


def test_price_points_may_be_rounded_before_they_are_added():
    prices = {"a": "133", "b": "150", "c": "110"}
    case = priced(formula="lowest-over-price", params=None, prices=prices, decimals=0)
    assert vendors(case)["a"]["contributions"]["price"] == "33"
    assert {"code": "price-points-rounded", "decimals": 0} in run(case).warnings
    exact = priced(formula="lowest-over-price", params=None, prices=prices)
    assert vendors(exact)["a"]["contributions"]["price"] == "33.082706767"


def test_points_held_at_a_limit_are_a_warning():
    case = priced(prices={"a": "120", "b": "250", "c": "110"})
    assert run(case).warnings == ({"code": "price-points-clamped", "vendor": "b"},)


def test_a_price_that_carries_no_weight_is_scored_and_adds_nothing():
    nodes = [
        node | {"weight": {"quality": "100", "price": "0"}.get(node["id"], node["weight"])}
        for node in BASE["nodes"]
    ]
    result = run(base(nodes=nodes)).result
    assert result["vendors"][0]["contributions"]["price"] == "0"
    assert result["vendors"][0]["values"]["price"] == "0.8"
    assert result["formula_matrix"] is None


def test_the_lowest_adjusted_price_wins():
    case = without_price_leaf("monetised-quality", {"money_per_point": "1"})
    result = run(case).result
    assert result["basis"] == {"total": "adjusted-price", "unit": "EUR", "wins": "lowest"}
    # quality 70, 80, 30
    assert [one["total"] for one in result["vendors"]] == ["50", "70", "80"]
    assert [one["rank"] for one in result["vendors"]] == [1, 2, 3]
    assert result["certain_winner"] == "a"


def test_missing_scores_move_an_adjusted_price_both_ways():
    case = without_price_leaf("monetised-quality", {"money_per_point": "1"})
    case["scores"] = case["scores"] | {"b": {"staff": None, "plan": "5"}}
    found = vendors(case)["b"]
    assert (found["total"], found["total_low"], found["total_high"]) == ("100", "50", "100")
    assert run(case).result["certain_winner"] is None


def test_days_cost_money_under_price_per_quality_point():
    params = {"user_cost_per_day": "1", "minimum_quality": "30"}
    case = without_price_leaf("price-per-quality", params, days={"a": "20", "c": None})
    result = run(case).result
    assert [one["total"] for one in result["vendors"]] == ["2", "1.875", "3.666666667"]
    assert result["winners"] == ["b"]


def test_a_formula_without_a_value_names_the_prices():
    with pytest.raises(PriceFormulaUndefined) as raised:
        run(priced(formula="lowest-over-price", params=None, prices={"a": "0", "b": "1", "c": "1"}))
    assert raised.value.path == "price.prices"
