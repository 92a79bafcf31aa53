"""Total cost: every line by hand, to the cent, and parts that add up."""

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.engine.cashflow import Timing, present_value
from apps.engine.errors import ConventionRequired, CurrencyMismatch, InvalidInput, ScaleError
from apps.engine.pricing.cost import Part
from apps.engine.pricing.quote import (
    BuyerCosts,
    Exchange,
    Expectation,
    Indexation,
    IndexKind,
    OneOff,
    Ramp,
    Terms,
)
from apps.engine.pricing.tco import dated, double_running, total_cost
from tests.engine.pricing.offers import (
    PER_CONTACT,
    PER_HOUR,
    WEEKLY_CONTACTS,
    WEEKS,
    case,
    costs,
    quote,
    values,
)
from tests.engine.pricing.quantities import RATES

CENT = Decimal("0.01")
MONTHLY = WEEKLY_CONTACTS * WEEKS  # contacts of an average month


def cost(raw_quote, **changes):
    return costs(case(quotes=[raw_quote], **changes))[0]


def line(found, code):
    (one,) = [line for line in found.lines if line.code == code]
    return one


def cents(amount):
    return Decimal(amount).quantize(CENT, "ROUND_HALF_UP")


def test_contacts_are_priced_month_by_month_and_rounded_as_invoices():
    found = cost(PER_CONTACT)
    monthly = cents(MONTHLY * 2)
    assert found.months == (monthly,) * 24
    assert found.years == (monthly * 12,) * 2
    assert found.total == monthly * 24
    assert found.demand.months.contacts.sum() == pytest.approx(MONTHLY * 24)


def test_the_present_value_discounts_rounded_invoices():
    found = cost(PER_CONTACT)
    by_hand = sum(
        found.months[0] / Decimal("1.08") ** ((Decimal(month) - Decimal("0.5")) / 12)
        for month in range(1, 25)
    )
    assert found.present_value == cents(by_hand)
    late = cost(PER_CONTACT, terms={"timing": "end"})
    assert late.present_value < found.present_value
    assert late.present_value == cents(
        present_value(late.months, rate=Decimal("0.08"), timing=Timing.END)
    )


def test_a_real_rate_is_raised_by_inflation_before_it_discounts():
    real = {"rate": "0.05", "basis": "real", "inflation": "0.02"}
    nominal = {"rate": "0.071", "basis": "nominal"}
    assert (
        cost(PER_CONTACT, terms={"discount": real}).present_value
        == cost(PER_CONTACT, terms={"discount": nominal}).present_value
    )


def test_hours_follow_agents_shrinkage_and_inefficiency():
    found = cost(quote(schedule_inefficiency="1.1"))
    demand = found.demand.queues[0]
    hours = Decimal(int(demand.weekly_agents[0].sum())) * WEEKS * Decimal("1.1") / Decimal("0.7")
    assert found.months[0] == cents(hours * 15)
    assert found.demand.months.fte[0] == pytest.approx(hours / (40 * WEEKS))


def test_a_vendors_own_handle_time_and_repeats_change_its_need():
    slow = cost(quote(aht_s={"voice": "360"}))
    fast = cost(quote(aht_s={"voice": "240"}))
    assert fast.total < cost(PER_HOUR).total < slow.total
    issues = {"volume_counts": "issues"}
    good, bad = (
        cost(quote(PER_CONTACT, first_contact_resolution=share), workload=issues).total
        for share in ("0.8", "0.5")
    )
    assert good / bad == pytest.approx(Decimal("0.625"), rel=Decimal("1e-6"))


def test_a_ramp_makes_contacts_longer_until_it_ends():
    minutes = {"increment_s": "0", "tiering": "graduated", "tiers": [{"rate": "0.40"}]}
    ramped = quote(PER_CONTACT, model="per_minute", rates=minutes, ramp={"table": ["0.5", "0.8"]})
    found = cost(ramped)
    steady = MONTHLY * 5 * Decimal("0.4")
    assert found.months[:3] == (cents(steady * 2), cents(steady / Decimal("0.8")), cents(steady))


def test_productivity_rises_to_full():
    shares = Ramp(start=Decimal("0.6"), months=Decimal(2)).productivity(24)
    assert float(shares[0]) == pytest.approx(1 - 0.4 * np.exp(-0.25))
    assert list(shares) == sorted(shares)
    assert Ramp(table=(Decimal("0.5"),)).productivity(3) == (Decimal("0.5"), 1, 1)
    assert Ramp().productivity(2) == (1, 1)


@pytest.mark.parametrize(
    ("indexation", "factor"),
    [
        ({"kind": "none"}, None),
        ({"kind": "fixed", "rate": "0.03"}, "0.03"),
        ({"kind": "index"}, "0.045"),
        ({"kind": "index", "rate": "0.02"}, "0.02"),
        ({"kind": "index", "rate": "0.10"}, "0.045"),
    ],
)
def test_prices_rise_from_the_second_year_up_to_their_cap(indexation, factor):
    found = cost(quote(PER_CONTACT, indexation=indexation), terms={"indexation": "0.045"})
    if factor is None:
        assert Part.INDEXATION not in found.parts
        return
    first, second = line(found, "indexation").years
    assert first == 0
    assert second == 12 * cents(cents(MONTHLY * 2) * Decimal(factor))


def test_a_foreign_quote_is_converted_and_its_scenario_is_a_line_of_its_own():
    foreign = quote(PER_CONTACT, currency="USD", fx={"rate": "0.9", "yearly": ["0.9", "0.99"]})
    found = cost(foreign)
    monthly = cents(MONTHLY * 2 * Decimal("0.9"))
    assert line(found, "contacts").amounts == (monthly,) * 24
    assert line(found, "currency").years == (0, 12 * cents(monthly * Decimal("0.1")))
    steady = cost(quote(PER_CONTACT, currency="USD", fx={"rate": "0.9"}))
    assert Part.CURRENCY not in steady.parts
    assert Exchange(yearly=(Decimal(2),)).monthly(25)[24] == 2


def test_a_currency_is_converted_once_or_refused():
    with pytest.raises(CurrencyMismatch):
        cost(quote(PER_CONTACT, currency="USD"))
    with pytest.raises(CurrencyMismatch):
        cost(quote(PER_CONTACT, fx={"rate": "0.9"}))


def test_a_currency_without_cents_is_rounded_to_whole_units():
    found = cost(PER_CONTACT, terms={"currency": "JPY"})
    assert found.months[0] == (MONTHLY * 2).quantize(Decimal(1), "ROUND_HALF_UP")


@pytest.mark.parametrize(
    ("charged_for", "first", "later"),
    [("growth", 1, 0), ("attrition", "0.03", "0.03"), ("all", "1.03", "0.03")],
)
def test_training_is_charged_for_whom_the_quote_says(charged_for, first, later):
    training = {"hours_per_hire": "100", "rate": "10.00", "charged_for": charged_for}
    found = cost(quote(training=training, attrition_per_year="0.36"))
    people = found.demand.months.fte[0]
    amounts = line(found, "training").amounts
    assert amounts[0] == cents(people * Decimal(first) * 1000)
    assert amounts[1] == cents(people * Decimal(later) * 1000)


def test_single_amounts_fall_in_their_month():
    found = cost(
        quote(
            one_offs=[{"name": "set-up", "amount": "1000.00", "month": 2}],
            exit={"amount": "500.00"},
        )
    )
    assert line(found, "one_off").amounts == (0, 1000, *[0] * 22)
    assert line(found, "exit").amounts == (*[0] * 23, 500)
    assert (line(found, "one_off").part, line(found, "exit").part) == (Part.TRANSITION, Part.EXIT)
    early = cost(quote(exit={"amount": "500.00", "month": 3}))
    assert line(early, "exit").amounts[2] == 500
    for month in (0, 25):
        with pytest.raises(InvalidInput):
            dated(OneOff(name="late", amount=Decimal(1), month=month), 24)


def test_the_buyers_own_costs_are_in_its_own_currency():
    own = {
        "governance_per_month": "100.00",
        "double_running_months": "2.5",
        "internal_cost_per_month": "1000.00",
    }
    found = cost(quote(PER_CONTACT, currency="USD", fx={"rate": "0.5"}, buyer_costs=own))
    assert line(found, "governance").total == 2400
    assert line(found, "double_running").amounts[:4] == (1000, 1000, 500, 0)
    assert double_running(Decimal(0), 2).tolist() == [0, 0]


def test_minimum_shortfall_is_a_part_of_its_own():
    rates = {**PER_CONTACT["rates"], "minimum_contacts": "20000"}
    found = cost(quote(PER_CONTACT, rates=rates))
    assert found.parts[Part.SHORTFALL] == 24 * cents((20_000 - MONTHLY) * 2)


@given(st.data())
@settings(max_examples=25)
def test_parts_years_and_months_add_up_to_the_cent(data):
    slug = data.draw(st.sampled_from(sorted(RATES)))
    whole = quote(
        PER_CONTACT,
        model=slug,
        rates=data.draw(RATES[slug]),
        first_contact_resolution="0.7",
        ramp={"start": "0.6", "months": "3"},
        attrition_per_year="0.3",
        training={"hours_per_hire": "80", "rate": "12.34", "charged_for": "all"},
        one_offs=[{"name": "set-up", "amount": "1234.56", "month": 1}],
        indexation={"kind": "index", "rate": "0.03"},
        buyer_costs={"governance_per_month": "99.99"},
    )
    found = cost(whole, terms={"indexation": "0.05"}, workload={"growth_per_year": "0.07"})
    totals = {
        sum(found.parts.values()),
        sum(found.years),
        sum(found.months),
        sum(each.total for each in found.lines),
        sum(sum(each.years) for each in found.lines),
        found.total,
    }
    assert len(totals) == 1
    assert found.total == found.total.quantize(CENT)


def test_a_flat_discount_rate_of_nothing_makes_the_present_value_the_total():
    found = cost(PER_HOUR, terms={"discount": {"rate": "0", "basis": "nominal"}})
    assert found.present_value == found.total


# Valid by construction


def test_terms_and_quotes_built_in_code_keep_the_rules():
    _, terms, (offer,) = values(case(quotes=[PER_HOUR]))
    for change in (
        {"months": 0},
        {"months": 121},
        {"discount_rate": Decimal(-1)},
        {"volume_low": Decimal(0)},
        {"volume_high": Decimal("0.1")},
        {"days_per_year": Decimal(300)},
        {"currency": "euro"},
    ):
        with pytest.raises(InvalidInput):
            replace(terms, **change)
    for change in (
        {"contract_hours_per_week": Decimal(0)},
        {"inefficiency": Decimal("0.5")},
        {"attrition_per_year": Decimal(6)},
        {"performance": (Expectation(kpi="a", low=0, likely=0, high=0),) * 2},
        {"currency": "dollar"},
    ):
        with pytest.raises(InvalidInput):
            replace(offer, **change)
    with pytest.raises(ConventionRequired):
        replace(offer, shrinkage_base=None)
    for build in (
        lambda: Ramp(start=Decimal(0)),
        lambda: Ramp(months=Decimal(0)),
        lambda: Exchange(rate=Decimal(0)),
        lambda: Exchange(volatility=Decimal(-1)),
        lambda: Exchange(yearly=(Decimal(0),)),
        lambda: Expectation(kpi="a", low=Decimal(2), likely=Decimal(1), high=Decimal(3)),
    ):
        with pytest.raises(ScaleError):
            build()
    with pytest.raises(InvalidInput):
        Indexation(kind=IndexKind.FIXED)
    assert BuyerCosts().governance_per_month == 0
    assert isinstance(terms, Terms)


def test_a_quote_on_a_foreign_currency_needs_its_rate_in_code_too():
    workload, terms, (offer,) = values(case(quotes=[PER_HOUR]))
    with pytest.raises(CurrencyMismatch):
        total_cost(replace(offer, currency="USD"), workload, terms)
