"""The business case: one option by hand, to the cent, and what holds for every option."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.engine.cashflow import Timing
from apps.engine.errors import InvalidInput, ScaleError
from apps.engine.pricing.business import Change, business_case
from apps.engine.pricing.quote import BuyerCosts, OneOff
from apps.engine.pricing.tco import total_cost
from tests.engine.pricing.offers import PER_HOUR, case, quote, values

ONE_PERCENT_A_MONTH = Decimal("1.01") ** 12 - 1


def fee(amount):
    """A quote of one fee a month, whatever the volume."""
    rates = {"fee": amount, "band_from": "0", "band_to": "1000000", "overage_rate": "0"}
    return quote(PER_HOUR, model="managed_service", rates=rates)


def priced(*, term=4, rate=ONE_PERCENT_A_MONTH, in_house=False):
    """An option and today's cost: 100,000 and 120,000 a month."""
    raw = case(quotes=[fee("100000") | {"id": "option"}, fee("120000") | {"id": "today"}])
    workload, terms, (option, today) = values(raw)
    terms = replace(
        terms,
        months=term,
        discount_rate=rate,
        timing=Timing.END,
        days_per_year=Decimal(360),
    )
    option = replace(
        option,
        in_house=in_house,
        one_offs=(OneOff(name="set-up", amount=Decimal(10000), month=1),),
        buyer_costs=BuyerCosts(
            governance_per_month=Decimal(3000),
            double_running_months=Decimal("0.5"),
            internal_cost_per_month=Decimal(8000),
        ),
    )
    today = replace(today, in_house=True)
    return {
        "option": total_cost(option, workload, terms),
        "today": total_cost(today, workload, terms),
    }


def once(amount, month=1):
    return OneOff(name="once", amount=Decimal(amount), month=month)


CHANGE = Change(
    severance=once(6000),
    staff_transfer=once(1000, month=2),
    retained_per_month=Decimal(4000),
    stranded_per_month=Decimal(2000),
    stranded_months=Decimal("1.5"),
    vat_rate=Decimal("0.20"),
    vat_deductible=Decimal("0.75"),
)

# By hand, over four months, in EUR; 5 % of every invoice is tax that does not come back:
#                     month 1    month 2    month 3    month 4      total
# fee                 100,000    100,000    100,000    100,000    400,000
# set-up               10,000          0          0          0     10,000
# governance            3,000      3,000      3,000      3,000     12,000
# double running        4,000          0          0          0      4,000   0.5 x 8,000
# severance             6,000          0          0          0      6,000
# staff transfer            0      1,000          0          0      1,000
# retained team         4,000      4,000      4,000      4,000     16,000
# stranded cost         2,000      1,000          0          0      3,000   1.5 x 2,000
# irrecoverable VAT     5,500      5,000      5,000      5,000     20,500   5 % of fee and set-up
# all                 134,500    114,000    112,000    112,000    472,500
# today               120,000    120,000    120,000    120,000    480,000
# saving              -14,500      6,000      8,000      8,000      7,500
# so far              -14,500     -8,500       -500      7,500


def test_the_bridge_leads_from_the_price_at_quoted_rates_to_the_total():
    found = business_case(**priced(), change=CHANGE)
    assert [(step.code, step.amount, step.after) for step in found.bridge] == [
        ("run", 400000, 400000),
        ("transition", 10000, 410000),
        ("governance", 12000, 422000),
        ("double_running", 4000, 426000),
        ("severance", 6000, 432000),
        ("staff_transfer", 1000, 433000),
        ("retained_team", 16000, 449000),
        ("stranded_cost", 3000, 452000),
        ("irrecoverable_vat", 20500, 472500),
    ]
    assert found.total == 472500


def test_savings_pay_back_in_the_month_from_which_they_stay_ahead():
    """At 1 % a month: -14,356.4356 + 5,881.7763 + 7,764.7212 + 7,687.8428 = 6,977.9046."""
    found = business_case(**priced(), change=CHANGE)
    assert found.savings == (-14500, 6000, 8000, 8000)
    assert found.saving == 7500
    assert found.payback_months == 4
    assert found.deepest == 14500
    assert found.net_present_value == Decimal("6977.90")


def test_later_payment_moves_money_and_adds_none():
    """45 of 360 days are 1.5 months.

    Invoices with tax that stays: 115,500, then 105,000 a month. Owed at the end of month 1:
    115,500; of month 2: 105,000 + 115,500/2 = 162,750; of month 3: 105,000 + 105,000/2 = 157,500;
    settled at the end of the term.
    """
    found = business_case(**priced(), change=replace(CHANGE, payment_days=Decimal(45)))
    assert found.credit == (115500, 47250, -5250, -157500)
    assert found.savings == (101000, 53250, 2750, -149500)
    assert (found.total, found.saving) == (472500, 7500)
    assert (found.payback_months, found.deepest) == (0, 0)


def test_an_option_of_the_buyers_own_has_neither_tax_nor_credit():
    change = replace(CHANGE, payment_days=Decimal(45))
    found = business_case(**priced(in_house=True), change=change)
    assert found.total == 452000
    assert found.credit == (0, 0, 0, 0)


def test_an_early_lead_that_a_later_cost_takes_back_is_no_payback():
    """Without what else it costs, 3,000 to the good after month 1; severance in month 4."""
    late = Change(severance=once(200000, month=4))
    found = business_case(**priced(), change=late)
    assert found.savings == (3000, 17000, 17000, -183000)
    assert found.payback_months is None
    assert found.deepest == 146000


amounts = st.integers(0, 50_000_00).map(lambda cents: Decimal(cents) / 100)
shares = st.integers(0, 1000).map(lambda share: Decimal(share) / 1000)
changes = st.builds(
    Change,
    severance=amounts.map(once),
    staff_transfer=st.none() | st.builds(once, amounts, st.integers(1, 4)),
    retained_per_month=amounts,
    stranded_per_month=amounts,
    stranded_months=shares.map(lambda share: share * 6),
    vat_rate=shares,
    vat_deductible=shares,
    payment_days=st.integers(0, 180).map(Decimal),
)
WITHOUT_INTEREST = priced(rate=Decimal(0))


@settings(max_examples=60)
@given(changes)
def test_the_steps_of_the_bridge_add_up_to_the_cent(change):
    found = business_case(**WITHOUT_INTEREST, change=change)
    assert sum(step.amount for step in found.bridge) == found.bridge[-1].after == found.total
    assert found.total == found.total.quantize(Decimal("0.01"))
    assert found.saving == sum(found.today) - found.total


@settings(max_examples=60)
@given(changes)
def test_at_a_rate_of_nothing_the_present_value_is_the_sum_and_credit_is_worth_nothing(change):
    found = business_case(**WITHOUT_INTEREST, change=change)
    assert sum(found.credit) == 0
    assert found.net_present_value == found.saving


# What the option saves without a change, 54,000, lies inside what severance may cost.
severances = st.integers(0, 70_000).map(Decimal)


@settings(max_examples=100)
@given(severances, severances, st.integers(0, 20).map(Decimal))
def test_a_higher_cost_at_the_start_never_pays_back_sooner(one, other, days):
    def months(amount):
        change = Change(severance=once(amount), payment_days=days)
        found = business_case(**WITHOUT_INTEREST, change=change).payback_months
        return float("inf") if found is None else found

    assert months(min(one, other)) <= months(max(one, other))


@pytest.mark.parametrize(
    "wrong",
    [
        {"severance": once(-1)},
        {"staff_transfer": once(-1)},
        {"retained_per_month": Decimal(-1)},
        {"stranded_per_month": Decimal(-1)},
        {"stranded_months": Decimal(-1)},
        {"vat_rate": Decimal("1.01")},
        {"vat_rate": Decimal("-0.01")},
        {"vat_deductible": Decimal("1.01")},
        {"vat_deductible": Decimal("-0.01")},
        {"payment_days": Decimal(-1)},
        {"payment_days": Decimal(181)},
    ],
)
def test_figures_outside_their_bounds_are_refused(wrong):
    with pytest.raises(ScaleError):
        Change(**wrong)


def test_a_cost_after_the_term_is_refused():
    with pytest.raises(InvalidInput):
        business_case(**priced(), change=Change(severance=once(1, month=5)))


@pytest.mark.parametrize("other", [{"term": 5}, {"rate": Decimal(0)}])
def test_an_option_and_today_are_priced_under_the_same_terms(other):
    apart = priced() | {"today": priced(**other)["today"]}
    with pytest.raises(InvalidInput):
        business_case(**apart, change=CHANGE)
