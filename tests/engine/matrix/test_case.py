import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.engine.errors import (
    MissingScores,
    WeightsError,
)
from apps.engine.matrix.case import run
from tests.engine.matrix.cases import (
    BASE,
    base,
    example,
    priced,
    ranks,
    vendors,
)


def test_totals_contributions_and_places_by_hand():
    found = vendors(base())
    # weights 30, 30, 40; values .8 .6 .8 for A, .6 1 .5 for B, .4 .2 .9 for C
    assert [found[v]["total"] for v in "abc"] == ["74", "68", "54"]
    assert [found[v]["rank"] for v in "abc"] == [1, 2, 3]
    assert found["a"]["contributions"] == {"staff": "24", "plan": "18", "price": "32"}
    assert found["a"]["nodes"] == {"all": "74", "quality": "42"}
    assert found["a"]["quality"] == "42"
    assert found["a"]["values"] == {"staff": "0.8", "plan": "0.6", "price": "0.8"}
    result = run(base()).result
    assert result["order"] == [
        {"rank": 1, "vendors": ["a"]},
        {"rank": 2, "vendors": ["b"]},
        {"rank": 3, "vendors": ["c"]},
    ]
    assert result["winners"] == ["a"]
    assert result["margin"] == {"first": "a", "second": "b", "gap": "6"}
    assert result["certain_winner"] == "a"
    assert result["basis"] == {
        "total": "points",
        "unit": "points",
        "wins": "highest",
        "attainable": "100",
    }


def test_the_method_names_every_convention():
    found = run(base()).method
    assert found == {
        "calculator": "matrix",
        "version": "1",
        "scoring": {"slug": "weighted-sum", "version": "1"},
        "price_formula": {
            "slug": "absolute-linear",
            "version": "1",
            "params": {"cap": "200", "floor": "100"},
            "depends_on_others": False,
            "lowest_wins": False,
            "decimals": None,
        },
        "missing": "zero",
        "award_decimals": 9,
        "rounding": "half-up",
        "ties": "competition-ranking",
    }
    assert run(base()).seed is None
    assert run(example()).seed == 20250401


def test_a_case_has_only_text_whole_numbers_and_ascii_names():
    outcome = run(example())

    def check(value):
        if isinstance(value, dict):
            assert all(isinstance(name, str) and name.isascii() for name in value)
            for one in value.values():
                check(one)
        elif isinstance(value, (list, tuple)):
            for one in value:
                check(one)
        else:
            assert value is None or type(value) in {bool, int, str}

    check(outcome.result)
    check(outcome.method)
    check(outcome.warnings)


def test_the_same_case_gives_the_same_bytes():
    one, two = (json.dumps(run(example()).result, sort_keys=True) for _ in range(2))
    assert one == two


def test_a_missing_score_counts_zero_and_leaves_bounds():
    scores = BASE["scores"] | {"a": {"staff": None, "plan": "3"}}
    found = vendors(base(scores=scores))
    assert found["a"]["missing"] == ["staff"]
    assert found["a"]["total"] == "50"
    assert (found["a"]["total_low"], found["a"]["total_high"]) == ("50", "80")
    assert found["a"]["values"]["staff"] is None
    assert found["a"]["contributions"]["staff"] == "0"
    assert run(base(scores=scores)).result["certain_winner"] is None


def test_a_vendor_that_wins_at_its_worst_is_certain():
    scores = BASE["scores"] | {"c": {"staff": None, "plan": "0"}}
    assert run(base(scores=scores)).result["certain_winner"] == "a"


def test_leaving_out_a_criterion_leaves_it_out_for_everybody():
    scores = BASE["scores"] | {"c": {"plan": "1"}}
    case = base(missing="exclude", scores=scores)
    result = run(case).result
    assert result["criteria_in_play"] == ["plan", "price"]
    assert result["basis"]["attainable"] == "70"
    assert [one["total"] for one in result["vendors"]] == ["50", "50", "42"]
    assert result["winners"] == ["a", "b"]
    assert result["vendors"][0]["tied_with"] == ["b"]
    assert {"code": "criterion-excluded", "criterion": "staff"} in run(case).warnings
    percent = {one["id"]: one["weight"] for one in result["weight_intervals"]["criteria"]}
    assert percent == {"plan": "30", "price": "40"}


def test_a_criterion_that_only_an_excluded_vendor_left_empty_stays():
    scores = BASE["scores"] | {"c": {"plan": "1"}}
    out = [{"vendor": "c", "code": "licence", "passed": False}]
    out += [{"vendor": v, "code": "licence", "passed": True} for v in "ab"]
    case = base(missing="exclude", scores=scores, knockouts=out)
    assert run(case).result["criteria_in_play"] == ["staff", "plan", "price"]


def test_everything_left_out_leaves_no_total():
    scores = {"a": {}, "b": {}, "c": {}}
    with pytest.raises(WeightsError, match="no total is left"):
        run(base(missing="exclude", scores=scores, price={**BASE["price"], "prices": None}))


def test_a_blocking_policy_names_the_first_missing_score():
    scores = BASE["scores"] | {"b": {"staff": "3"}}
    with pytest.raises(MissingScores) as raised:
        run(base(missing="block", scores=scores))
    assert raised.value.path == "scores.b.plan"
    assert ranks(base(missing="block"))["a"] == 1


def test_knock_outs_come_before_everything():
    out = [
        {"vendor": "a", "code": "licence", "passed": False},
        {"vendor": "b", "code": "licence", "passed": True},
        {"vendor": "c", "code": "licence", "passed": None},
        {"vendor": "b", "code": "sanctions", "passed": True},
        {"vendor": "c", "code": "sanctions", "passed": True},
    ]
    found = vendors(base(knockouts=out))
    assert found["a"]["reasons"] == [
        {"code": "knockout-failed", "knockout": "licence"},
        {"code": "knockout-unanswered", "knockout": "sanctions"},
    ]
    assert found["c"]["reasons"] == [{"code": "knockout-unanswered", "knockout": "licence"}]
    assert (found["a"]["rank"], found["b"]["rank"], found["c"]["rank"]) == (None, 1, None)
    assert found["a"]["total"] is None
    assert found["a"]["contributions"]["price"] is None


def test_minimum_scores_are_met_at_their_own_figure():
    criteria = [BASE["criteria"][0] | {"minimum": "3"}, BASE["criteria"][1]]
    scores = BASE["scores"] | {"a": {"plan": "3"}}
    found = vendors(base(criteria=criteria, scores=scores))
    assert found["a"]["reasons"] == [
        {"code": "minimum-unanswered", "criterion": "staff", "minimum": "3"}
    ]
    assert found["b"]["admitted"]
    assert found["c"]["reasons"] == [
        {"code": "below-minimum", "criterion": "staff", "minimum": "3", "score": "2"}
    ]


def test_on_a_falling_scale_the_minimum_is_a_maximum():
    criteria = [
        {"id": "staff", "scale": ["0", "5"], "direction": "lower", "minimum": "3"},
        BASE["criteria"][1],
    ]
    found = vendors(base(criteria=criteria))
    assert [found[v]["admitted"] for v in "abc"] == [False, True, True]
    assert found["b"]["values"]["staff"] == "0.4"


def test_thresholds_look_at_a_whole_group():
    case = base(thresholds=[{"on": "quality", "at_least_percent": "70"}])
    found = vendors(case)
    assert [found[v]["admitted"] for v in "abc"] == [True, True, False]
    assert found["c"]["reasons"] == [
        {
            "code": "below-threshold",
            "node": "quality",
            "percent": "30",
            "at_least_percent": "70",
        }
    ]


def test_a_threshold_is_a_share_of_what_is_left_in_its_group():
    scores = BASE["scores"] | {"c": {"plan": "4"}}
    case = base(
        missing="exclude", scores=scores, thresholds=[{"on": "quality", "at_least_percent": "61"}]
    )
    found = vendors(case)
    # plan alone is left: 3 of 5, 5 of 5, 4 of 5
    assert [found[v]["admitted"] for v in "abc"] == [False, True, True]
    assert found["a"]["reasons"][0]["percent"] == "60"


def test_a_threshold_on_what_is_left_out_is_dropped():
    scores = BASE["scores"] | {"c": {"plan": "1"}}
    case = base(
        missing="exclude", scores=scores, thresholds=[{"on": "staff", "at_least_percent": "99"}]
    )
    assert all(one["admitted"] for one in run(case).result["vendors"])


EQUAL = {v: {"staff": "4", "plan": "3"} for v in "abc"} | {"b": {"staff": "3", "plan": "4"}}
SAME_PRICE = dict.fromkeys("abc", "120")


def test_equal_totals_share_a_place_until_a_tie_break_parts_them():
    case = base(scores=EQUAL, price=BASE["price"] | {"prices": SAME_PRICE})
    assert ranks(case) == {"a": 1, "b": 1, "c": 1}
    parted = case | {"tie_break": [{"by": "price"}, {"by": "node", "id": "plan"}]}
    found = vendors(parted)
    assert [found[v]["rank"] for v in "abc"] == [2, 1, 2]
    assert found["b"]["tie_broken_by"] == {"place": 2, "by": "node", "id": "plan"}
    assert found["a"]["tied_with"] == ["c"]


def test_the_lower_price_breaks_a_tie():
    scores = {"a": {"staff": "4", "plan": "4"}, "b": {"staff": "5", "plan": "5"}, "c": {}}
    case = base(
        scores=scores,
        price=BASE["price"] | {"prices": {"a": "120", "b": "150", "c": "150"}},
        tie_break=[{"by": "price"}],
    )
    assert [ranks(case)[v] for v in "ab"] == [1, 2]
    assert vendors(case)["a"]["total"] == vendors(case)["b"]["total"] == "80"
    sealed = priced(prices=None) | {"scores": EQUAL, "tie_break": [{"by": "price"}]}
    assert ranks(sealed) == {"a": 1, "b": 1, "c": 1}


def test_nobody_admitted_is_a_result_and_not_an_error():
    case = base(thresholds=[{"on": "quality", "at_least_percent": "100"}])
    outcome = run(case)
    assert outcome.result["winners"] == []
    assert outcome.result["order"] == []
    assert outcome.result["margin"] is None
    assert outcome.result["certain_winner"] is None
    assert outcome.result["weight_intervals"] is None
    assert {"code": "nobody-admitted"} in outcome.warnings


def test_a_single_bid_is_certain():
    case = base(thresholds=[{"on": "staff", "at_least_percent": "80"}])
    result = run(case).result
    assert (result["certain_winner"], result["margin"]) == ("a", None)


def test_weights_that_are_no_percentages_are_declared():
    nodes = [
        node | {"weights_of_children": "points"} if node["id"] == "quality" else node
        for node in BASE["nodes"]
    ]
    outcome = run(base(nodes=nodes))
    assert outcome.warnings == ({"code": "weights-converted", "node": "quality", "from": "points"},)
    assert outcome.result["weights"]["converted"] == ["quality"]


def test_a_node_may_have_a_name_and_shows_what_was_given():
    nodes = [
        node | {"name": "Qualität"} if node["id"] == "quality" else node for node in BASE["nodes"]
    ]
    found = {one["id"]: one for one in run(base(nodes=nodes)).result["weights"]["nodes"]}
    assert found["quality"]["name"] == "Qualität"
    assert found["staff"] == {
        "id": "staff",
        "name": "staff",
        "parent": "quality",
        "leaf": True,
        "given": "50",
        "percent_of_parent": "50",
        "percent_of_total": "30",
    }


@settings(max_examples=25)
@given(
    st.lists(st.tuples(*[st.integers(0, 5)] * 2, st.integers(50, 250)), min_size=1, max_size=5),
    st.integers(0, 100),
    st.randoms(use_true_random=False),
)
def test_places_do_not_depend_on_the_order_in_which_vendors_are_listed(rows, weight, random):
    names = [f"v{i}" for i in range(len(rows))]
    nodes = [
        node
        | {
            "weight": {"quality": str(100 - weight), "price": str(weight)}.get(
                node["id"], node["weight"]
            )
        }
        for node in BASE["nodes"]
    ]
    case = base(
        nodes=nodes,
        vendors=[{"id": name, "name": name} for name in names],
        scores={
            n: {"staff": str(r[0]), "plan": str(r[1])} for n, r in zip(names, rows, strict=True)
        },
        price=BASE["price"] | {"prices": {n: str(r[2]) for n, r in zip(names, rows, strict=True)}},
    )
    shuffled = case | {"vendors": random.sample(case["vendors"], len(rows))}
    one, other = vendors(case), vendors(shuffled)
    assert {n: one[n]["rank"] for n in names} == {n: other[n]["rank"] for n in names}
    for name in names:
        parts = sum(float(x) for x in one[name]["contributions"].values())
        assert parts == pytest.approx(float(one[name]["total"]), abs=1e-7)
        assert float(one[name]["total_low"]) <= float(one[name]["total"])
        assert float(one[name]["total"]) <= float(one[name]["total_high"])
