"""The case `price`: a wrong field is named by its path; results are complete and consistent."""

import decimal
from decimal import Decimal

import pytest

from apps.engine.cases import run as record
from apps.engine.pricing.case import run
from tests.engine.pricing.offers import PER_CONTACT, PER_HOUR, QUEUE, case, quote
from tests.engine.shipped import example

UNCERTAINTY = {
    "draws": 1000,
    "seed": 5,
    "volume": {"shape": "pert", "low": "0.8", "likely": "1", "high": "1.3"},
    "aht": {"shape": "triangular", "low": "0.9", "likely": "1", "high": "1.2"},
    "attrition": {"shape": "lognormal", "median": "1", "sigma": "0.2"},
    "index": {"shape": "beta", "low": "-0.01", "high": "0.08", "a": "2", "b": "3"},
    "dependence": [{"between": ["volume", "aht"], "correlation": "0.3"}],
}


def result(raw):
    return run(raw).result


def test_quotes_are_placed_by_present_value_or_by_total():
    early = quote(PER_CONTACT, id="early", one_offs=[{"name": "x", "amount": "1000", "month": 1}])
    late = quote(PER_CONTACT, id="late", one_offs=[{"name": "x", "amount": "1001", "month": 24}])
    found = result(case(quotes=[early, late]))
    assert found["order"] == ["late", "early"]
    assert [entry["place"] for entry in found["quotes"]] == [2, 1]
    assert {"code": "timing_decides", "order_by": "present_value"} in found["facts"]
    assert result(case(quotes=[early, late], terms={"order_by": "total"}))["order"] == [
        "early",
        "late",
    ]


def test_equal_costs_share_a_place():
    found = result(case(quotes=[PER_CONTACT, quote(PER_CONTACT, id="twin")]))
    assert [entry["place"] for entry in found["quotes"]] == [1, 1]
    assert found["facts"][0] == {"code": "cheapest", "quote": "contact", "lead": "0.00"}


def test_a_single_quote_has_nobody_to_lead():
    found = result(case(quotes=[PER_CONTACT]))
    assert found["facts"] == []
    assert found["uncertainty"] is None
    assert found["baseline"] is None
    assert found["quotes"][0]["cost_per_resolved_contact"] is None


def test_unit_costs_divide_the_total():
    (entry,) = result(case(quotes=[quote(PER_CONTACT, first_contact_resolution="0.8")]))["quotes"]
    assert entry["cost_per_contact"] == "2"
    assert entry["cost_per_minute"] == "0.4"
    assert entry["cost_per_resolved_contact"] == "2.5"


def test_break_evens_divide_the_volumes_between_the_quotes():
    managed = quote(
        PER_CONTACT,
        id="flat",
        model="managed_service",
        rates={"fee": "32000", "band_from": "0", "band_to": "20000", "overage_rate": "5"},
    )
    found = result(case(quotes=[PER_CONTACT, managed]))["volumes"]
    (first, second) = found["crossings"]
    assert first["cheaper_below"] == "contact"
    assert first["contacts_per_month"] == "16000"
    assert second["cheaper_below"] == "flat"
    # 32000 + 5(q - 20000) = 2q
    assert second["contacts_per_month"] == "22666.67"
    assert [entry["quote"] for entry in found["cheapest"]] == ["contact", "flat", "contact"]
    assert found["cheapest"][0]["from"]["multiple"] == "0.5"
    assert found["cheapest"][-1]["to"]["multiple"] == "1.5"
    facts = {fact["code"] for fact in result(case(quotes=[PER_CONTACT, managed]))["facts"]}
    assert {"several_break_evens", "cheapest_depends_on_volume"} <= facts


def test_the_forecast_point_is_the_total_itself():
    found = result(case())
    shown = found["volumes"]["map"]
    assert shown["handle_time_multiples"] == ["0.8", "0.9", "1", "1.1", "1.2"]
    assert shown["volume_multiples"] == [point["multiple"] for point in found["volumes"]["points"]]
    (forecast,) = [p for p in found["volumes"]["points"] if p["multiple"] == "1"]
    for cost, entry in zip(forecast["costs"], found["quotes"], strict=True):
        assert float(cost) == pytest.approx(float(entry["present_value"]), abs=1)


def test_the_baseline_shows_saving_and_return():
    own = quote(id="own", in_house=True, rates={**PER_HOUR["rates"], "rate": "30.00"})
    found = result(case(quotes=[own, PER_HOUR], terms={"capability_value": "1000.00"}))
    (entry,) = found["baseline"]["quotes"]
    internal, outsourced = (Decimal(q["total"]) for q in found["quotes"])
    assert Decimal(entry["saving"]) == internal - outsourced
    assert float(entry["saving_share"]) == pytest.approx(0.5, abs=1e-6)
    assert float(entry["roi_without_capability_value"]) == pytest.approx(1, abs=1e-5)
    assert float(entry["roi"]) > float(entry["roi_without_capability_value"])


def test_a_free_offer_has_no_return_on_spending():
    own = quote(id="own", in_house=True)
    free = quote(PER_CONTACT, rates={**PER_CONTACT["rates"], "tiers": [{"rate": "0"}]})
    (entry,) = result(case(quotes=[own, free]))["baseline"]["quotes"]
    assert (entry["roi"], entry["roi_without_capability_value"]) == (None, None)
    (entry,) = result(case(quotes=[{**own, "in_house": False}, {**free, "in_house": True}]))[
        "baseline"
    ]["quotes"]
    assert entry["saving_share"] is None


def test_warnings_name_the_quote_and_its_numbers():
    poor = quote(promised_fte="10", rates={**PER_HOUR["rates"], "minimum_quantity": "4000"})
    codes = {fact["code"]: fact for fact in run(case(quotes=[poor])).warnings}
    assert set(codes) == {
        "minimum_commitment_binds",
        "price_pays_for_too_few_agents",
        "service_level_not_reached",
    }
    assert {fact["quote"] for fact in codes.values()} == {"hour"}
    assert codes["price_pays_for_too_few_agents"]["source"] == "promise"
    assert codes["service_level_not_reached"]["erlang_a"] is None


def test_a_price_above_its_floor_that_pays_for_enough_agents_raises_no_finding():
    fair = quote(PER_CONTACT, floor_cost_per_paid_hour="1.00", promised_fte="500", rates={
        **PER_CONTACT["rates"], "tiers": [{"rate": "1000.00"}],
    })  # fmt: skip
    assert [fact["code"] for fact in run(case(quotes=[fair])).warnings] == []


def test_a_price_below_its_floor_is_reported():
    poor = quote(
        PER_CONTACT, floor_cost_per_paid_hour="20.00", rates={
            **PER_CONTACT["rates"], "tiers": [{"rate": "1.00"}],
        },
    )  # fmt: skip
    (fact,) = [
        f for f in run(case(quotes=[poor])).warnings if f["code"] == "price_below_cost_floor"
    ]
    assert Decimal(fact["price_per_paid_hour"]) < Decimal(fact["floor_per_paid_hour"]) == 20


def test_uncertainty_is_summed_up_for_every_quote():
    outcome = run(case(uncertainty=UNCERTAINTY))
    found = outcome.result["uncertainty"]
    assert outcome.seed == 5
    assert found["draws"] == 1000
    assert [entry["id"] for entry in found["quotes"]] == ["contact", "hour"]
    assert sum(Decimal(entry["chance_cheapest"]) for entry in found["quotes"]) == 1
    for entry in found["quotes"]:
        low, middle, high, tail = (Decimal(entry[n]) for n in ("p5", "p50", "p95", "cvar95"))
        assert low < middle < high < tail
    assert found["minimax_regret"] in {"contact", "hour"}
    for entry in found["tornado"]:
        widths = [abs(Decimal(bar["high"]) - Decimal(bar["low"])) for bar in entry["bars"]]
        assert widths == sorted(widths, reverse=True)
        assert len(widths) == 4


def test_the_chance_of_the_promise_needs_uncertainty():
    raw = quote(promised_fte="18")
    without = result(case(quotes=[raw]))["quotes"][0]["realism"]
    with_it = result(case(quotes=[raw], uncertainty=UNCERTAINTY))["quotes"][0]["realism"]
    assert without["chance_of_promise"] is None
    assert 0 <= Decimal(with_it["chance_of_promise"]) <= 1


def test_units_of_currency_change_nothing():
    """Every amount a hundred times larger: the same order, the same shares, the same crossings."""
    dear = [
        quote(PER_CONTACT, rates={**PER_CONTACT["rates"], "tiers": [{"rate": "200.00"}]}),
        quote(rates={**PER_HOUR["rates"], "rate": "1500.00"}),
    ]
    cheap, large = result(case()), result(case(quotes=dear))
    assert cheap["order"] == large["order"]
    assert [c["multiple"] for c in cheap["volumes"]["crossings"]] == [
        c["multiple"] for c in large["volumes"]["crossings"]
    ]


def test_the_order_of_quotes_changes_nothing_but_their_order():
    there = result(case(quotes=[PER_CONTACT, PER_HOUR], uncertainty=UNCERTAINTY))
    back = result(case(quotes=[PER_HOUR, PER_CONTACT], uncertainty=UNCERTAINTY))
    assert there["order"] == back["order"]
    assert there["quotes"] == list(reversed(back["quotes"]))
    assert there["uncertainty"]["quotes"] == list(reversed(back["uncertainty"]["quotes"]))


def test_the_callers_decimal_context_changes_nothing():
    wanted = run(case(uncertainty=UNCERTAINTY))
    with decimal.localcontext(decimal.Context(prec=6, rounding=decimal.ROUND_DOWN)):
        found = run(case(uncertainty=UNCERTAINTY))
    assert found == wanted


def test_the_method_names_every_convention():
    method = run(case()).method
    assert method["timing"] == "mid_month"
    assert method["order_by"] == "present_value"
    assert method["staffing"] == "erlang_c_in_every_interval"
    assert method["handle_time"] == "exponential"


def test_several_channels_are_priced_together():
    chat = {**QUEUE, "name": "chat", "concurrency": 2, "patience_s": "90"}
    post = {**QUEUE, "name": "post", "deferred": True, "service_level": None}
    found = result(case(workload={"queues": [QUEUE, chat, post]}))
    single = result(case())
    contacts, thrice = (q["quotes"][0]["contacts"] for q in (single, found))
    assert Decimal(thrice) == pytest.approx(3 * Decimal(contacts), abs=Decimal("0.02"))
    queues = found["quotes"][1]["staffing"]["queues"]
    assert [queue["name"] for queue in queues] == ["voice", "chat", "post"]
    assert queues[0]["erlang_a"] is None
    assert queues[1]["erlang_a"] is not None
    assert queues[2]["erlang_c"] is None


def test_the_shipped_example_is_a_record_that_repeats_itself():
    raw = example("price")
    first, again = record("price", raw), record("price", raw)
    assert first.digest == again.digest
    assert first.seed == raw["uncertainty"]["seed"]
    models = {entry["model"] for entry in first.result["quotes"]}
    assert models == {
        "per_fte", "per_minute", "outcome_based", "managed_service", "hybrid",
    }  # fmt: skip
