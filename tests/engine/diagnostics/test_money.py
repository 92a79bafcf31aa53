"""What the formulas over money say at their edges: missing inputs, warnings, refusals."""

from decimal import Decimal

import pytest

from apps.engine.diagnostics import DIAGNOSTICS
from apps.engine.diagnostics.revenue_recovery import Agent, shrunken
from apps.engine.diagnostics.revenue_recovery import band as recovery_band
from apps.engine.errors import InvalidInput
from apps.engine.numbers import text
from tests.engine.diagnostics.examples import INPUTS, codes, refused, run

# Callback cost


def test_callbacks_that_are_never_resolved_are_refused():
    error = refused("callback_cost", returning=1, resolved_callback=0)
    assert error.path == "inputs.resolved_callback"


def test_the_share_resolved_has_an_interval_where_its_sample_is_named():
    found = run("callback_cost", "resolved_callback", "issues", sample=400)
    plain = run("callback_cost", "resolved_callback", "issues")
    assert found.interval.lo < found.value < found.interval.hi
    assert plain.interval is None
    assert codes(found) == ["callbacks_taken_as_resolved"]
    assert codes(plain) == ["callbacks_taken_as_resolved", "interval_needs_sample"]
    assert codes(run("callback_cost", resolved_callback="0.9", sample=400)) == []


# Revenue leakage


def test_fewer_cancellations_after_failures_stay_negative_and_are_shown_as_zero():
    found = run("revenue_leakage", failed_cancelled=8)
    # (.02 - .04) x 500 x 300
    assert found.figures["resolution_estimate"].value == Decimal(-3000)
    assert found.figures["resolution"].value == 0
    assert found.value == Decimal(42400 - 9000 - 3000)
    assert found.warnings == ({"code": "negative_estimate_shown_as_zero", "part": "resolution"},)


def test_margin_lost_and_cost_wasted_stand_apart_each_with_its_interval():
    found = run("revenue_leakage").figures
    margin = [found[f"margin_lost{end}"].value for end in ("_low", "", "_high")]
    parts = ("abandonment", "resolution", "opportunity")
    assert margin == sorted(margin)
    for end, total in (("low", margin[0]), ("high", margin[2])):
        assert text(total) == text(sum(found[f"{part}_{end}"].value for part in parts))
    assert [found[f"cost_wasted{end}"].value for end in ("_low", "", "_high")] == [27000] * 3
    waste = DIAGNOSTICS["revenue_leakage"].run({"wasted_minutes": 120, "hour_cost": 30})
    assert "margin_lost" not in waste.figures


def test_leakage_needs_at_least_one_kind_of_loss():
    with pytest.raises(InvalidInput) as caught:
        DIAGNOSTICS["revenue_leakage"].run({})
    assert caught.value.path == "inputs"


def test_repeat_contacts_are_counted_or_estimated_but_not_both():
    both = refused("revenue_leakage", unresolved_share="0.1", extra_each="1.5")
    neither = refused("revenue_leakage", "contacts")
    assert (both.path, neither.path) == ("inputs.contacts", "inputs.contacts")
    assert refused("revenue_leakage", contacts=9000).path == "inputs.issues"


def test_manual_work_alone_is_an_operational_loss():
    found = DIAGNOSTICS["revenue_leakage"].run({"wasted_minutes": 120, "hour_cost": 30})
    assert (found.value, found.figures["manual_work"].value) == (60, 60)
    assert "repeat_cost" not in found.figures


def test_lost_revenue_of_zero_has_no_share_with_an_open_ticket():
    found = run("revenue_leakage", revenue_lost=0, revenue_lost_open_ticket=0)
    assert found.figures["open_ticket_share_of_lost_revenue"].value is None
    error = refused("revenue_leakage", revenue_lost_open_ticket=50001)
    assert error.path == "inputs.revenue_lost_open_ticket"


def test_an_abandonment_without_contacts_loses_nothing():
    rows = [{"contacts": 0, "recovered": 0, "margin": 5}]
    found = DIAGNOSTICS["revenue_leakage"].run({"abandoned_chatbot": rows})
    assert found.figures["abandoned_chatbot"].value == 0


# Revenue recovery


def test_a_recovery_rate_succeeds_strictly_above_30_per_cent():
    assert [recovery_band(Decimal(x)) for x in ("0.300000001", "0.3")] == ["succeeding", "short"]


def test_without_a_control_group_the_rate_is_not_shown():
    found = run(
        "revenue_recovery", "control", "control_margin", "control_deviation", "treated_deviation"
    )
    assert (found.value, found.band, found.interval) == (None, None, None)
    assert found.guide.value == Decimal("0.6")
    assert codes(found) == ["control_group_missing"]


def test_without_deviations_a_rate_has_no_interval():
    found = run("revenue_recovery", "control_deviation", "treated_deviation")
    assert (found.value, found.interval) == (Decimal("0.4"), None)
    assert codes(found) == ["interval_needs_sample"]


def test_the_guide_needs_gross_revenue():
    found = run("revenue_recovery", "recovered_revenue", "expansion_revenue")
    assert (found.guide.value, found.figures["gross_revenue"].value) == (None, None)


def test_a_cost_of_zero_is_refused():
    error = refused("revenue_recovery", cost=0)
    assert str(error) == "inputs.cost: Give a figure above 0: the rate divides by it."


def test_agents_with_few_customers_are_left_out_and_counted():
    rows = [
        {"customers": 100, "margin": 10, "deviation": 20},
        {"customers": 29, "margin": 90, "deviation": 20},
        {"customers": 100, "margin": 14, "deviation": 20},
    ]
    found = run("revenue_recovery", agents=rows)
    assert [name for name in found.figures if name.startswith("agent_")] == ["agent_1", "agent_3"]
    assert found.warnings == ({"code": "agents_with_few_customers", "agents": 1, "wanted": 30},)
    only_few = run("revenue_recovery", agents=rows[1:2])
    assert [name for name in only_few.figures if name.startswith("agent_")] == []


def test_agents_are_shrunk_towards_their_mean_by_hand():
    # variances 4 and 4; mean 12; Q = 2, tau2 = (2 - 1) / (.5 - .125 / .5) = 4; half of each gap
    two = [Agent(100, Decimal(10), Decimal(20)), Agent(100, Decimal(14), Decimal(20))]
    assert shrunken(two) == (Decimal(11), Decimal(13))


def test_agents_who_differ_less_than_chance_get_the_mean_of_all():
    two = [Agent(100, Decimal(12), Decimal(20)), Agent(100, Decimal(13), Decimal(20))]
    assert shrunken(two) == (Decimal("12.5"), Decimal("12.5"))
    assert shrunken(two[:1]) == (Decimal(12),)


def test_agents_measured_without_error_are_not_shrunk():
    exact = [Agent(100, Decimal(10), Decimal(0)), Agent(100, Decimal(14), Decimal(20))]
    assert shrunken(exact) == (Decimal(10), Decimal(14))


# ROI


def test_the_present_value_by_hand():
    found = run(
        "roi",
        outsourced_cost=4000000,
        coverage_value=0,
        one_off_cost=500000,
        years=2,
        discount_rate="0.25",
        timing="end",
    )
    # 1,000,000 a year: 800,000 + 640,000 - 500,000
    assert found.figures["present_value"].value == Decimal(940000)
    assert found.figures["years_to_recover"].value == Decimal("0.5")
    assert codes(found) == []


def test_a_one_off_cost_is_paid_back_by_saving_and_capability_together():
    found = run(
        "roi", one_off_cost=4600000, years=1, discount_rate="0.15", timing="end"
    )  # 2,000,000 saved and 300,000 of coverage a year
    assert found.figures["years_to_recover"].value == 2
    assert found.figures["present_value"].value == Decimal(2000000 - 4600000)


def test_the_timing_of_the_present_value_is_named():
    error = refused("roi", years=2, discount_rate="0.1")
    assert error.path == "inputs.timing"
    sooner = run(
        "roi", outsourced_cost=4000000, coverage_value=0, years=2, discount_rate="0.25", timing="t0"
    )
    assert sooner.figures["present_value"].value == Decimal(1800000)


def test_a_one_off_cost_that_nothing_pays_back_is_never_recovered():
    dearer = run("roi", outsourced_cost=6000000, coverage_value=0, one_off_cost=100)
    assert dearer.figures["years_to_recover"].value is None
    assert run("roi", one_off_cost=0).figures["years_to_recover"].value == 0
    assert codes(run("roi")) == ["one_off_cost_not_shown", "present_value_not_shown"]


@pytest.mark.parametrize("name", ["internal_cost", "outsourced_cost"])
def test_a_cost_that_roi_divides_by_is_above_0(name):
    assert refused("roi", **{name: 0}).path == f"inputs.{name}"


# Location


def rows(**changes):
    onshore, offshore = INPUTS["location_comparison"]["locations"]
    return [onshore, offshore | changes]


def test_a_rate_outside_the_dated_prior_is_flagged_and_not_refused():
    found = run("location_comparison", locations=rows(hourly_rate=11))
    assert found.warnings == (
        {"code": "offshore_rate_outside_dated_prior", "low": "40", "high": "60"},
    )
    assert run("location_comparison").warnings == ()
    assert (
        run("location_comparison", locations=rows(location="nearshore", hourly_rate=1)).warnings
        == ()
    )


def test_equal_costs_go_to_the_nearer_location():
    onshore, _ = INPUTS["location_comparison"]["locations"]
    same = [onshore | {"location": "offshore"}, onshore]
    assert run("location_comparison", locations=same).band == "onshore"


def test_the_transition_is_spread_over_the_resolved_contacts():
    moved = run("location_comparison", locations=rows(transition=50000))
    # 50,000 over 100,000 contacts
    assert text(moved.value) == "3.703163618"
    assert text(run("location_comparison").value) == "3.203163618"


def test_a_free_baseline_leaves_no_share():
    onshore, offshore = INPUTS["location_comparison"]["locations"]
    found = run("location_comparison", locations=[onshore | {"hourly_rate": 0}, offshore])
    assert (found.guide.value, found.warnings) == (None, ())


def test_locations_are_named_once_and_the_baseline_is_one_of_them():
    onshore, _ = INPUTS["location_comparison"]["locations"]
    assert refused("location_comparison", locations=[onshore, onshore]).path == (
        "inputs.locations[1].location"
    )
    assert refused("location_comparison", locations=[onshore]).path == "inputs.locations"
    assert refused("location_comparison", baseline="in_house").path == "inputs.baseline"
