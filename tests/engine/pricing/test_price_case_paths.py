"""The case `price`: a wrong field is named by its path; what only the calculation notices too."""

import pytest

from apps.engine.errors import ConventionRequired, CurrencyMismatch, InvalidInput
from apps.engine.pricing.case import run
from tests.engine.pricing.offers import CASE, PER_CONTACT, PER_HOUR, QUEUE, case, quote

UNCERTAINTY = {
    "draws": 1000,
    "seed": 5,
    "volume": {"shape": "pert", "low": "0.8", "likely": "1", "high": "1.3"},
    "aht": {"shape": "triangular", "low": "0.9", "likely": "1", "high": "1.2"},
    "attrition": {"shape": "lognormal", "median": "1", "sigma": "0.2"},
    "index": {"shape": "beta", "low": "-0.01", "high": "0.08", "a": "2", "b": "3"},
    "dependence": [{"between": ["volume", "aht"], "correlation": "0.3"}],
}


def refused(raw):
    with pytest.raises(InvalidInput) as caught:
        run(raw)
    return caught.value


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"currency": "eur"}, "terms.currency"),
        ({"currency": None}, "terms.currency"),
        ({"months": 0}, "terms.months"),
        ({"months": "12.5"}, "terms.months"),
        ({"discount": None}, "terms.discount"),
        ({"discount": {"rate": "0.08"}}, "terms.discount.basis"),
        ({"discount": {"rate": "-1", "basis": "nominal"}}, "terms.discount.rate"),
        ({"discount": {"rate": "0.08", "basis": "real"}}, "terms.discount.inflation"),
        (
            {"discount": {"rate": "0.08", "basis": "nominal", "inflation": "0.02"}},
            "terms.discount",
        ),
        ({"timing": "late"}, "terms.timing"),
        ({"indexation": "-1"}, "terms.indexation"),
        ({"days_per_year": "400"}, "terms.days_per_year"),
        ({"order_by": "price"}, "terms.order_by"),
        ({"volume_range": {"low": "2", "high": "1"}}, "terms"),
        ({"volume_range": {"low": "0", "high": "1"}}, "terms.volume_range.low"),
        ({"capability_value": "much"}, "terms.capability_value"),
        ({"month": 12}, "terms.month"),
    ],
)
def test_a_wrong_term_is_named(change, path):
    assert refused(case(terms=change)).path == path


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"id": " "}, "id"),
        ({"vendor": None}, "vendor"),
        ({"model": "per_call"}, "model"),
        ({"rates": None}, "rates"),
        ({"rates": {"unit": "hour", "rate": "15"}}, "rates.billable_hour"),
        ({"in_house": "no"}, "in_house"),
        ({"currency": "US"}, "currency"),
        ({"fx": {"rate": "0"}, "currency": "USD"}, "fx.rate"),
        ({"fx": {"rate": "1", "yearly": []}, "currency": "USD"}, "fx.yearly"),
        ({"fx": {"rate": "1", "volatility": "3"}, "currency": "USD"}, "fx.volatility"),
        ({"aht_s": {"chat": "300"}}, "aht_s.chat"),
        ({"aht_s": {"voice": "0"}}, "aht_s.voice"),
        ({"shrinkage": {"parts": []}}, "shrinkage.base"),
        (
            {"shrinkage": {"base": "additive", "parts": [{"name": "x", "share": "1"}]}},
            "shrinkage.parts[0].share",
        ),
        (
            {"shrinkage": {"base": "additive", "parts": [{"name": "x", "share": "0.6"}] * 2}},
            "",
        ),
        ({"contract_hours_per_week": "0"}, "contract_hours_per_week"),
        ({"schedule_inefficiency": "0.9"}, "schedule_inefficiency"),
        ({"first_contact_resolution": "1.1"}, "first_contact_resolution"),
        ({"promised_fte": "-1"}, "promised_fte"),
        ({"floor_cost_per_paid_hour": "0"}, "floor_cost_per_paid_hour"),
        ({"ramp": {"start": "0", "months": "2"}}, "ramp.start"),
        ({"ramp": {"table": ["1.2"]}}, "ramp.table[0]"),
        ({"ramp": {"table": ["0.9"], "start": "1"}}, "ramp.start"),
        ({"attrition_per_year": "5.1"}, "attrition_per_year"),
        ({"training": {"hours_per_hire": "8", "rate": "1"}}, "training.charged_for"),
        ({"one_offs": [{"name": "x", "amount": "1", "month": 25}]}, "one_offs[0].month"),
        ({"exit": {"amount": "1", "month": 0}}, "exit.month"),
        ({"indexation": {"rate": "0.02"}}, "indexation.kind"),
        ({"indexation": {"kind": "fixed"}}, ""),
        ({"buyer_costs": {"travel": "1"}}, "buyer_costs.travel"),
        ({"performance": [{"kpi": "a", "low": "2", "likely": "1", "high": "3"}]}, "performance[0]"),
        ({"performance": [{"low": "2", "likely": "1", "high": "3"}]}, "performance[0].kpi"),
        ({"pice": "1"}, "pice"),
    ],
)
def test_a_wrong_quote_is_named(change, path):
    raw = case(quotes=[PER_CONTACT, quote(**change)])
    assert refused(raw).path == f"quotes[1].{path}".rstrip(".")


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"draws": 999}, "draws"),
        ({"draws": 100_001}, "draws"),
        ({"seed": -1}, "seed"),
        ({"seed": None}, "seed"),
        ({"volume": {"shape": "normal"}}, "volume.shape"),
        ({"volume": {"shape": "pert", "low": "1", "likely": "1"}}, "volume.high"),
        ({"volume": {"shape": "pert", "low": "0", "likely": "1", "high": "2"}}, "volume.low"),
        ({"volume": {"shape": "pert", "low": "3", "likely": "1", "high": "2"}}, "volume"),
        ({"attrition": {"shape": "lognormal", "median": "0", "sigma": "1"}}, "attrition"),
        ({"index": {"shape": "beta", "low": "-2", "high": "1", "a": "1", "b": "1"}}, "index.low"),
        ({"dependence": [{"between": ["volume"], "correlation": "0"}]}, "dependence[0].between"),
        ({"dependence": [{"between": ["volume", "volume"], "correlation": "0"}]}, ""),
        (
            {"dependence": [{"between": ["volume", "aht"], "correlation": "2"}]},
            "dependence[0].correlation",
        ),
        ({"wages": "1"}, "wages"),
    ],
)
def test_wrong_uncertainty_is_named(change, path):
    raw = case(uncertainty={**UNCERTAINTY, **change})
    assert refused(raw).path == f"uncertainty.{path}".rstrip(".")


def test_what_only_the_calculation_notices_is_named_too():
    resolved = {"counted": "resolved", "tiering": "graduated", "tiers": [{"rate": "1"}]}
    assert refused(case(quotes=[quote(PER_CONTACT, rates=resolved)])).path == "quotes[0]"
    issues = {"volume_counts": "issues"}
    assert refused(case(workload=issues)).path == "quotes[0]"


def test_more_work_than_the_formulas_are_checked_for_is_named():
    large = quote(aht_s={"voice": "86400"})
    many = {**QUEUE, "week": [["12000"] * 24] * 7}
    workload = {"queues": [many]}
    assert refused(case(quotes=[large], workload=workload)).path == "quotes[0]"
    wide = {"volume_range": {"low": "1", "high": "100"}}
    assert refused(case(quotes=[PER_HOUR], workload=workload, terms=wide)).path == (
        "terms.volume_range"
    )
    boundless = {**UNCERTAINTY, "volume": {"shape": "lognormal", "median": "200", "sigma": "1"}}
    raw = case(quotes=[PER_HOUR], workload=workload, uncertainty=boundless)
    assert refused(raw).path == "uncertainty"


def test_quotes_are_told_apart_and_one_at_most_is_the_baseline():
    assert refused(case(quotes=[PER_HOUR, PER_HOUR])).path == "quotes"
    own = [quote(id=name, in_house=True) for name in "ab"]
    assert refused(case(quotes=own)).path == "quotes"
    assert refused(case(quotes=[])).path == "quotes"
    assert refused({**CASE, "extra": 1}).path == "extra"


def test_named_errors_keep_their_kind():
    assert isinstance(refused(case(terms={"discount": {"rate": "0"}})), ConventionRequired)
    assert isinstance(refused(case(quotes=[quote(currency="USD")])), CurrencyMismatch)
