"""Published and derived examples of staffing, finance and pricing, each with its source.

Where a published figure is wrong the test says so, and holds to the right one.
"""

import tomllib
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from apps.engine.cashflow import Timing
from apps.engine.numbers import ceil_div
from apps.engine.pricing import compare, erlang, finance
from apps.engine.pricing.cost import Months, QueueMonths, billed_seconds
from apps.engine.pricing.distributions import Pert, Triangular
from apps.engine.pricing.erlang import Model, ServiceLevel
from apps.engine.pricing.models import PRICING_MODELS
from apps.engine.pricing.staffing import ShrinkageBase, fte, scheduled, shrinkage
from apps.engine.pricing.workload import HandleTime

FOLDER = Path(__file__).parent / "worked_examples"
OFFERED = ServiceLevel.OFFERED


def example(name):
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def near(found, case, key="value"):
    """Within the tolerance of the printed figure."""
    tolerance = case.get("tolerance_by_key", {}).get(key, case["tolerance"])
    printed = np.array(case["expected"][key], dtype=float)
    assert np.asarray(found, dtype=float) == pytest.approx(printed, abs=tolerance, rel=0)


def recomputed(found, case, key="value", rel=1e-9):
    """Equal to the unrounded figure of an independent computation."""
    exact = np.array(case["computed"][key], dtype=float)
    assert np.asarray(found, dtype=float) == pytest.approx(exact, rel=rel)


def holds(found, case, key="value"):
    near(found, case, key)
    recomputed(found, case, key)


def served(load, agents, aht_s, target_s):
    return erlang.c(load, agents, aht_s=aht_s, target_s=target_s, sl_definition=OFFERED)


# Erlang B


@pytest.mark.parametrize("name", ["erlang_b_exact_small", "erlang_b_erlanglib"])
def test_erlang_b_gives_the_published_blocking(name):
    case = example(name)
    holds(erlang.b(case["inputs"]["A"], case["inputs"]["N"]), case)


def test_lines_for_five_loads():
    case = example("erlang_b_channels")
    holds(erlang.lines(case["inputs"]["A"], case["inputs"]["blocking"]), case)


def test_the_load_of_fifteen_lines():
    case = example("erlang_b_inverse_15_lines")
    holds(erlang.load(case["inputs"]["N"], case["inputs"]["blocking"]), case)


# Erlang C


def test_a_call_centre_of_28_agents():
    case = example("erlang_c_stimulus")
    times, needed = case["inputs"], case["inputs"]["required"]
    agents = erlang.agents(
        needed["calls"] * times["aht_s"] / times["interval_s"],
        aht_s=times["aht_s"],
        sl=needed["sl"],
        target_s=times["target_s"],
    )
    holds(agents, case, "agents_25")
    level = times["service_level"]
    queue = served(
        level["calls"] * times["aht_s"] / times["interval_s"],
        level["agents"],
        times["aht_s"],
        times["target_s"],
    )
    holds(queue.service_level, case, "sl_35_37")


def test_the_occupancy_ceiling_sets_fifteen_agents():
    case = example("erlang_c_pyworkforce_occupancy")
    inputs = case["inputs"]
    load = inputs["calls"] * inputs["aht_s"] / inputs["interval_s"]
    agents = erlang.agents(
        load,
        aht_s=inputs["aht_s"],
        sl=inputs["sl"],
        target_s=inputs["target_s"],
        max_occupancy=inputs["max_occupancy"],
    )
    queue = served(load, agents, inputs["aht_s"], inputs["target_s"])
    holds(agents, case, "agents")
    holds(queue.service_level, case, "sl")
    holds(queue.occupancy, case, "occupancy")
    holds(queue.wait_probability, case, "pw")
    holds(ceil_div(int(agents), 1 - inputs["shrinkage"]), case, "scheduled")


def test_an_average_hour_with_its_uplift():
    case = example("erlang_c_jonesthenet_uplift")
    inputs = case["inputs"]
    load = inputs["calls_per_hour"] * inputs["aht_s"] / 3600
    agents = erlang.agents(
        load, aht_s=inputs["aht_s"], sl=inputs["sl"], target_s=inputs["target_s"]
    )
    hours = inputs["weekly_calls"] * inputs["aht_s"] / 3600
    holds(load, case, "erlangs")
    holds(agents, case, "agents")
    holds(agents / load - 1, case, "uplift")
    holds(hours, case, "hours")
    holds(hours * agents / load, case, "staffed_hours")


def test_the_published_23_agents_miss_the_target_and_24_are_needed():
    case = example("erlang_c_swpp_23")
    inputs = case["inputs"]
    load = inputs["calls_per_hour"] * inputs["aht_s"] / 3600
    agents = erlang.agents(
        load, aht_s=inputs["aht_s"], sl=inputs["sl"], target_s=inputs["target_s"]
    )
    recomputed(load, case, "erlangs")
    recomputed(agents, case, "agents")
    assert int(agents) != case["expected"]["agents"]
    published = served(load, case["expected"]["agents"], inputs["aht_s"], inputs["target_s"])
    assert float(published.service_level) == pytest.approx(0.7478, abs=5e-5)


def test_frozen_errors_of_a_published_test_suite_stay_errors():
    case = example("erlang_c_prodyna_errors")
    c, b = case["inputs"]["erlang_c"], case["inputs"]["erlang_b"]
    found = {
        "erlang_c": float(served(c["erlangs"], c["agents"], 180, 20).wait_probability),
        "erlang_b": float(erlang.b(b["erlangs"], b["lines"])),
    }
    for key, value in found.items():
        recomputed(value, case, key)
        assert abs(value - case["expected"][key]) > case["tolerance"]


def test_a_published_formula_without_its_last_term_is_not_erlang_c():
    case = example("erlang_c_wrong_published_formula")
    load, agents = case["inputs"]["A"], case["inputs"]["N"]
    found = float(served(load, agents, 180, 20).wait_probability)
    recomputed(found, case, "p_wait")
    assert abs(found - case["expected"]["p_wait"]) > case["tolerance"]
    near(float(erlang.b(load, agents)) * agents / (agents - load), case, "p_wait")


# Erlang A


def test_erlang_a_gives_the_figures_of_a_peers_regression_test():
    case = example("erlang_a_pyworkforce_regression")
    inputs = case["inputs"]
    queue = erlang.a(
        inputs["calls"] * inputs["aht_min"] / inputs["interval_min"],
        inputs["agents"],
        aht_s=inputs["aht_min"] * 60,
        target_s=inputs["target_min"] * 60,
        patience_s=inputs["patience_min"] * 60,
        sl_definition=OFFERED,
    )
    holds(queue.wait_probability, case, "pw")
    holds(queue.abandonment, case, "p_abandon")
    holds(queue.occupancy, case, "occupancy")
    holds(queue.asa_s / 60, case, "asa_min")
    holds(queue.service_level, case, "sl")


def test_erlang_a_asks_for_fewer_agents_and_loses_callers():
    case = example("erlang_a_saves_by_losing")
    inputs = dict(case["inputs"])
    load, patience, sl = inputs.pop("load"), inputs.pop("patience_s"), inputs.pop("sl")
    holds(erlang.agents(load, sl=sl, **inputs), case, "erlang_c")
    named = {"patience_s": patience, "sl_definition": OFFERED}
    fewer = erlang.agents(load, sl=sl, model=Model.ERLANG_A, **named, **inputs)
    holds(fewer, case, "erlang_a")
    holds(erlang.a(load, fewer, **named, **inputs).abandonment, case, "abandonment")


# Staffing


def test_shrinkage_divides():
    case = example("shrinkage_callcentrehelper_29pct")
    inputs = case["inputs"]
    share = Decimal(str(inputs["shrinkage_days"])) / inputs["working_days"]
    total = shrinkage([share], base=ShrinkageBase.ADDITIVE)
    holds(total, case, "shrinkage")
    holds(inputs["calls_per_hour"] * inputs["aht_min"] / 60, case, "erlangs")
    holds(scheduled(inputs["agents"], unavailable=total), case, "scheduled")


def test_a_seat_round_the_clock_takes_six_people():
    case = example("seat_24x7")
    inputs = case["inputs"]

    def people(parts):
        return fte(
            np.ones(336),
            interval_s=1800,
            parts=parts,
            base=ShrinkageBase.SEQUENTIAL,
            contract_hours=Decimal(inputs["contract_hours"]),
        )

    assert people([]).fte == Decimal(str(case["expected"]["without"]))
    assert people([Decimal(str(inputs["shrinkage"]))]).fte == Decimal(str(case["expected"]["with"]))


def test_a_roster_from_the_average_hour_misses_the_target():
    case = example("average_hour_trap")
    inputs = case["inputs"]
    h = np.arange(48)
    weights = 0.25 + 0.75 * np.exp(-(((h - 22) / 9) ** 2)) + 0.35 * np.exp(-(((h - 34) / 5) ** 2))
    weights /= weights.sum()
    options = {
        "aht_s": inputs["aht_s"],
        "sl": inputs["sl"],
        "target_s": inputs["target_s"],
        "max_occupancy": inputs["max_occupancy"],
    }
    load = np.array(inputs["calls_per_day"])[:, None] * weights * inputs["aht_s"] / 1800
    needed = erlang.agents(load, **options).sum(axis=1)
    flat = erlang.agents(load.mean(axis=1), **options)
    queue = erlang.c(
        load,
        flat[:, None],
        aht_s=inputs["aht_s"],
        target_s=inputs["target_s"],
        sl_definition=OFFERED,
        bounds=True,
    )
    holds(queue.service_level @ weights, case, "service_level")
    holds(flat * 48 / needed, case, "hours_against_need")
    holds(1 - load.sum(axis=1) / needed, case, "workload_short")


# Finance


def test_the_same_flows_are_worth_two_amounts_under_two_timings():
    case = example("npv_excel_timing_trap")
    flows, rate = case["inputs"]["cashflows"], case["inputs"]["rate"]
    holds(finance.npv(flows, rate=rate, timing=Timing.END), case, "excel")
    holds(finance.npv(flows, rate=rate, timing=Timing.T0), case, "t0_convention")


def test_present_value_and_rate_of_return_of_a_textbook():
    case = example("npv_irr_numpy_docs")
    inputs = case["inputs"]
    npv = finance.npv(inputs["cashflows"], rate=inputs["rate"], timing=Timing.T0)
    near(npv, case, "npv")
    recomputed(npv, case, "npv", rel=1e-8)
    holds(finance.npv(inputs["alt"], rate=inputs["rate"], timing=Timing.T0), case, "npv_alt")
    (rate,) = finance.irr(inputs["cashflows"])
    holds(rate, case, "irr")


def test_break_even_of_a_textbook():
    case = example("break_even_openstax_hicks")
    inputs = case["inputs"]
    (crossing,) = compare.crossings(
        lambda units: inputs["fixed"] + inputs["variable"] * units,
        lambda units: inputs["price"] * units,
        np.linspace(0, 1000, 7),
    )
    holds(crossing.volume, case, "units")
    holds(crossing.cost, case, "revenue")
    assert (crossing.cheaper_below, crossing.cheaper_above) == (1, 0)


def test_moments_of_triangular_and_pert_draws():
    case = example("mc_triangular_pert_moments")
    a, m, b, n, seed = (case["inputs"][name] for name in ("a", "m", "b", "n", "seed"))
    share = np.random.default_rng(seed).random(n)
    triangular = Triangular(a, m, b).quantile(share)
    near(triangular.mean(), case, "tri_mean")
    near(triangular.var(), case, "tri_var")
    near(Pert(a, m, b).quantile(share[:200_000]).mean(), case, "pert_mean")


# Pricing models


def one_month(kpis, share=None):
    queue = QueueMonths(
        name="voice",
        contacts=np.array([[1000.0]]),
        aht_s=np.array([[300.0]]),
        concurrency=1,
        handle_time=HandleTime.EXPONENTIAL,
        staffed=lambda: np.array([[100.0]]),
    )
    return Months(
        queues=(queue,),
        exact=False,
        unavailable=share or Decimal(0),
        fte_hours=Decimal(160),
        kpis=kpis,
        expected=lambda values: values,
    )


def test_bonus_and_malus_stop_at_cap_and_floor():
    case = example("pricing_bonus_malus_caps")
    inputs = case["inputs"]
    model = PRICING_MODELS["outcome_based"]
    rates = model.read_rates(
        {
            "fee": str(inputs["fee"]),
            "kpis": [
                {
                    "kpi": "service_level",
                    "target": str(inputs["target"]),
                    "slope_above": str(inputs["slope_up"]),
                    "slope_below": str(inputs["slope_dn"]),
                }
            ],
            "floor": str(inputs["floor"]),
            "cap": str(inputs["cap"]),
        }
    )
    months = one_month({"service_level": np.array(inputs["actual"])[:, None]})
    holds(model.cost(months, rates).amount.ravel(), case)


def test_steps_of_a_minute_bill_a_tenth_more():
    case = example("billing_increment_60s")
    aht, step = case["inputs"]["aht_s"], case["inputs"]["increment_s"]
    billed = float(billed_seconds(np.array(aht), step, 0.0, HandleTime.EXPONENTIAL))
    holds(billed, case, "billed_s")
    holds((billed / aht - 1) * 100, case, "uplift_pct")
    reached = np.exp(-step * np.arange(2000) / aht)  # the chance that each step is begun
    assert billed == pytest.approx(step * reached.sum(), rel=1e-12)


def test_a_productive_hour_is_many_paid_hours():
    case = example("billable_hour")
    occupancy, away = case["inputs"]["occupancy"], case["inputs"]["shrinkage"]
    months = one_month({}, share=Decimal(str(away)))
    productive = months.logged_in_hours * occupancy
    holds(float((months.paid_hours / productive).item()), case, "paid_per_productive")
