"""Distributions, dependence, common random numbers, and what simulations sum up to."""

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.engine.errors import InvalidInput, ScaleError
from apps.engine.pricing.distributions import Beta, Lognormal, Pert, Triangular
from apps.engine.pricing.evaluate import Evaluator
from apps.engine.pricing.expectation import expected_points, lattice
from apps.engine.pricing.quote import Expectation
from apps.engine.pricing.scenarios import Scenarios
from apps.engine.pricing.tco import total_cost
from apps.engine.pricing.uncertainty import (
    Uncertainty,
    currency_path,
    draw,
    simulate,
    tornado,
    volatilities,
)
from tests.engine.pricing.offers import PER_CONTACT, PER_HOUR, case, costs, quote, values
from tests.engine.pricing.quantities import RATES

SHARES = np.linspace(0, 1, 1001)[1:-1]
VOLUME = Pert(0.8, 1.0, 1.3)
AHT = Triangular(0.9, 1.0, 1.2)


# Distributions

ANY = [
    Triangular(2, 3, 7),
    Triangular(2, 2, 7),
    Triangular(2, 7, 7),
    Pert(2, 3, 7),
    Pert(2, 7, 7),
    Lognormal(1.5, 0.3),
    Beta(-0.1, 0.2, 2, 3),
]


@pytest.mark.parametrize("distribution", ANY)
def test_quantiles_rise_and_stay_inside(distribution):
    values = distribution.quantile(SHARES)
    assert (np.diff(values) >= 0).all()
    assert values.min() >= getattr(distribution, "low", 0)
    assert values.max() <= getattr(distribution, "high", np.inf)


@pytest.mark.parametrize(
    ("distribution", "mean", "variance"),
    [
        (Triangular(2, 3, 7), 4, 7 / 6),
        (Pert(2, 3, 7), 3.5, (9 / 7) * 5 / 7 * 5**2 / 7 / 9),
        (Lognormal(1.5, 0.3), 1.5 * np.exp(0.045), None),
        (Beta(-0.1, 0.2, 2, 3), -0.1 + 0.3 * 2 / 5, 0.3**2 * 6 / (25 * 6)),
    ],
)
def test_moments_are_the_closed_forms(distribution, mean, variance):
    values = distribution.quantile((np.arange(100_000) + 0.5) / 100_000)
    assert values.mean() == pytest.approx(mean, rel=1e-4)
    if isinstance(distribution, Pert):
        a, b = 1 + 4 / 5, 1 + 16 / 5
        variance = 25 * a * b / ((a + b) ** 2 * (a + b + 1))
    if variance is not None:
        assert values.var() == pytest.approx(variance, rel=1e-3)


def test_a_distribution_without_width_is_a_figure():
    for distribution in (Triangular(3, 3, 3), Pert(3, 3, 3), Lognormal(3, 0), Beta(3, 3, 1, 1)):
        assert distribution.quantile(SHARES) == pytest.approx(3)


@pytest.mark.parametrize(
    "build",
    [
        lambda: Triangular(2, 1, 3),
        lambda: Pert(2, 4, 3),
        lambda: Lognormal(0, 1),
        lambda: Lognormal(1, -1),
        lambda: Beta(1, 0, 1, 1),
        lambda: Beta(0, 1, 0, 1),
    ],
)
def test_distributions_that_are_none_are_refused(build):
    with pytest.raises(ScaleError):
        build()


# Expected bonuses


@pytest.mark.parametrize("dimensions", [1, 2, 5, 12])
def test_the_lattice_is_even_in_every_direction(dimensions):
    points = lattice(dimensions)
    assert points.shape == (4096, dimensions)
    assert points.min() > 0
    assert points.max() < 1
    assert points.mean(axis=0) == pytest.approx(0.5, abs=2e-3)
    assert (points**2).mean(axis=0) == pytest.approx(1 / 3, abs=3e-3)


def test_expected_points_follow_the_expectation():
    kpi = Expectation(kpi="csat", low=Decimal(3), likely=Decimal(4), high=Decimal(5))
    points = expected_points([kpi])
    assert points["csat"].mean() == pytest.approx(4, abs=1e-3)
    assert expected_points([]) == {}


# Draws


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


def test_the_same_seed_gives_the_same_bytes_and_another_one_others():
    served = demands(PER_HOUR, FOREIGN, JUDGED)
    first, again, other = (draw(uncertainty(seed=seed), served) for seed in (11, 11, 12))
    assert first.volume.tobytes() == again.volume.tobytes()
    assert first.kpis["Orbis", "csat"].tobytes() == again.kpis["Orbis", "csat"].tobytes()
    assert first.currencies["USD"].tobytes() == again.currencies["USD"].tobytes()
    assert first.volume.tobytes() != other.volume.tobytes()


def test_dependence_reaches_the_draws_and_keeps_their_margins():
    drawn = draw(uncertainty(draws=20_000), demands(PER_HOUR))
    ranks = [np.argsort(np.argsort(values)) for values in (drawn.volume, drawn.handle)]
    spearman = np.corrcoef(ranks)[0, 1]
    assert spearman == pytest.approx(6 / np.pi * np.arcsin(0.3), abs=0.02)
    assert drawn.volume.mean() == pytest.approx((0.8 + 4 + 1.3) / 6, abs=3e-3)
    assert drawn.attrition.tolist() == [1] * 20_000
    assert drawn.index is None


@pytest.mark.parametrize(
    "change",
    [
        {"distributions": {"weather": VOLUME}},
        {"correlations": (("volume", "weather", 0.1),)},
        {"correlations": (("volume", "volume", 0.1),)},
        {"correlations": (("volume", "aht", 1.0),)},
        {
            "correlations": (
                ("volume", "aht", 0.9),
                ("aht", "index", 0.9),
                ("volume", "index", -0.9),
            )
        },
    ],
)
def test_uncertainty_that_contradicts_itself_is_refused(change):
    with pytest.raises(InvalidInput):
        uncertainty(**change)


def test_exchange_rates_wander_without_drift():
    path = currency_path(np.random.default_rng(0).standard_normal(200_000), 0.2, 24)
    assert path.shape == (200_000, 24)
    assert path.mean(axis=0) == pytest.approx(1, abs=2e-3)
    assert (np.diff(path.std(axis=0)) > 0).all()


def test_one_currency_has_one_volatility():
    calm = quote(FOREIGN, id="calm", fx={"rate": "0.9"})
    other = quote(FOREIGN, id="other", fx={"rate": "0.9", "volatility": "0.3"})
    assert set(volatilities(demands(FOREIGN, calm, PER_HOUR))) == {"USD"}
    with pytest.raises(InvalidInput):
        volatilities(demands(FOREIGN, other))


# Evaluation


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


# Sums


def test_a_simulation_by_hand():
    costs_by_draw = np.array([[1.0, 2.0, 3.0, 4.0], [2.0, 2.0, 2.0, 2.0]])
    found = simulate(lambda _: costs_by_draw, Scenarios.of(volume=np.ones(4)))
    assert found.mean.tolist() == [2.5, 2]
    assert found.p50.tolist() == [2.5, 2]
    assert found.cheapest.tolist() == [0.375, 0.625]  # the tie is shared
    assert found.cvar95.tolist() == [4, 2]
    assert found.regret.largest.tolist() == [2, 1]
    assert found.standard_error == pytest.approx([np.std([1, 2, 3, 4], ddof=1) / 2, 0])


def test_figures_of_a_simulation_are_in_order():
    served = demands(PER_HOUR, PER_CONTACT, FOREIGN)
    scenarios = draw(uncertainty(), served)
    found = simulate(Evaluator(served, scenarios).costs, scenarios)
    for low, high in (
        (found.p5, found.p50),
        (found.p50, found.p95),
        (found.p95, found.cvar95),
        (found.regret.expected, found.regret.largest),
    ):
        assert (low <= high).all()
    assert found.cheapest.sum() == pytest.approx(1)


def test_the_tornado_moves_one_input_at_a_time():
    served = demands(PER_HOUR, PER_CONTACT, FOREIGN)
    asked = uncertainty(
        distributions={
            "volume": VOLUME,
            "aht": AHT,
            "attrition": Lognormal(1, 0.3),
            "index": Beta(0, 0.1, 2, 2),
        }
    )
    evaluator = Evaluator(served, draw(asked, served))
    bars = {bar.name: bar for bar in tornado(evaluator.costs, asked, served)}
    assert list(bars) == ["volume", "aht", "attrition", "index", "USD"]
    base = evaluator.costs(Scenarios.of())[:, 0]
    assert (bars["volume"].low < base).all()
    assert (bars["volume"].high > base).all()
    assert bars["aht"].low[1] == pytest.approx(base[1])  # contacts do not get longer
    assert bars["USD"].high[:2] == pytest.approx(base[:2])
    assert bars["USD"].high[2] > base[2]
    certain = uncertainty(distributions={"aht": AHT})
    assert [bar.name for bar in tornado(evaluator.costs, certain, served)] == ["aht", "USD"]
    low, high = VOLUME.quantile(np.array([0.1, 0.9]))
    assert (bars["volume"].low_input, bars["volume"].high_input) == (low, high)
