"""Every registered pricing model: minimum, growth, sums, exactness, and its form."""

from decimal import Decimal
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.engine.errors import ConventionRequired, InvalidInput
from apps.engine.pricing.cost import Part, billed_seconds, multiples, no_breaks
from apps.engine.pricing.erlang import ceil_whole
from apps.engine.pricing.models import PRICING_MODELS
from apps.engine.pricing.models.tiers import Tier, Tiering, TierTable
from apps.engine.pricing.workload import HandleTime
from tests.engine.pricing.quantities import CSAT, KPIS, RATES, RESOLVED, months

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


# Each model's own rules


def refused(slug, raw):
    with pytest.raises(InvalidInput) as caught:
        PRICING_MODELS[slug].read_rates(raw)
    return caught.value


def test_the_billable_hour_has_to_be_defined():
    error = refused("per_fte", {"unit": "hour", "rate": "20"})
    assert isinstance(error, ConventionRequired)
    assert error.path == "rates.billable_hour"
    whole = {"unit": "hour", "billable_hour": "paid", "rate": "20", "fte_counting": "whole"}
    assert refused("per_fte", whole).path == "rates"


@pytest.mark.parametrize(
    ("hour", "amount"), [("productive", "8000"), ("logged_in", "10000"), ("paid", "14285.714286")]
)
def test_the_same_rate_means_different_money_by_the_hour_that_is_billed(hour, amount):
    raw = {"unit": "hour", "billable_hour": hour, "rate": "9.6"}
    found = priced("per_fte", raw, [10_000]).amount[0]
    assert round(found, 6) == Decimal(amount)


def test_fte_are_billed_exactly_or_rounded_up():
    raw = {"unit": "fte_month", "rate": "1000"}
    exact, whole = (
        priced("per_fte", {**raw, "fte_counting": counting}, [10_000]).amount[0]
        for counting in ("exact", "whole")
    )
    assert round(exact, 4) == Decimal("9300.5952")
    assert whole == 10_000


def test_supporting_roles_are_billed_by_their_span():
    raw = {
        "unit": "hour",
        "billable_hour": "logged_in",
        "rate": "10",
        "roles": [{"name": "team leader", "agents_per_role": "10", "rate": "30"}],
    }
    agents, role = priced("per_fte", raw, [10_000]).lines
    assert (role.code, role.subject) == ("role", "team leader")
    assert role.amount[0] / agents.amount[0] == Decimal("0.3")


@given(st.floats(5, 2000), st.sampled_from([1.0, 6.0, 30.0, 60.0]), st.sampled_from([0.0, 45.0]))
def test_billed_seconds_are_the_mean_of_rounded_durations(aht, increment, minimum):
    steps = np.arange(200_000)
    chance = -np.diff(np.exp(-steps * increment / aht))  # of ending inside each step
    billed = np.maximum((steps[:-1] + 1) * increment, minimum)
    found = billed_seconds(np.array(aht), increment, minimum, HandleTime.EXPONENTIAL)
    assert float(found) == pytest.approx(float((billed * chance).sum()), rel=1e-9)


def test_a_least_duration_without_steps_is_billed_too():
    found = billed_seconds(np.array(300.0), 0.0, 60.0, HandleTime.EXPONENTIAL)
    assert float(found) == pytest.approx(60 + 300 * np.exp(-0.2))


@pytest.mark.parametrize(
    ("aht", "increment", "minimum", "billed"),
    [(300, 60, 0, 300), (301, 60, 0, 360), (20, 30, 45, 45), (20, 0, 45, 45), (20, 0, 0, 20)],
)
def test_constant_handle_times_are_rounded_one_by_one(aht, increment, minimum, billed):
    found = billed_seconds(np.array(float(aht)), increment, minimum, HandleTime.CONSTANT)
    assert float(found) == billed


def table(*rows, tiering=Tiering.GRADUATED, minimum="0"):
    return TierTable(
        tiers=tuple(Tier(None if end is None else Decimal(end), Decimal(r)) for end, r in rows),
        tiering=tiering,
        minimum=Decimal(minimum),
    )


@pytest.mark.parametrize(
    ("quantity", "graduated", "all_units"),
    [(0, "0", "0"), (100, "200", "200"), (101, "201.5", "151.5"), (300, "500", "450")],
)
def test_tiers_by_hand(quantity, graduated, all_units):
    rows = ((100, "2"), (None, "1.5"))
    for tiering, amount in ((Tiering.GRADUATED, graduated), (Tiering.ALL_UNITS, all_units)):
        found = table(*rows, tiering=tiering).charge(
            months([quantity]).contacts, months([quantity])
        )
        assert found[0] == Decimal(amount)


@given(st.data())
def test_graduated_tiers_are_continuous_and_never_fall(data):
    raw = data.draw(RATES["per_contact"])
    rows = [(row.get("up_to"), row["rate"]) for row in raw["tiers"]]
    found = table(*rows)
    for edge in found.edges:
        around = [edge, edge + Decimal("0.000001")]
        below, above = found.charge(months(around).contacts, months(around))
        assert 0 <= above - below <= Decimal("0.001")


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [(100, "1")],
        [(None, "1"), (None, "1")],
        [(100, "1"), (100, "1"), (None, "1")],
        [(0, "1"), (None, "1")],
        [(None, "-1")],
    ],
)
def test_tiers_without_order_are_refused(rows):
    with pytest.raises(InvalidInput):
        table(*rows)
    with pytest.raises(InvalidInput):
        table((None, "1"), minimum="-1")


def test_tiers_that_can_fall_say_where():
    rows = ((100, "2"), (200, "1"), (None, "3"))
    assert table(*rows, tiering=Tiering.ALL_UNITS).facts() == (
        {"code": "all_units_price_falls", "at": ["100"]},
    )
    assert table(*rows[2:], tiering=Tiering.ALL_UNITS).facts() == ()
    rising = ((100, "1"), (None, "2"))
    assert table(*rising, tiering=Tiering.ALL_UNITS).facts() == ()
    assert table(*rows, minimum="150").facts() == (
        {"code": "minimum_above_first_tier", "minimum": "150"},
    )
    assert table(*rising, minimum="150").facts() == ()
    assert table(*rows, minimum="80").facts() == ()


def test_a_wrong_tier_is_named_by_its_place():
    tiers = [{"up_to": "100", "rate": "1"}]
    raw = {"counted": "handled", "tiering": "graduated", "tiers": tiers}
    assert refused("per_contact", raw).path == "rates.tiers"


def test_resolved_contacts_need_a_resolution_rate():
    raw = {"counted": "resolved", "tiering": "graduated", "tiers": [{"rate": "4"}]}
    model = PRICING_MODELS["per_contact"]
    assert priced("per_contact", raw, [100]).amount[0] == 100 * RESOLVED * 4
    blind = months([100])
    object.__setattr__(blind, "resolved", None)
    with pytest.raises(InvalidInput):
        model.cost(blind, model.read_rates(raw))


def test_the_bonus_is_expected_over_the_spread_and_not_taken_at_the_mean():
    raw = {
        "fee": "100000",
        "kpis": [{"kpi": "csat", "target": "4.2", "slope_above": "0.5", "slope_below": "0.5"}],
        "floor": "-0.1",
        "cap": "0",
    }
    amounts = [line.amount[0] for line in priced("outcome_based", raw, [100]).lines]
    assert CSAT.mean() == pytest.approx(4.2)  # at its mean the bonus would be 0
    assert float(amounts[1]) == pytest.approx(
        100_000 * np.clip(0.5 * (CSAT - 4.2), -0.1, 0).mean(), rel=1e-9
    )
    assert amounts[1] < 0


def test_a_kpi_that_nobody_estimated_counts_as_its_target_and_is_reported():
    raw = {
        "fee": "1000",
        "kpis": [{"kpi": "nps", "target": "30", "slope_above": "1", "slope_below": "1"}],
        "outcome": "leads",
        "outcome_rate": "5",
    }
    found = priced("outcome_based", raw, [100])
    assert found.amount[0] == 1000
    assert found.facts == (
        {"code": "kpi_not_estimated", "kpi": "nps", "assumed": "30"},
        {"code": "kpi_not_estimated", "kpi": "leads", "assumed": "0"},
    )


def test_outcomes_are_paid_by_the_contact():
    raw = {"fee": "0", "outcome": "sales", "outcome_rate": "5"}
    found = priced("outcome_based", raw, [1000])
    assert [(line.code, line.part) for line in found.lines] == [
        ("base_fee", Part.RUN),
        ("outcomes", Part.PERFORMANCE),
    ]
    assert float(found.amount[0]) == pytest.approx(1000 * 0.04 * 5)


@pytest.mark.parametrize(
    "raw",
    [
        {"fee": "1", "outcome_rate": "5"},
        {"fee": "1", "floor": "0.1"},
        {"fee": "1", "cap": "-0.1"},
        {
            "fee": "1",
            "kpis": [{"kpi": "a", "target": "1", "slope_above": "1", "slope_below": "1"}] * 2,
        },
    ],
)
def test_outcome_rates_that_contradict_are_refused(raw):
    assert refused("outcome_based", raw).path.startswith("rates")


@pytest.mark.parametrize(
    ("contacts", "amount"),
    [(0, 75_000), (15_000, 80_000), (20_000, 100_000), (30_000, 100_000), (31_000, 105_000)],
)
def test_a_managed_service_credits_below_its_band_and_charges_above(contacts, amount):
    raw = {
        "fee": "100000", "band_from": "20000", "band_to": "30000", "overage_rate": "5",
        "true_down_rate": "4", "true_down_cap": "0.25",
    }  # fmt: skip
    assert priced("managed_service", raw, [contacts]).amount[0] == amount


@pytest.mark.parametrize("change", [{"band_to": "1"}, {"true_down_cap": "1.1"}, {"fee": "-1"}])
def test_a_band_has_to_be_one(change):
    raw = {"fee": "9", "band_from": "20", "band_to": "30", "overage_rate": "5", **change}
    assert refused("managed_service", raw).path.startswith("rates")


def part(share, queue=None):
    rates = {"fee": "100", "band_from": "0", "band_to": "9", "overage_rate": "0"}
    row = {"share": share, "model": "managed_service", "rates": rates}
    return row if queue is None else {**row, "queue": queue}


@pytest.mark.parametrize(
    ("parts", "path"),
    [
        ([part("0.5"), part("0.4")], "rates.parts"),
        ([part("0")], "rates.parts[0].share"),
        ([], "rates.parts"),
        ([{**part("1"), "model": "hybrid"}], "rates.parts[0].model"),
        ([{**part("1"), "rates": {"fee": "x"}}], "rates.parts[0].rates.fee"),
    ],
)
def test_a_hybrid_has_to_cover_the_workload_once(parts, path):
    assert refused("hybrid", {"parts": parts}).path == path


def test_a_part_may_take_a_named_queue():
    model = PRICING_MODELS["hybrid"]
    rates = model.read_rates({"parts": [part("0.6", "voice"), part("0.4", "voice")]})
    assert rates.shares(("voice",)) == ({"voice": Decimal("0.6")}, {"voice": Decimal("0.4")})
    assert model.cost(months([1]), rates).amount[0] == 200
    for parts in ([part("1", "chat")], [part("0.6", "voice")]):
        with pytest.raises(InvalidInput):
            model.cost(months([1]), model.read_rates({"parts": parts}))


def test_lines_of_a_hybrid_say_which_part_they_belong_to():
    raw = {"parts": [part("0.6"), part("0.4")]}
    assert [line.subject for line in priced("hybrid", raw, [1]).lines] == [
        "1 managed_service",
        "2 managed_service",
    ]


@pytest.mark.parametrize(
    ("slug", "build"),
    [
        ("per_fte", {"unit": "hour", "billable_hour": "paid", "rate": "-1"}),
        (
            "per_fte",
            {
                "unit": "fte_month",
                "rate": "1",
                "roles": [{"name": "x", "agents_per_role": "0", "rate": "1"}],
            },
        ),
        ("per_minute", {"increment_s": "601", "tiering": "graduated", "tiers": [{"rate": "1"}]}),
    ],
)
def test_rates_below_nothing_are_refused(slug, build):
    assert refused(slug, build).path.startswith("rates.")


def test_rates_are_valid_by_construction():
    """Built in code, without a form: the same rules hold."""
    from apps.engine.pricing.models import (  # noqa: PLC0415 -- six modules with the same names
        hybrid,
        managed_service,
        outcome_based,
        per_fte,
        per_minute,
    )

    one = Decimal(1)
    tier = TierTable(tiers=(Tier(None, one),))
    for build in (
        lambda: per_fte.Rates(unit=per_fte.BilledBy.FTE_MONTH, rate=-one),
        lambda: per_fte.Rates(
            unit=per_fte.BilledBy.FTE_MONTH, rate=one, roles=(per_fte.Role("x", Decimal(0), one),)
        ),
        lambda: per_minute.Rates(table=tier, increment_s=-one),
        lambda: outcome_based.Rates(fee=-one),
        lambda: outcome_based.Rates(fee=one, floor=-2 * one),
        lambda: managed_service.Rates(fee=-one, band_from=one, band_to=one, overage_rate=one),
        lambda: managed_service.Rates(
            fee=one, band_from=one, band_to=one, overage_rate=one, true_down_cap=Decimal(2)
        ),
        lambda: hybrid.Rates(parts=()),
    ):
        with pytest.raises(InvalidInput):
            build()


def test_breaks_are_multiples_of_the_volume():
    assert multiples([50, 100], np.array([100.0, 0.0])).tolist() == [0.5, 1.0]
    assert multiples([], np.array([100.0])).tolist() == []
    assert multiples([50], np.array([0.0])).tolist() == []
    assert no_breaks(months([1]), None).tolist() == []


def test_rounding_up_leaves_whole_figures_whole():
    assert ceil_whole(np.array([2.0000000001, 2.1, 30.000000000000004])).tolist() == [2, 3, 30]
