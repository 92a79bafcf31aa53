"""The score case of a diagnostic: from plain data to the result that a record keeps."""

import pytest

from apps.engine.diagnostics import DIAGNOSTICS
from apps.engine.diagnostics.case import run
from apps.engine.errors import InvalidInput
from tests.engine.diagnostics.examples import INPUTS


def case(slug, **more):
    return {"diagnostic": slug, "inputs": INPUTS[slug], **more}


def test_the_result_holds_value_band_interval_and_the_guide_as_decimal_strings():
    outcome = run(case("revenue_recovery", currency="EUR", period="2026-Q2"))
    assert outcome.result == {
        "value": "0.4",
        "unit": "ratio",
        "band": "succeeding",
        "interval": {"lo": "0.185296703", "hi": "0.614703297"},
        "figures": {
            "incremental_margin": {"value": "8000", "unit": "money"},
            "gross_revenue": {"value": "12000", "unit": "money"},
        },
        "guide": {"value": "0.6", "unit": "ratio"},
        "currency": "EUR",
        "period": "2026-Q2",
    }
    assert outcome.warnings == ()
    assert outcome.method == {
        "calculator": "diagnostics.revenue_recovery",
        "version": "1",
        "decimals": 9,
        "rounding": "half-up",
        "confidence": "0.95",
    }


def test_what_is_not_shown_is_null():
    outcome = run({"diagnostic": "service_quality", "inputs": {}, "currency": "EUR"})
    assert (outcome.result["value"], outcome.result["band"]) == (None, "not_shown")
    assert (outcome.result["interval"], outcome.result["guide"]) == (None, None)
    assert outcome.result["figures"]["uptime"] == {"value": None, "unit": "share"}


def test_a_period_that_is_not_named_is_told():
    assert run(case("channel_switch")).warnings[0] == {"code": "period_not_named"}


def test_an_open_side_of_an_interval_is_null():
    inputs = {"wasted_minutes": 120, "hour_cost": 30}
    outcome = run({"diagnostic": "revenue_leakage", "inputs": inputs, "currency": "EUR"})
    assert outcome.result["interval"] == {"lo": None, "hi": None}


def test_a_diagnostic_without_money_has_no_currency():
    assert [slug for slug in DIAGNOSTICS if not DIAGNOSTICS[slug].needs_currency] == [
        "channel_switch",
        "ai_efficiency",
    ]
    assert run(case("channel_switch")).result["currency"] is None


@pytest.mark.parametrize(
    ("raw", "path"),
    [
        ({}, "diagnostic"),
        ({"diagnostic": "mood", "inputs": {}}, "diagnostic"),
        ({"diagnostic": "channel_switch"}, "inputs"),
        ({"diagnostic": "roi", "inputs": INPUTS["roi"]}, "currency"),
        ({"diagnostic": "roi", "inputs": INPUTS["roi"], "currency": "Euro"}, "currency"),
        ({"diagnostic": "roi", "inputs": INPUTS["roi"], "currency": 7}, "currency"),
        ({"diagnostic": "roi", "inputs": {}, "currency": "EUR"}, "inputs.internal_cost"),
        ({"diagnostic": "channel_switch", "inputs": {}, "answers": {}}, "answers"),
        ({"diagnostic": "channel_switch", "inputs": [], "period": "x"}, "inputs"),
    ],
)
def test_a_malformed_case_names_the_wrong_field(raw, path):
    with pytest.raises(InvalidInput) as caught:
        run(raw)
    assert caught.value.path == path


def test_a_currency_that_no_money_needs_is_refused():
    with pytest.raises(InvalidInput) as caught:
        run(case("channel_switch", currency="EUR"))
    assert caught.value.path == "currency"
