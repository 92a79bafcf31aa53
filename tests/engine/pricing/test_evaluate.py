"""What quotes cost under scenarios: exact at base, close to a recomputation elsewhere."""

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.engine.pricing.distributions import Pert, Triangular
from apps.engine.pricing.evaluate import Evaluator
from apps.engine.pricing.scenarios import Scenarios
from apps.engine.pricing.tco import total_cost
from apps.engine.pricing.uncertainty import (
    Uncertainty,
    draw,
)
from tests.engine.pricing.offers import PER_CONTACT, PER_HOUR, case, costs, quote, values
from tests.engine.pricing.quantities import RATES

VOLUME = Pert(0.8, 1.0, 1.3)
AHT = Triangular(0.9, 1.0, 1.2)


def uncertainty(**changes):
    options = {
        "draws": 4000,
        "seed": 11,
        "distributions": {"volume": VOLUME, "aht": AHT},
        "correlations": (("volume", "aht", 0.6),),
        **changes,
    }
    return Uncertainty(**options)


def demands(*quotes, **changes):
    return [cost.demand for cost in costs(case(quotes=[*quotes], **changes))]


FOREIGN = quote(PER_CONTACT, id="usd", currency="USD", fx={"rate": "0.9", "volatility": "0.1"})
JUDGED = quote(
    PER_CONTACT,
    id="kpi",
    model="outcome_based",
    rates={
        "fee": "10000",
        "kpis": [{"kpi": "csat", "target": "4", "slope_above": "0.1", "slope_below": "0.2"}],
    },
    performance=[{"kpi": "csat", "low": "3", "likely": "4", "high": "4.5"}],
)


@pytest.mark.parametrize("slug", sorted(RATES))
@given(st.data())
@settings(max_examples=6)
def test_at_base_the_evaluation_is_the_exact_total(slug, data):
    raw = quote(
        PER_CONTACT,
        model=slug,
        rates=data.draw(RATES[slug]),
        first_contact_resolution="0.7",
        ramp={"start": "0.6", "months": "2"},
        attrition_per_year="0.4",
        training={"hours_per_hire": "80", "rate": "12", "charged_for": "all"},
        one_offs=[{"name": "set-up", "amount": "1234.56", "month": 1}],
        exit={"amount": "99"},
        indexation={"kind": "index", "rate": "0.03"},
        currency="USD",
        fx={"rate": "0.9", "yearly": ["0.9", "1.1"]},
        buyer_costs={
            "governance_per_month": "10",
            "double_running_months": "1.5",
            "internal_cost_per_month": "777",
        },
    )
    seasons = [str(1 + Decimal(month) / 50) for month in range(12)]
    for order_by in ("present_value", "total"):
        (found,) = costs(
            case(
                quotes=[raw],
                terms={"indexation": "0.05", "order_by": order_by},
                workload={"growth_per_year": "0.07", "seasonality": seasons},
            )
        )
        ((evaluated,),) = Evaluator([found.demand], Scenarios.of()).costs(Scenarios.of())
        wanted = found.present_value if order_by == "present_value" else found.total
        assert evaluated == pytest.approx(float(wanted), abs=0.05 * len(found.lines) * 24)


@pytest.mark.parametrize(("volume", "handle"), [(0.6, 0.9), (1.0, 1.15), (1.4, 1.0), (1.4, 1.15)])
def test_moved_staffing_stays_close_to_an_exact_recomputation(volume, handle):
    """A grid of real-valued agents against whole agents computed anew."""
    workload, terms, (offer,) = values(case(quotes=[PER_HOUR]))
    found = total_cost(offer, workload, terms)
    reach = Scenarios.of(volume=np.array([0.5, 1.5]), handle=np.array([0.85, 1.2]))
    ((moved,),) = Evaluator([found.demand], reach).costs(Scenarios.of(volume=volume, handle=handle))
    (queue,) = workload.queues
    louder = replace(
        queue,
        volumes=tuple(v * Decimal(str(volume)) for v in queue.volumes),
        aht_s=queue.aht_s * Decimal(str(handle)),
    )
    anew = total_cost(offer, replace(workload, queues=(louder,)), terms)
    assert moved == pytest.approx(float(anew.present_value), rel=0.03)


def test_contact_prices_move_exactly_with_volume():
    (found,) = costs(case(quotes=[PER_CONTACT]))
    factors = np.array([0.5, 0.75, 2.0])
    reach = Scenarios.of(volume=factors)
    (moved,) = Evaluator([found.demand], reach).costs(reach)
    assert moved == pytest.approx(factors * float(found.present_value), rel=1e-6)


def test_index_attrition_and_currency_move_what_they_should():
    indexed = quote(PER_CONTACT, id="indexed", indexation={"kind": "index", "rate": "0.04"})
    staffed = quote(
        id="staffed",
        attrition_per_year="0.5",
        training={"hours_per_hire": "100", "rate": "10", "charged_for": "attrition"},
    )
    served = demands(indexed, staffed, FOREIGN)
    evaluator = Evaluator(served, Scenarios.of())
    base = evaluator.costs(Scenarios.of())[:, 0]
    high = evaluator.costs(Scenarios.of(index=np.array([0.04, 0.09])))
    assert high[0, 0] == pytest.approx(high[0, 1])  # capped
    assert high[0, 0] > base[0]
    assert high[1:, 0] == pytest.approx(base[1:])
    twice = evaluator.costs(Scenarios.of(attrition=2.0))[:, 0]
    assert twice[0] == pytest.approx(base[0])
    assert twice[1] > base[1]
    dollar = evaluator.costs(Scenarios.of(currencies={"USD": np.full((1, 24), 1.5)}))[:, 0]
    assert dollar == pytest.approx(base * [1, 1, 1.5])


def test_an_index_without_cap_is_followed():
    (found,) = demands(quote(PER_CONTACT, indexation={"kind": "index"}))
    evaluator = Evaluator([found], Scenarios.of())
    low, high = evaluator.costs(Scenarios.of(index=np.array([0.0, 0.5])))[0]
    assert high > 1.2 * low


def test_drawn_kpis_average_to_the_expected_bonus():
    (found,) = demands(JUDGED)
    evaluator = Evaluator([found], Scenarios.of())
    drawn = draw(Uncertainty(draws=20_000, seed=3), [found])
    (scattered,) = evaluator.costs(drawn)
    ((expected,),) = evaluator.costs(Scenarios.of())
    assert scattered.std() > 0
    assert scattered.mean() == pytest.approx(expected, rel=2e-3)


def test_long_simulations_are_cut_into_chunks_that_change_nothing():
    served = demands(PER_HOUR, PER_CONTACT, FOREIGN, JUDGED)
    scenarios = draw(uncertainty(), served)
    evaluator = Evaluator(served, scenarios)
    whole = evaluator.costs(scenarios)
    evaluator.chunk = 999
    assert evaluator.costs(scenarios) == pytest.approx(whole, rel=1e-12)
