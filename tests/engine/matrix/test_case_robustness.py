import numpy as np
import pytest

from apps.engine.matrix.case import run
from apps.engine.matrix.case_input import read
from apps.engine.matrix.model import model
from apps.engine.matrix.scorecard import assess
from tests.engine.matrix.cases import BASE, base, example, priced, without_price_leaf

ASKED = {"draws": "2000", "seed": 7, "concentration": "60"}


def result(case):
    return run(case).result


def by_id(rows):
    return {one["id"]: one for one in rows}


def test_intervals_are_in_percent_and_name_the_rival():
    found = result(base())["weight_intervals"]
    # A leads B by -.1 on quality and .3 on price, C by .4 and -.1: ties at .1 / .4 and .4 / .5
    price = by_id(found["criteria"])["price"]
    assert price["low"] == "25"
    assert price == by_id(found["nodes"])["price"]
    assert (price["wins_below"], price["wins_above"], price["high"]) == ("b", "c", "80")
    quality = by_id(found["nodes"])["quality"]
    assert (quality["low"], quality["high"]) == ("20", "75")
    assert by_id(found["criteria"])["plan"]["wins_above"] == "b"


def test_the_ends_of_an_interval_tie_when_the_case_is_run_with_them():
    nodes = [
        node | {"weight": {"quality": "75", "price": "25"}.get(node["id"], node["weight"])}
        for node in BASE["nodes"]
    ]
    assert result(base(nodes=nodes))["winners"] == ["a", "b"]


def test_the_least_move_names_what_gives_and_what_receives():
    found = result(base())["award_move"]
    # lead 6 points; price gives (d = .3) to plan (d = -.4): 6 / .7
    assert found["moved"] == "8.571428571"
    assert found["from"] == {"price": "8.571428571"}
    assert (found["to"], found["rival"], found["possible"]) == ("plan", "b", True)
    assert found["weights_after"] == {
        "staff": "30",
        "plan": "38.571428571",
        "price": "31.428571429",
    }
    rivals = by_id(found["rivals"])
    assert rivals["c"]["dominated"] is False


def test_an_award_that_no_weighting_changes_says_so():
    scores = BASE["scores"] | {"a": {"staff": "5", "plan": "5"}}
    prices = {"a": "100", "b": "150", "c": "110"}
    found = result(base(scores=scores, price=BASE["price"] | {"prices": prices}))["award_move"]
    assert found["possible"] is True
    assert found["tie_only"] is True
    scores = scores | {"b": {"staff": "4", "plan": "4"}}
    found = result(base(scores=scores, price=BASE["price"] | {"prices": prices}))["award_move"]
    assert found == {
        "possible": False,
        "rivals": [
            {"id": "b", "moved": None, "dominated": True},
            {"id": "c", "moved": None, "dominated": True},
        ],
    }


def test_power_stands_beside_weight():
    found = by_id(result(base())["criteria_power"])
    # ranges .4, .8, .4 at 30, 30, 40
    assert found["plan"] == {"id": "plan", "weight": "30", "power": "46.153846154"}
    assert sum(float(one["power"]) for one in found.values()) == pytest.approx(100)


def test_a_criterion_with_all_the_weight_has_no_interval():
    nodes = [
        {"id": "all", "parent": None, "weight": None, "weights_of_children": "points"},
        {"id": "staff", "parent": "all", "weight": "1"},
        {"id": "plan", "parent": "all", "weight": "0"},
    ]
    found = by_id(result(base(nodes=nodes, price=None))["weight_intervals"]["criteria"])
    assert (found["staff"]["low"], found["staff"]["high"]) == (None, None)
    assert found["plan"]["weight"] == "0"


def test_a_losing_bid_that_decides_is_named():
    scores = {
        "a": {"staff": "3.5", "plan": "3.5"},
        "b": {"staff": "4", "plan": "4"},
        "c": {"staff": "1.5", "plan": "1.5"},
    }
    prices = {"a": "100", "b": "120", "c": "60"}
    case = base(
        scores=scores,
        price=BASE["price"] | {"formula": "lowest-over-price", "params": {}, "prices": prices},
    )
    found = result(case)
    assert found["winners"] == ["b"]
    assert found["leave_one_out"]["changed_by"] == ["c"]
    assert found["leave_one_out"]["without"][1] == {"left_out": "c", "winners": ["a"]}
    assert found["phantom"]["possible"] is False
    assert set(found["phantom"]["ties"]) == {"a", "b", "c"}
    assert found["phantom"]["ties"]["b"] is None


def test_a_possible_phantom_is_described():
    scores = {
        "a": {"staff": "4", "plan": "4"},
        "b": {"staff": "3.5", "plan": "3.5"},
        "c": {"staff": "0", "plan": "0"},  # far behind: what it bids decides nothing
    }
    prices = {"a": "130", "b": "100", "c": "200"}
    case = base(
        scores=scores,
        price=BASE["price"] | {"formula": "lowest-over-price", "params": {}, "prices": prices},
    )
    found = result(case)["phantom"]
    # 48 + 40 P / 130 = 42 + 40 P / 100 at P = 65
    assert (found["possible"], found["price"], found["new_winner"]) == (True, "65", "a")
    assert float(found["quality_below"]) == pytest.approx(28)


def test_the_winner_under_every_formula_is_shown():
    alternatives = [{"formula": "monetised-quality", "params": {"money_per_point": "0.1"}}]
    found = {
        one["formula"]: one for one in result(priced(alternatives=alternatives))["formula_matrix"]
    }
    assert found["absolute-linear"]["published"] is True
    assert found["monetised-quality"]["winners"] == ["c"]
    assert found["rank"]["depends_on_others"] is True
    assert len(found) == 9
    free = priced(prices={"a": "120", "b": "0", "c": "110"})
    undefined = {one["formula"]: one for one in result(free)["formula_matrix"]}
    assert undefined["lowest-over-price"] == {
        "formula": "lowest-over-price",
        "published": False,
        "depends_on_others": True,
        "winners": [],
        "defined": False,
    }


def test_money_per_quality_point_is_implied_and_paid():
    found = result(base())["value_of_quality"]
    # 40 points over 100: a point is worth 2.5
    assert found["implied"] == "2.5"
    assert found["rivals"][0] == {"id": "b", "quality_gap": "-6", "price_gap": "-30", "paid": "5"}
    assert found["rivals"][1]["paid"] == "0.41666667"


def test_equal_quality_costs_nothing_and_a_free_bid_has_no_slope():
    same = {v: {"staff": "4", "plan": "3"} for v in "abc"}
    assert result(base(scores=same))["value_of_quality"]["rivals"][0]["paid"] is None
    case = priced(prices={"a": "0", "b": "150", "c": "110"})
    assert result(case)["value_of_quality"] is None
    cheapest = priced(
        formula="lowest-over-price", params={}, prices={"a": "100", "b": "150", "c": "110"}
    )
    assert result(cheapest)["value_of_quality"]["implied"] is None


def test_sampled_weights_appear_when_asked_for():
    assert result(base())["smaa"] is None
    found = result(base(robustness=ASKED))["smaa"]
    first = by_id(found["around_published"]["vendors"])
    assert sum(float(one["first"]) for one in first.values()) == pytest.approx(1)
    assert float(first["a"]["first"]) > 0.5
    assert set(first["a"]["central_weights"]) == {"staff", "plan", "price"}
    assert first["a"]["ahead_of"]["a"] == "0"
    assert found["draws"] == 2000
    everywhere = by_id(found["all_weights"]["vendors"])
    assert len(everywhere["a"]["places"]) == 3


def test_a_vendor_that_is_never_first_has_no_central_weights():
    scores = BASE["scores"] | {"c": {"staff": "0", "plan": "0"}}
    prices = {"a": "120", "b": "150", "c": "160"}
    case = base(scores=scores, price=BASE["price"] | {"prices": prices}, robustness=ASKED)
    last = by_id(result(case)["smaa"]["all_weights"]["vendors"])["c"]
    assert (last["first"], last["confidence"], last["central_weights"]) == ("0", None, None)


def test_cross_checks_show_other_methods_and_their_reversals():
    found = {one["method"]: one for one in result(example())["cross_checks"]}
    assert list(found) == ["weighted-sum", "weighted-product", "topsis"]
    assert found["weighted-sum"]["reversals"] == {"leave_one_out": [], "copy": [], "pairs": []}
    assert found["weighted-sum"]["totals"]["aster"] == "0.743625"
    assert found["topsis"]["reversals"]["leave_one_out"] == ["birch"]
    assert found["topsis"]["reversals"]["pairs"] == [["aster", "cedar"]]


# The linear model of an adjusted price has the order of the adjusted price. Worth minus price of
# the six scores runs from -108 (42 - 150) to -64 (56 - 120), which the model puts on 0..1.
SLOPE = -1 / 44


@pytest.mark.parametrize(
    ("formula", "params"),
    [
        ("monetised-quality", {"money_per_point": "0.7"}),
        ("price-per-quality", {}),
        ("price-per-quality", {"user_cost_per_day": "2"}),
    ],
)
def test_the_linear_model_orders_as_the_adjusted_price_does(formula, params):
    case = without_price_leaf(formula, params, days={"a": "5", "b": "1", "c": "9"})
    card = assess(read(case))
    found = model(card)
    totals = found.values @ found.weights
    assert sorted(range(3), key=lambda i: -totals[i]) == sorted(
        range(3), key=lambda i: card.award.values[i]
    )
    assert totals.argmax() == found.winner
    if formula == "price-per-quality":  # totals are quality over cost
        assert totals * card.award.values == pytest.approx((totals * card.award.values)[0])
    else:  # totals are money, on another scale
        assert np.diff(totals) / np.diff(card.award.values) == pytest.approx(SLOPE, rel=1e-9)
    seen = result(case)
    assert seen["weight_intervals"]["criteria"][0]["weight"] == "50"
    assert seen["leave_one_out"]["changed_by"] == []
    assert {one["formula"] for one in seen["formula_matrix"]} >= {"price-per-quality"}


def test_money_per_point_counts_only_what_is_in_play():
    case = without_price_leaf("monetised-quality", {"money_per_point": "1"}) | {
        "missing": "exclude"
    }
    case["scores"] = case["scores"] | {"c": {"plan": "1"}}
    card = assess(read(case))
    found = model(card)
    # plan alone is left, worth 50 points: 30, 50 and 10 of them
    assert card.award.values.tolist() == [90, 100, 100]
    totals = found.values @ found.weights
    assert (totals[0] - totals[1], totals[1] - totals[2]) == (pytest.approx(1), pytest.approx(0))


def test_an_interval_under_an_adjusted_price_ties_at_its_end():
    case = without_price_leaf("monetised-quality", {"money_per_point": "1"})
    staff = by_id(result(case)["weight_intervals"]["criteria"])["staff"]
    assert staff["low"] == "16.666666667"
    case["nodes"] = [
        {"id": "all", "parent": None, "weight": None, "weights_of_children": "points"},
        {"id": "staff", "parent": "all", "weight": "1"},
        {"id": "plan", "parent": "all", "weight": "5"},
    ]
    assert result(case)["winners"] == ["a", "b"]


def test_equal_bids_have_a_linear_model_of_zeros():
    case = without_price_leaf(
        "monetised-quality", {"money_per_point": "1"}, prices=dict.fromkeys("abc", "100")
    )
    case["scores"] = {v: {"staff": "2", "plan": "2"} for v in "abc"}
    assert result(case)["award_move"]["moved"] == "0"


def test_a_free_bid_per_quality_point_leaves_the_weights_undefined():
    case = without_price_leaf("price-per-quality", {}, prices={"a": "0", "b": "150", "c": "110"})
    outcome = run(case)
    assert outcome.result["winners"] == ["a"]
    assert outcome.result["weight_intervals"] is None
    assert {"code": "analysis-undefined"} in outcome.warnings
    assert outcome.result["value_of_quality"] is None
    assert outcome.result["panel"] is None


def test_price_points_rounded_beyond_their_maximum_leave_the_analysis_exact():
    nodes = [
        node | {"weight": {"quality": "70.5", "price": "29.5"}.get(node["id"], node["weight"])}
        for node in BASE["nodes"]
    ]
    block = BASE["price"] | {"formula": "lowest-over-price", "params": {}, "decimals": 0}
    found = result(base(nodes=nodes, price=block))
    assert found["vendors"][2]["contributions"]["price"] == "30"
    assert found["weight_intervals"]["criteria"][0]["weight"] == "35.25"
    assert found["award_move"]["possible"] is True


@pytest.mark.parametrize("left", [1, 2])
def test_of_one_or_two_admitted_vendors_nothing_is_claimed(left):
    """Whoever is knocked out is no field: the analyses ask how three or more would order."""
    whole = result(base(robustness=ASKED))
    claims = {
        "weight_intervals", "award_move", "smaa", "cross_checks",
        "leave_one_out", "formula_matrix",
    }  # fmt: skip
    assert all(whole[name] for name in claims)
    asked = [{"vendor": v, "code": "2.01", "passed": v in "abc"[:left]} for v in "abc"]
    sheet = {v: dict(BASE["scores"][v]) for v in "abc"}
    panel = {"e1": sheet, "e2": sheet}
    few = result(base(robustness=ASKED, knockouts=asked, individual=panel))
    assert few["panel"]["margin_noise"] is None
    assert sum(one["admitted"] for one in few["vendors"]) == left
    assert [name for name in (*claims, "phantom") if few[name] is not None] == []
    assert few["criteria_power"]
    assert few["winners"] == ["a"]
