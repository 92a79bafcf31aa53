"""Worse inputs never improve a score; missing ones widen it."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.engine.diagnostics import DIAGNOSTICS
from tests.engine.diagnostics.examples import INPUTS

BEYOND = Decimal("0.000000001")
UP, DOWN = 1, -1

# Diagnostic, input, which way is better for the input, which way for the value.
TOWARDS = [
    ("ai_efficiency", "solved_by_ai", UP, UP, st.integers(0, 1000)),
    ("ai_efficiency", "satisfaction_after", UP, UP, st.integers(0, 100)),
    ("ai_efficiency", "satisfaction_before", DOWN, UP, st.integers(0, 100)),
    ("interaction_score", "loss_probability", DOWN, UP, st.decimals(0, 1, places=3)),
    ("interaction_score", "customer_value", DOWN, UP, st.integers(0, 3000)),
    ("interaction_score", "sentiment_after", UP, UP, st.decimals(-1, 1, places=3)),
    ("interaction_score", "minutes", DOWN, UP, st.integers(0, 60)),
    ("callback_cost", "resolved_first", UP, DOWN, st.decimals(0, 1, places=3)),
    ("callback_cost", "returning", DOWN, DOWN, st.decimals(0, 1, places=3)),
    ("callback_cost", "contact_cost", DOWN, DOWN, st.integers(0, 100)),
    ("revenue_leakage", "failed_cancelled", DOWN, DOWN, st.integers(0, 400)),
    ("revenue_leakage", "accepted", UP, DOWN, st.integers(0, 2000)),
    ("revenue_leakage", "wasted_minutes", DOWN, DOWN, st.integers(0, 10**6)),
    ("revenue_recovery", "treated_margin", UP, UP, st.integers(-50, 50)),
    ("revenue_recovery", "control_margin", DOWN, UP, st.integers(-50, 50)),
    ("channel_switch", "switched_resolved", UP, DOWN, st.integers(0, 200)),
    ("roi", "internal_cost", UP, UP, st.integers(1, 10**7)),
    ("roi", "outsourced_cost", DOWN, UP, st.integers(1, 10**7)),
    ("roi", "deflection_value", UP, UP, st.integers(0, 10**6)),
]


@pytest.mark.parametrize(
    ("slug", "name", "better", "wanted", "values"),
    TOWARDS,
    ids=[f"{slug}-{name}" for slug, name, *_ in TOWARDS],
)
@given(data=st.data())
def test_a_worse_input_never_improves_the_value(slug, name, better, wanted, values, data):
    one, other = sorted((data.draw(values), data.draw(values)), key=lambda value: value * better)
    worse, best = (
        DIAGNOSTICS[slug].run(INPUTS[slug] | {name: str(value)}).value for value in (one, other)
    )
    assert (best - worse) * wanted >= -BEYOND


@pytest.mark.parametrize(
    ("name", "worse"), [("down_minutes", 5), ("audit_score", 99), ("breaches", 1)]
)
def test_any_deviation_fails_the_gate_whatever_else_is_missing(name, worse):
    diagnostic = DIAGNOSTICS["service_quality"]
    complete = INPUTS["service_quality"]
    partners = {"down_minutes": {"period_minutes": 43200}}.get(name, {})
    assert diagnostic.run(complete).band == "passed"
    assert diagnostic.run(complete | {name: worse}).band == "failed"
    assert diagnostic.run({name: worse} | partners).band == "failed"


def test_a_gate_without_all_its_figures_is_not_shown():
    complete = INPUTS["service_quality"]
    for name in ("audit_score", "breaches"):
        without = {key: raw for key, raw in complete.items() if key != name}
        finding = DIAGNOSTICS["service_quality"].run(without)
        assert finding.band == "not_shown"
        assert {"code": "check_not_shown", "check": name.removesuffix("_score")} in finding.warnings


GROUPS = [
    ("ai_efficiency", ("eligible", "solved_by_ai")),
    ("ai_efficiency", ("intents",)),
    ("ai_efficiency", ("satisfaction_before", "satisfaction_after")),
    ("interaction_score", ("loss_probability", "customer_value", "high_value")),
    ("interaction_score", ("sentiment_before", "sentiment_after")),
    ("interaction_score", ("resolved", "minutes", "usual_minutes")),
    ("interaction_score", ("minutes", "usual_minutes")),
    ("revenue_leakage", ("abandoned_waiting", "abandoned_ivr")),
    (
        "revenue_leakage",
        (
            "failed",
            "failed_followed",
            "failed_cancelled",
            "resolved_followed",
            "resolved_cancelled",
            "lifetime_margin",
        ),
    ),
    ("revenue_leakage", ("eligible", "accepted", "attainable_rate", "offer_margin")),
    (
        "revenue_leakage",
        ("wasted_minutes", "hour_cost", "issues", "contacts", "contact_cost"),
    ),
]


@pytest.mark.parametrize(("slug", "names"), GROUPS)
def test_a_missing_part_widens_the_interval_on_both_sides(slug, names):
    whole = DIAGNOSTICS[slug].run(INPUTS[slug]).interval
    fewer = {name: raw for name, raw in INPUTS[slug].items() if name not in names}
    part = DIAGNOSTICS[slug].run(fewer).interval
    assert part.lo is None or part.lo <= whole.lo
    assert part.hi is None or part.hi >= whole.hi
