"""What each pricing model charges, by hand; and what its rates may not be."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.engine.errors import ConventionRequired, InvalidInput
from apps.engine.pricing.cost import Part, billed_seconds, multiples, no_breaks
from apps.engine.pricing.erlang import ceil_whole
from apps.engine.pricing.models import PRICING_MODELS
from apps.engine.pricing.models.tiers import Tier, Tiering, TierTable
from apps.engine.pricing.workload import HandleTime
from tests.engine.pricing.quantities import CSAT, KPIS, RATES, RESOLVED, months


def priced(slug, raw, contacts, **options):
    model = PRICING_MODELS[slug]
    return model.cost(months(contacts, kpis=KPIS, **options), model.read_rates(raw))


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
    falling = ((100, "3"), (None, "2"))
    assert [one["code"] for one in table(*falling, minimum="150").facts()] == [
        "minimum_above_first_tier"
    ]
    assert table(*falling, minimum="100").facts() == ()


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
