"""What the scores and gates say at their edges: bands, missing inputs, warnings, refusals."""

from decimal import Decimal

import pytest

from apps.engine.diagnostics.ai_efficiency import band as ai_band
from apps.engine.diagnostics.diagnostic import Interval
from apps.engine.diagnostics.interaction_score import band as interaction_band
from apps.engine.errors import InvalidInput, ScaleError, WeightsError
from tests.engine.diagnostics.examples import codes, refused, run


def test_an_interval_runs_from_its_lower_to_its_upper_end():
    with pytest.raises(InvalidInput):
        Interval(Decimal(2), Decimal(1))
    assert Interval(None, Decimal(1)).lo is None


# AI efficiency


def test_the_ai_index_is_high_above_75_and_low_below_40():
    found = [
        ai_band(Decimal(x), worsened=False) for x in ("75.000000001", "75", "40", "39.999999999")
    ]
    assert found == ["high", "middle", "middle", "low"]
    assert ai_band(Decimal(90), worsened=True) == "middle"


def test_satisfaction_that_fell_for_certain_caps_the_ai_index_at_middle():
    high = {
        "solved_by_ai": 600,
        "intents": [{"contacts": 100, "before": 400, "after": 200}],
        "satisfaction_anchor": 100,
    }
    sample = {
        "sample_before": 400,
        "deviation_before": 10,
        "sample_after": 300,
        "deviation_after": 10,
    }
    fell = run("ai_efficiency", **high, **sample, satisfaction_before=70, satisfaction_after=65)
    # 40 + 35 + 25 x 95/200 = 86.875
    assert (fell.value, fell.band) == (Decimal("86.875"), "middle")
    assert codes(fell) == ["satisfaction_fell_band_capped"]
    held = run("ai_efficiency", **high, **sample, satisfaction_before=70, satisfaction_after=70)
    assert (held.band, codes(held)) == ("high", [])


def test_a_small_sample_and_a_missing_one_are_told():
    few = {
        "sample_before": 199,
        "deviation_before": 10,
        "sample_after": 300,
        "deviation_after": 10,
    }
    assert run("ai_efficiency", **few).warnings == (
        {"code": "few_observations", "least": 199, "wanted": 200},
    )
    assert codes(run("ai_efficiency")) == ["interval_needs_sample"]


def test_an_ai_index_without_a_part_has_bounds_and_a_band_only_where_they_agree():
    found = run("ai_efficiency", "satisfaction_before", "satisfaction_after")
    assert (found.value, found.band, found.guide.value) == (None, None, None)
    assert {"code": "part_not_shown", "part": "satisfaction"} in found.warnings
    idle = run(
        "ai_efficiency",
        "satisfaction_before",
        "satisfaction_after",
        solved_by_ai=0,
        intents=[{"contacts": 1, "before": 300, "after": 300}],
    )
    assert (idle.value, idle.band) == (None, "low")


def test_half_a_group_of_inputs_is_refused_at_its_hole():
    assert refused("ai_efficiency", "eligible").path == "inputs.eligible"
    assert refused("ai_efficiency", sample_after=300).path == "inputs.sample_before"


def test_more_solved_contacts_than_eligible_ones_are_refused():
    error = refused("ai_efficiency", solved_by_ai=1001)
    assert str(error) == "inputs.solved_by_ai: Give at most 1000, the figure of eligible."


def test_intents_without_handle_time_before_are_refused():
    rows = [{"contacts": 0, "before": 300, "after": 200}]
    assert refused("ai_efficiency", intents=rows).path == "inputs.intents"


def test_slower_handling_earns_no_points_and_not_less():
    slower = run("ai_efficiency", intents=[{"contacts": 1, "before": 300, "after": 360}])
    assert slower.figures["handle_time_points"].value == 0
    assert slower.figures["handle_time_reduction"].value == Decimal("-0.2")


# Interaction score


def test_an_interaction_leaks_strictly_below_40():
    assert [interaction_band(Decimal(x)) for x in ("40", "39.9999999999", "39.99")] == [
        "stable",
        "stable",  # printed with nine decimals it is 40
        "active_leakage",
    ]


def test_the_interaction_score_runs_from_1_to_100():
    best = {"loss_probability": 0, "sentiment_before": -1, "sentiment_after": 1, "minutes": 0}
    assert run("interaction_score", **best).value == 100
    worst = {
        "loss_probability": 1,
        "customer_value": 9000,
        "sentiment_before": 1,
        "sentiment_after": -1,
        "resolved": "no",
    }
    assert run("interaction_score", **worst).value == 1


def test_an_unresolved_interaction_needs_no_minutes():
    found = run("interaction_score", "minutes", "usual_minutes", resolved="no")
    assert found.figures["speed"].value == 0


def test_an_interaction_with_a_missing_part_has_bounds_alone():
    found = run("interaction_score", "minutes", "usual_minutes")
    assert (found.value, found.band) == (None, "stable")
    assert (found.interval.lo, found.interval.hi) == (Decimal("52.975"), Decimal("82.675"))
    assert found.warnings == ({"code": "part_not_shown", "part": "speed"},)


def test_weights_of_the_interaction_score_add_up_to_1():
    own = run("interaction_score", weight_risk=1, weight_sentiment=0, weight_speed=0)
    assert own.value == Decimal("75.25")
    error = refused("interaction_score", weight_risk=1, weight_sentiment=1, weight_speed=0)
    assert isinstance(error, WeightsError)
    assert error.path == "inputs.weight_risk"


# Service quality


def test_what_weakens_the_gate_is_told():
    assert codes(
        run("service_quality", "controls", "controls_tested", "probe_seconds", "probe_places")
    ) == [
        "probe_slower_than_60_seconds_or_not_named",
        "probed_from_fewer_than_2_places_or_not_named",
        "audit_without_number_of_controls",
    ]
    slow = run("service_quality", "controls", probe_seconds=61, probe_places=1)
    assert codes(slow) == [
        "probe_slower_than_60_seconds_or_not_named",
        "probed_from_fewer_than_2_places_or_not_named",
    ]
    assert run("service_quality").warnings == (
        {"code": "controls_tested", "tested": 60, "of": 114},
    )


def test_a_penalty_without_a_cap_is_the_sum_and_without_a_schedule_is_none():
    assert run("service_quality", "penalty_cap").figures["penalty"].value == 3000
    assert run("service_quality", "credits").figures["penalty"].value is None


def test_a_breach_leaves_no_bound_on_the_rate_and_fails():
    found = run("service_quality", breaches=1)
    assert found.figures["breaches_a_month_at_most"].value is None
    assert found.warnings[:2] == (
        {"code": "check_failed", "check": "breaches"},
        {"code": "breach_gives_right_to_terminate"},
    )


def test_more_minutes_down_than_there_are_is_refused():
    assert refused("service_quality", down_minutes=43201).path == "inputs.down_minutes"


# Channel switch


def test_the_threshold_is_read_in_points_or_relative_as_named():
    # .74 of all, .60 of those who switched: 14 points, 18.9 per cent
    counts = {"stayed_resolved": 620, "switched_resolved": 120}
    points = run("channel_switch", **counts)
    relative = run("channel_switch", **counts, reading="relative")
    assert (points.value, points.band, points.unit) == (14, "holding", "percentage points")
    assert (round(relative.value, 6), relative.band, relative.unit) == (
        Decimal("18.918919"),
        "damaging",
        "percent",
    )


def test_a_drop_of_exactly_the_threshold_holds():
    assert run("channel_switch", threshold=24).band == "holding"
    assert run("channel_switch", threshold="23.999999999").band == "damaging"


def test_a_threshold_inside_the_interval_and_few_issues_are_told():
    found = run("channel_switch", switched=29, switched_resolved=17)
    assert found.warnings == (
        {"code": "interval_holds_the_threshold"},
        {"code": "few_observations", "least": 29, "wanted": 30},
    )
    assert run("channel_switch").warnings == ()


def test_no_resolved_issue_at_all_is_refused():
    error = refused("channel_switch", stayed_resolved=0, switched_resolved=0)
    assert isinstance(error, ScaleError)
    assert error.path == "inputs.stayed_resolved"
