"""Every registered pricing model: minimum, growth, sums, exactness, and its form."""

from decimal import Decimal
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.engine.errors import InvalidInput
from apps.engine.pricing.models import PRICING_MODELS
from tests.engine.pricing.quantities import CSAT, KPIS, RATES, months

volumes = st.lists(st.integers(0, 80_000), min_size=1, max_size=6)
models = pytest.mark.parametrize("slug", PRICING_MODELS)


def test_the_tests_know_every_model():
    assert set(RATES) == set(PRICING_MODELS)


def priced(slug, raw, contacts, **options):
    model = PRICING_MODELS[slug]
    return model.cost(months(contacts, kpis=KPIS, **options), model.read_rates(raw))


@models
@given(st.data(), volumes)
@settings(max_examples=40)
def test_lines_add_up_and_decimals_agree_with_floats(slug, data, contacts):
    raw = data.draw(RATES[slug])
    exact, fast = (priced(slug, raw, contacts, exact=exact) for exact in (True, False))
    assert [line.code for line in exact.lines] == [line.code for line in fast.lines]
    assert all(isinstance(month, Decimal | int) for line in exact.lines for month in line.amount)
    assert exact.amount.tolist() == [
        sum(line.amount[place] for line in exact.lines) for place in range(len(contacts))
    ]
    assert fast.amount == pytest.approx(exact.amount.astype(float), rel=1e-9, abs=1e-6)


def falls(found):
    return any(
        fact["code"] in {"all_units_price_falls", "minimum_above_first_tier"}
        for fact in found.facts
    )


@models
@given(st.data())
@settings(max_examples=60)
def test_more_volume_never_costs_less_unless_the_model_says_so(slug, data):
    raw = data.draw(RATES[slug])
    contacts = sorted(data.draw(st.lists(st.integers(0, 80_000), min_size=2, max_size=8)))
    found = priced(slug, raw, contacts)
    if not falls(found):
        assert min(np.diff(found.amount)) >= -Decimal("1e-15")


def least(slug, raw):
    """What a month without any contact costs, from the rates alone."""
    if slug == "per_fte":
        return Decimal(raw.get("minimum_quantity", "0")) * Decimal(raw["rate"])
    if slug in {"per_minute", "per_contact"}:
        name = {"per_minute": "minimum_minutes", "per_contact": "minimum_contacts"}[slug]
        return Decimal(raw.get(name, "0")) * Decimal(raw["tiers"][0]["rate"])
    fee = Decimal(raw["fee"])
    if slug == "managed_service":
        credit = Decimal(raw["band_from"]) * Decimal(raw.get("true_down_rate", "0"))
        return fee - min(credit, fee * Decimal(raw.get("true_down_cap", "1")))
    gap = CSAT - 4.2
    moved = np.clip(np.where(gap > 0, 0.2, 0.3) * gap, -0.1, 0.05).mean()
    return fee * (1 + Decimal(str(round(float(moved), 12)))) if "kpis" in raw else fee


@models
@given(st.data())
@settings(max_examples=30)
def test_a_month_without_contacts_costs_the_minimum(slug, data):
    raw = data.draw(RATES[slug])
    parts = raw["parts"] if slug == "hybrid" else [{"model": slug, "rates": raw}]
    wanted = sum(least(part["model"], part["rates"]) for part in parts)
    assert float(priced(slug, raw, [0]).amount[0]) == pytest.approx(float(wanted), rel=1e-9)


@models
@given(st.data())
@settings(max_examples=30)
def test_between_breaks_the_price_is_a_straight_line(slug, data):
    raw = data.draw(RATES[slug])
    model = PRICING_MODELS[slug]
    rates, forecast = model.read_rates(raw), months([20_000], kpis=KPIS, exact=False)
    if "whole" in str(raw) or "minimum_quantity" in str(raw):
        return  # whole FTE and a minimum of hours bend where the staffing says
    ends = np.unique([0.05, 3.0, *model.breaks(forecast, rates)])
    ends = ends[(ends >= 0.05) & (ends <= 3)]
    for low, high in pairwise(ends):
        inside = np.linspace(low, high, 5)[1:-1] * 20_000
        amounts = priced(slug, raw, inside, exact=False).amount
        assert amounts[1] == pytest.approx((amounts[0] + amounts[2]) / 2, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("slug", [slug for slug in PRICING_MODELS if slug != "hybrid"])
@given(st.data(), volumes)
@settings(max_examples=15)
def test_a_hybrid_of_one_part_is_that_part(slug, data, contacts):
    raw = data.draw(RATES[slug])
    alone = {"parts": [{"share": "1", "model": slug, "rates": raw}]}
    assert priced("hybrid", alone, contacts).amount.tolist() == (
        priced(slug, raw, contacts).amount.tolist()
    )


@given(st.integers(0, 50_000), st.integers(1, 100))
def test_an_hour_of_handling_is_sixty_minutes_of_handling(contacts, rate):
    hour = {"unit": "hour", "billable_hour": "productive", "rate": str(rate * 60)}
    minute = {"increment_s": "0", "tiering": "graduated", "tiers": [{"rate": str(rate)}]}
    by_hour = priced("per_fte", hour, [contacts]).amount[0]
    by_minute = priced("per_minute", minute, [contacts]).amount[0]
    assert abs(by_hour - by_minute) < Decimal("1e-15")


# Forms


@models
def test_a_form_can_be_built_from_the_fields(slug):
    model = PRICING_MODELS[slug]
    assert len({field.name for field in model.fields}) == len(model.fields)
    for field in model.fields:
        assert field.kind in {"number", "choice", "text", "table", "parts"}
        assert field.help.endswith(".")
    assert model.name
    assert model.best_for
    assert model.watch


@models
@given(st.data())
@settings(max_examples=10)
def test_an_unknown_or_missing_rate_is_named(slug, data):
    raw = data.draw(RATES[slug])
    read = PRICING_MODELS[slug].read_rates
    with pytest.raises(InvalidInput) as caught:
        read({**raw, "discount": "1"})
    assert caught.value.path == "rates.discount"
    needed = next(field.name for field in PRICING_MODELS[slug].fields if field.required)
    with pytest.raises(InvalidInput) as caught:
        read({name: value for name, value in raw.items() if name != needed}, "q.rates")
    assert caught.value.path == f"q.rates.{needed}"


@models
def test_every_number_is_refused_just_outside_its_bounds(slug):
    for field in PRICING_MODELS[slug].fields:
        columns = getattr(field, "columns", ()) or (field,)
        for number in (column for column in columns if column.kind == "number"):
            for bound, step in ((number.minimum, -1), (number.maximum, 1)):
                if bound is not None:
                    with pytest.raises(InvalidInput):
                        number.read(str(bound + step * Decimal("0.000001")))
