"""The bounds that forms, API schema and messages show: 0 or more, and shares to 1, but for these."""

from collections.abc import Iterator

import pytest

from apps.engine.diagnostics import DIAGNOSTICS
from apps.engine.errors import InvalidInput
from apps.engine.fields import AnyField, Field, Parts, Table, Unit
from apps.engine.matrix.prices import PRICE_FORMULAE
from apps.engine.pricing.models import PRICING_MODELS

BOUNDS = {
    "per_fte roles.agents_per_role": ("0.1", None),
    "per_minute increment_s": ("0", "600"),
    "per_minute minimum_s": ("0", "3600"),
    "outcome_based kpis.target": (None, None),
    "outcome_based kpis.slope_above": (None, None),
    "outcome_based kpis.slope_below": (None, None),
    "outcome_based floor": ("-1", "0"),
    "outcome_based cap": ("0", "1"),
    "hybrid parts.share": ("0.0001", "1"),
    "revenue_leakage failed_followed": ("1", None),
    "revenue_leakage resolved_followed": ("1", None),
    "revenue_leakage eligible": ("1", None),
    "revenue_recovery treated": ("1", None),
    "revenue_recovery treated_margin": (None, None),
    "revenue_recovery control": ("1", None),
    "revenue_recovery control_margin": (None, None),
    "revenue_recovery agents.customers": ("1", None),
    "revenue_recovery agents.margin": (None, None),
    "callback_cost multiple": ("1", None),
    "callback_cost sample": ("1", None),
    "channel_switch stayed": ("1", None),
    "channel_switch switched": ("1", None),
    "channel_switch threshold": ("0", "100"),
    "interaction_score high_value": ("0.01", None),
    "interaction_score sentiment_before": ("-1", "1"),
    "interaction_score sentiment_after": ("-1", "1"),
    "interaction_score usual_minutes": ("0.01", None),
    "ai_efficiency eligible": ("1", None),
    "ai_efficiency satisfaction_before": ("0", "100"),
    "ai_efficiency satisfaction_after": ("0", "100"),
    "ai_efficiency sample_before": ("1", None),
    "ai_efficiency deviation_before": ("0", "100"),
    "ai_efficiency sample_after": ("1", None),
    "ai_efficiency deviation_after": ("0", "100"),
    "ai_efficiency deflection_anchor": ("0.01", "1"),
    "ai_efficiency reduction_anchor": ("0.01", "1"),
    "ai_efficiency satisfaction_anchor": ("1", "100"),
    "service_quality period_minutes": ("1", None),
    "service_quality audit_score": ("0", "100"),
    "service_quality months_observed": ("1", None),
    "service_quality controls": ("1", None),
    "service_quality probe_places": ("1", None),
    "location_comparison locations.handle_seconds": ("1", None),
    "location_comparison locations.occupancy": ("0.01", "1"),
    "location_comparison locations.shrinkage": ("0", "0.9"),
    "location_comparison locations.resolution": ("0.01", "1"),
    "location_comparison locations.governance": ("0", None),
    "location_comparison locations.currency_cost": ("0", None),
    "location_comparison resolved_contacts": ("1", None),
    "roi years": ("1", "30"),
}
ROWS = {
    "per_fte roles": 20,
    "per_minute tiers": 20,
    "per_contact tiers": 20,
    "outcome_based kpis": 20,
    "hybrid parts": 6,
    "revenue_leakage abandoned_waiting": 100,
    "revenue_leakage abandoned_ivr": 100,
    "revenue_leakage abandoned_chatbot": 100,
    "revenue_recovery agents": 500,
    "ai_efficiency intents": 200,
    "service_quality credits": 20,
    "location_comparison locations": 4,
}


def fields(found: tuple[AnyField, ...], above: str) -> Iterator[tuple[str, AnyField]]:
    """Every field by its place, columns of tables after their table."""
    for one in found:
        yield above + one.name, one
        yield from fields(getattr(one, "columns", ()), f"{above}{one.name}.")


DECLARED = dict(
    place
    for registry in (PRICE_FORMULAE, PRICING_MODELS, DIAGNOSTICS)
    for slug, method in registry.items()
    for place in fields(method.fields, f"{slug} ")
)


def declared(bound):
    return None if bound is None else str(bound)


def test_figures_are_nothing_or_more_and_shares_at_most_one_but_for_those_listed():
    found = {
        place: (declared(one.minimum), declared(one.maximum))
        for place, one in DECLARED.items()
        if isinstance(one, Field)
    }
    usual = {place: ("0", "1" if DECLARED[place].unit is Unit.SHARE else None) for place in found}
    assert found == usual | BOUNDS


def test_tables_have_as_many_rows_as_listed():
    assert {
        place: one.most for place, one in DECLARED.items() if isinstance(one, Table | Parts)
    } == ROWS


@pytest.mark.parametrize(
    "place", [place for place, one in DECLARED.items() if isinstance(one, Field)]
)
def test_a_figure_on_its_bound_is_read_and_one_beyond_it_is_refused(place):
    one = DECLARED[place]
    for bound, beyond in ((one.minimum, -1), (one.maximum, 1)):
        if bound is not None:
            assert one.read(str(bound)) == bound
            with pytest.raises(InvalidInput):
                one.read(str(bound + beyond))
