"""Published and derived examples of the matrix, each with its source in `worked_examples`."""

import tomllib
from pathlib import Path

import numpy as np
import pytest

from apps.engine.errors import PriceFormulaUndefined
from apps.engine.matrix import panel, robustness, weights
from apps.engine.matrix.inputs import ValueFunction, normalise
from apps.engine.matrix.methods import METHODS
from apps.engine.matrix.prices import PRICE_FORMULAE
from apps.engine.matrix.prices.rule import PriceRule

FOLDER = Path(__file__).parent / "worked_examples"


def example(name):
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def holds(found, case, key, computed=None):
    """Assert a figure within the tolerance of the print, and 1e-9 of the recomputation."""
    printed = np.array(case["expected"][key], dtype=float)
    assert np.asarray(found) == pytest.approx(printed, abs=case["tolerance"], rel=0)
    exact = np.array(case["computed"][key] if computed is None else computed, dtype=float)
    assert np.asarray(found) == pytest.approx(exact, rel=1e-9)


def points(slug, prices, total=100.0):
    return PRICE_FORMULAE[slug].score(prices, total).values


def test_ahp_gives_the_weights_of_seven_drinks():
    case = example("ahp_saaty_drinks_2008")
    found = weights.ahp(case["inputs"]["matrix"], case["inputs"]["ri"])
    holds(found.weights, case, "weights")
    holds(found.cr, case, "cr")
    assert found.acceptable


def test_the_consistency_ratio_of_the_vehicle_depends_on_the_table():
    case = example("ahp_vehicle_criteria_ri_ambiguity")
    matrix = case["inputs"]["matrix"]
    found = weights.ahp(matrix, "donegan_dodd")
    holds(found.weights, case, "weights")
    holds(found.cr, case, "cr_donegan_dodd")
    assert weights.ahp(matrix, "saaty_1980").cr == pytest.approx(0.0738, abs=6e-5)
    assert weights.ahp(matrix, "alonso_lamata").cr == pytest.approx(0.0730, abs=6e-5)
    assert weights.ahp(matrix, "saaty_newer").ri_table == "saaty_newer"


def test_intraclass_correlations_of_six_exams_and_four_judges():
    case = example("icc_statology_exams")
    found = panel.icc(np.array(case["inputs"]["ratings"]).T)
    holds(found.one, case, "ICC1")
    holds(found.two, case, "ICC2")
    holds(found.three, case, "ICC3")


@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval", "ratio"])
def test_alpha_of_four_observers_and_twelve_units(level):
    case = example("krippendorff_2011_canonical")
    found = panel.alpha(case["inputs"]["ratings"], level)
    holds(found.value, case, level)
    assert (found.units, found.ratings) == (11, 40)


def test_a_piecewise_value_is_linear_between_cut_offs_and_clipped_outside():
    case = example("partial_value_piecewise_r_smaa")
    given = case["inputs"]
    function = ValueFunction(tuple(given["cutoffs"]), tuple(given["values"]))
    found = normalise(np.array([given["x"]]).T, [[0, 120]], [function])
    assert found[:, 0] == pytest.approx(case["expected"]["values"], abs=case["tolerance"])


def test_lowest_over_price_punishes_the_middle_bid():
    case = example("price_goldilocks_scenario1")
    given = case["inputs"]
    totals = given["w_quality"] * np.array(given["quality"]) + points(
        "lowest-over-price", given["price"], given["w_price"] * 100
    )
    holds(totals, case, "total")
    assert totals.argmin() == 1


def test_no_phantom_bid_flips_an_award_whose_tie_lies_above_the_lowest_price():
    case = example("price_irrelevant_third_bidder")
    given = case["inputs"]
    rule = PriceRule(formula=PRICE_FORMULAE["lowest-over-price"], points=given["price_points"])
    holds(rule.merit(given["quality_points"], given["prices"]), case, "before")
    found = robustness.phantom_price(given["quality_points"], given["prices"], rule.points)
    holds(found.ties[0], case, "flip_price")
    assert (found.winner, found.price) == (1, None)
    third = given["third"]
    after = rule.merit(
        [*given["quality_points"], third["quality_points"]], [*given["prices"], third["price"]]
    )
    holds(after, case, "after")
    assert after.argmax() == 1


def test_linear_on_lowest_loses_a_quarter_of_the_points_for_a_quarter_more():
    case = example("price_linear_lowest_25_40pct")
    given = case["inputs"]
    holds(points("linear-on-lowest", given["prices"], given["max_points"]), case, "values")


def test_a_zero_price_under_lowest_over_price_is_refused():
    case = example("price_zero_bid_bevan_brittan")
    given = case["inputs"]
    for line, weight in enumerate(given["weights"]):
        prices = [given["bidder1"][line], given["bidder2"][line]]
        if 0 in prices:
            with pytest.raises(PriceFormulaUndefined, match="published limits"):
                points("lowest-over-price", prices, weight)
            continue
        printed = [case["expected"]["bidder1"][line], case["expected"]["bidder2"][line]]
        found = points("lowest-over-price", prices, weight)
        assert found == pytest.approx(printed, abs=case["tolerance"])


def test_quality_and_cost_based_selection():
    case = example("qcbs_worldbank_formula")
    given = case["inputs"]
    scores = points("lowest-over-price", given["price"])
    holds(scores, case, "Sf")
    share = given["w_technical"]
    holds(share * np.array(given["technical"]) + (1 - share) * scores, case, "S")


def test_a_bidder_best_on_price_and_quality_wins_under_every_weighting():
    case = example("real_mndot_i35w_lake_2017")
    price, technical = (np.array(case["inputs"][k]) for k in ("price_musd", "technical"))
    values = normalise(np.column_stack([price, technical]), [[400, 200], [900, 1000]])
    assert case["inputs"]["bidders"][0] == case["expected"]["dominant"]
    assert robustness.award_move(values, [0.5, 0.5]) is None
    found = robustness.weight_intervals(values, [0.5, 0.5])
    assert (found.lo.tolist(), found.hi.tolist()) == ([0, 0], [1, 1])
    seen = robustness.smaa(values, robustness.Simplex(2), 1000, 1)
    assert seen.acceptability[0, 0] == case["expected"]["first_share_any_weights"]


@pytest.mark.parametrize("n", [3, 4, 5])
def test_rank_order_centroid_weights(n):
    holds(weights.rank_order_centroid(n), example("roc_weights_3_4_5"), str(n))


def test_the_smallest_change_of_one_weight_of_triantaphyllou_and_sanchez():
    case = example("sensitivity_triantaphyllou_sanchez_1997")
    matrix, w = np.array(case["inputs"]["matrix"]), np.array(case["inputs"]["weights"])
    totals = METHODS["weighted-sum"].totals(matrix, w)
    holds(totals, case, "preference")
    # printed weights add up to 1.0001; shares of their sum keep the order of the totals
    found = robustness.weight_intervals(matrix[[0, 2]], w / w.sum(), winner=0)
    limit = found.hi[0] * w.sum()
    # w_k -> (w_k - delta) / (1 - delta) turns their change of w_k alone into a share
    delta = (w[0] - limit) / (w.sum() - limit) * w.sum()
    holds(delta, case, "delta_1_1_3")


def test_smaa_of_two_vendors_meets_its_closed_form():
    case = example("smaa_analytic_2x2")
    found = robustness.smaa(case["inputs"]["values"], robustness.Simplex(2), 200_000, 7)
    assert found.acceptability[:, 0] == pytest.approx(
        case["expected"]["rank1"], abs=case["tolerance"]
    )
    assert found.central == pytest.approx(np.array(case["expected"]["cw"]), abs=case["tolerance"])


@pytest.mark.parametrize("row", example("price_points_published")["row"], ids=lambda r: r["source"])
def test_price_points_that_public_bodies_printed(row):
    found = points(row["formula"], row["prices"], row["points"])
    assert found == pytest.approx(row["expected"], abs=row["tolerance"], rel=0)
