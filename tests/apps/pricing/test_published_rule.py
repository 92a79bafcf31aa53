"""A comparison follows the price of record that the RFP published, or is refused."""

from decimal import Decimal

import pytest

from apps.core import tenancy
from apps.core.errors import WrongState
from apps.pricing import selectors
from apps.pricing.selectors.published import counted, scaled
from apps.rfp.models import Rfp
from apps.rfp.selectors import models_to_bid
from apps.rfp.selectors.price_rule import ADDERS, PriceRule
from tests.factories import pricing
from tests.factories.rfp import workload

RULE = {
    "model": "as_bid",
    "scenario": {"name": "base", "change": "0"},
    "adders": list(ADDERS),
    "discount": {"rate": "0.08", "basis": "nominal"},
}


def rule(**changes) -> PriceRule:
    given = {
        "model": "as_bid",
        "scenario": "base",
        "change": Decimal(0),
        "adders": tuple(ADDERS),
        "discount": RULE["discount"],
    }
    return PriceRule(**{**given, **changes})


@pytest.fixture
def ruled(buyer, set_clock):
    """A tender with open prices whose RFP published the rule above."""
    return pricing.opened(buyer, set_clock, rule=RULE)


def acting(found):
    lead = found.buyer.lead
    return tenancy.acting_as(person=lead.pk, organisation=found.buyer.organisation.pk)


def test_assumptions_begin_with_the_published_rate(ruled):
    with acting(ruled):
        held = selectors.assumptions_of(ruled.procurement)
    assert held.terms["discount"] == {"rate": "0.08", "basis": "nominal"}


def test_a_comparison_under_another_rate_is_not_adopted(ruled):
    pricing.assume(ruled, {"terms": {"discount": {"rate": "0.05", "basis": "nominal"}}})
    with pytest.raises(WrongState) as refused:
        pricing.adopt(ruled)
    assert refused.value.sentence == (
        "The RFP published a discount rate of 8% (nominal); the assumptions use 5% (nominal)."
        " Price points follow the published rate: set it back, then adopt."
    )
    pricing.assume(ruled, {"terms": {"discount": {"rate": "0.080", "basis": "nominal"}}})
    assert pricing.adopt(ruled).number == 1


def test_a_scenario_scales_every_interval_of_the_workload_exactly():
    plain = workload()
    found = scaled(plain, rule(scenario="High", change=Decimal("0.15")))
    assert found["queues"][0]["week"][0][18] == "13.80"
    assert Decimal(found["queues"][0]["week"][0][18]) == Decimal(12) * Decimal("1.15")
    assert {**found, "queues": ()} == {**plain, "queues": ()}
    assert scaled(plain, rule()) is plain
    assert scaled(plain, None) is plain


def test_extra_costs_that_do_not_count_are_left_out_of_every_quote():
    quote = {
        "id": "a",
        "rates": {"rate": "1"},
        "one_offs": [{"name": "Set-up", "amount": "10", "month": 1}],
        "training": {"rate": "2"},
        "exit": {"amount": "5"},
        "buyer_costs": {"governance_per_month": "9", "double_running_months": 2},
    }
    assert counted(quote, rule()) == quote
    assert counted(quote, None) == quote
    assert counted(quote, rule(adders=("governance",))) == {
        "id": "a",
        "rates": {"rate": "1"},
        "buyer_costs": {"governance_per_month": "9"},
    }


def test_a_price_sheet_takes_the_model_of_record_alone():
    held = Rfp(pricing_models=["per_fte", "per_minute"], price_of_record=RULE)
    assert models_to_bid(held) == ("per_fte", "per_minute")
    held.price_of_record = {**RULE, "model": "per_minute"}
    assert models_to_bid(held) == ("per_minute",)
