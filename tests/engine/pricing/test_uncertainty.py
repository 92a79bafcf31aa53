"""Dependence, common random numbers, and what simulations sum up to."""

import numpy as np
import pytest

from apps.engine.errors import InvalidInput
from apps.engine.pricing.distributions import Beta, Lognormal, Pert, Triangular
from apps.engine.pricing.evaluate import Evaluator
from apps.engine.pricing.scenarios import Scenarios
from apps.engine.pricing.uncertainty import (
    Uncertainty,
    currency_path,
    draw,
    simulate,
    tornado,
    volatilities,
)
from tests.engine.pricing.offers import PER_CONTACT, PER_HOUR, case, costs, quote

VOLUME = Pert(0.8, 1.0, 1.3)
AHT = Triangular(0.9, 1.0, 1.2)


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
