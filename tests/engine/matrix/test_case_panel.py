import pytest

from apps.engine.matrix.case import run
from tests.engine.matrix.cases import BASE, base, example, without_price_leaf

ASKED = {"draws": "200", "seed": 7, "concentration": "60"}


def sheet(**changes):
    return {v: dict(BASE["scores"][v]) for v in "abc"} | changes


def panel(individual, **changes):
    return run(base(individual=individual, **changes)).result["panel"]


THREE = {
    "e1": sheet(),
    "e2": sheet(),
    "e3": sheet(b={"staff": "5", "plan": "5"}, a={"staff": "2", "plan": "1"}),
}


def test_no_individual_scores_mean_no_panel():
    assert run(base()).result["panel"] is None


def test_cells_show_what_was_given_and_what_was_agreed():
    found = panel(THREE)
    assert len(found["cells"]) == 6
    assert found["cells"][0] == {
        "vendor": "a",
        "criterion": "staff",
        "scores": 3,
        "mean": "3.333333333",
        "median": "4",
        "least": "2",
        "most": "4",
        "spread": "2",
        "agreed": "4",
        "distance": "0.666666667",
        "outside": False,
    }


def test_an_agreed_score_that_nobody_gave_is_flagged():
    scores = BASE["scores"] | {"c": {"staff": "4", "plan": "1"}}
    cells = panel(THREE, scores=scores)["cells"]
    assert [one["vendor"] for one in cells if one["outside"]] == ["c"]


def test_agreement_is_measured_over_all_cells_and_by_criterion():
    found = panel(THREE)["agreement"]
    assert found["level"] == "ordinal"
    assert found["alpha"]["units"] == 6
    assert found["alpha"]["without_each"][2] == "1"
    assert [one["id"] for one in found["alpha_by_criterion"]] == ["staff", "plan"]
    assert set(found["icc"]) == {"one", "two", "three", "one_mean", "two_mean", "three_mean"}
    assert 0 < float(found["kendall_w"]) <= 1


def test_evaluators_who_agree_and_never_vary():
    same = {v: {"staff": "3", "plan": "3"} for v in "abc"}
    found = panel({"e1": same, "e2": same})["agreement"]
    assert (found["alpha"]["value"], found["alpha"]["verdict"]) == (None, "no-variation")
    assert found["icc"] == dict.fromkeys(found["icc"])
    assert found["kendall_w"] is None


def test_scores_that_are_missing_leave_what_needs_them_null():
    holed = THREE | {"e2": sheet(a={"staff": "4"})}
    found = panel(holed, robustness=ASKED)
    assert found["agreement"]["icc"] is None
    assert found["agreement"]["kendall_w"] is None
    assert found["margin_noise"] is None
    assert found["bias"]["cells"] == 5
    nothing = {"e1": {"a": {"staff": "4"}}, "e2": {"b": {"staff": "4"}}}
    found = panel(nothing)
    assert found["agreement"]["alpha"] is None
    assert found["bias"] is None


def test_one_evaluator_agrees_with_nobody():
    found = panel({"e1": sheet()})
    assert found["agreement"] is None
    assert found["bias"] is None
    assert found["influence"]["without_one"] == []


def agreement_on_staff(*sheets):
    """What the panel says of one criterion; a sheet is one evaluator's scores by vendor."""
    nodes = [
        {"id": "all", "parent": None, "weight": None, "weights_of_children": "percent"},
        {"id": "staff", "parent": "all", "weight": "100"},
    ]
    given = [{vendor: {"staff": score} for vendor, score in one.items()} for one in sheets]
    case = base(
        nodes=nodes,
        criteria=BASE["criteria"][:1],
        vendors=BASE["vendors"][: len(given[0])],
        scores=given[0],
        price=None,
        individual={f"e{place}": one for place, one in enumerate(given, start=1)},
    )
    return run(case).result["panel"]["agreement"]


def test_a_single_cell_has_no_correlation():
    found = agreement_on_staff({"a": "4"}, {"a": "3"})
    assert (found["icc"], found["kendall_w"]) == (None, None)


def test_two_cells_have_a_correlation():
    found = agreement_on_staff({"a": "4", "b": "1"}, {"a": "3", "b": "0"})
    # mean squares: targets 9, evaluators 1, residual 0, within 1/2
    assert found["icc"]["one"] == "0.894736842"
    assert found["icc"]["two"] == "0.9"
    assert (found["icc"]["three"], found["kendall_w"]) == ("1", "1")


def test_bias_is_told_in_steps_of_the_rubric():
    found = panel(THREE)["bias"]
    third = found["evaluators"][2]
    # squares left after the severities: 68/9, over (3 - 1) (6 - 1) degrees of freedom
    assert float(found["error_steps"]) == pytest.approx((68 / 90) ** 0.5)
    # deviations of e3 from the cell means: -4/3, -4/3 (a); +4/3, 0 (b); 0, 0 (c)
    assert third["severity_steps"] == "-0.222222222"
    assert [one["steps"] for one in third["favouritism"]] == [
        "-1.111111111",
        "0.888888889",
        "0.222222222",
    ]
    assert third["severity_flag"] is False


def test_who_decided_is_named():
    found = panel(THREE)["influence"]
    # means: a 24+18 -> 20, 14 + 32; b 22, 30 + 20
    assert found["winners_of_means"] == ["b"]
    assert found["pivotal"] == ["e3"]
    assert [one["changed"] for one in found["without_one"]] == [False, False, True]
    assert found["without_one"][2]["winners"] == ["a"]
    assert found["without_one"][2]["margin"] == "6"
    assert len(found["without_two"]) == 3
    assert set(found["banzhaf"]) == {"e1", "e2", "e3"}
    assert float(found["banzhaf"]["e3"]) > 0


def test_the_decisive_score_is_told_in_rubric_points():
    found = panel(THREE)["influence"]["one_score"]
    # lead 6 points over 30: .2 of value in the mean, .6 for one of three, 3 rubric points
    assert found["score_change"] in {"3", "-3"}
    assert float(found["value_change"]) == pytest.approx(0.6) or float(
        found["value_change"]
    ) == pytest.approx(-0.6)
    curved = [
        BASE["criteria"][0] | {"value_function": [["0", "0"], ["5", "1"]]},
        BASE["criteria"][1] | {"value_function": [["0", "0"], ["5", "1"]]},
    ]
    assert panel(THREE, criteria=curved)["influence"]["one_score"]["score_change"] is None


def test_a_gap_that_no_single_score_bridges():
    far = {
        "a": {"staff": "5", "plan": "5"},
        "b": {"staff": "0", "plan": "0"},
        "c": {"staff": "0", "plan": "0"},
    }
    found = panel({"e1": far, "e2": far, "e3": far})["influence"]
    assert found["one_score"] is None


def test_the_lead_is_held_against_the_noise_of_the_panel():
    assert panel(THREE)["margin_noise"] is None
    found = panel(THREE, robustness=ASKED)["margin_noise"]
    assert (found["winner"], found["judged"], found["draws"]) == ("b", True, 10_000)
    assert [one["id"] for one in found["rivals"]] == ["a", "c"]
    # A's leads over B are 6, 6, -38: B is behind only when e3 is never drawn
    assert float(found["rivals"][0]["ahead"]) == pytest.approx(1 - 8 / 27, abs=0.015)
    two = {name: THREE[name] for name in ("e1", "e3")}
    assert panel(two, robustness=ASKED)["margin_noise"]["judged"] is False


def test_a_large_panel_needs_the_seed_of_the_case():
    many = {f"e{i}": sheet() for i in range(13)}
    assert panel(many)["influence"] is None
    assert panel(many, robustness=ASKED)["influence"]["pivotal"] == []


def test_vendors_that_are_out_are_no_part_of_the_panel():
    found = run(example()).result["panel"]
    assert {one["vendor"] for one in found["cells"]} == {"aster", "birch", "cedar"}


def test_margins_are_money_where_money_decides():
    case = without_price_leaf("monetised-quality", {"money_per_point": "1"}) | {"individual": THREE}
    found = run(case).result["panel"]["influence"]
    assert found["without_one"][2]["margin"] == "20"
    per_point = without_price_leaf("price-per-quality", {}) | {"individual": THREE}
    found = run(per_point).result["panel"]["influence"]
    assert found["margin"] is None
    assert found["without_one"][2]["winners"] == ["a"]


def test_where_only_the_price_is_left_nobody_scored_anything():
    nothing = {v: {} for v in "abc"}
    found = panel({"e1": nothing}, scores=nothing, missing="exclude")
    assert found is None
