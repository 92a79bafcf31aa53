"""Simulation with common random numbers, and the tornado.

Every quote sees the same draws, so that differences between quotes are not blurred by chance.
Dependence is a Gaussian copula: correlated normals, mapped through each input's own quantiles.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.random import SFC64, Generator

from apps.engine.cashflow import Timing, year_fractions
from apps.engine.errors import InvalidInput
from apps.engine.pricing import special
from apps.engine.pricing.compare import Regret, regret
from apps.engine.pricing.demand import Demand
from apps.engine.pricing.distributions import Distribution, Pert
from apps.engine.pricing.erlang_b import Floats
from apps.engine.pricing.scenarios import Scenarios

INPUTS = ("volume", "aht", "attrition", "index")
LOW, HIGH = 0.10, 0.90
Z_HIGH = 1.2815515655446004  # normal quantile of HIGH
TAIL = 0.05


@dataclass(frozen=True, kw_only=True)
class Uncertainty:
    """What may come out otherwise; `correlations` between inputs by name."""

    draws: int
    seed: int
    distributions: Mapping[str, Distribution] = field(default_factory=dict)
    correlations: tuple[tuple[str, str, float], ...] = ()

    def __post_init__(self) -> None:
        unknown = {name for pair in self.correlations for name in pair[:2]} - set(INPUTS)
        if unknown or set(self.distributions) - set(INPUTS):
            raise InvalidInput(f"Name uncertain inputs from: {', '.join(INPUTS)}.")
        self.roots()

    def roots(self) -> Floats:
        """Return the Cholesky factor of the correlations between all inputs."""
        matrix = np.eye(len(INPUTS))
        for first, second, correlation in self.correlations:
            i, j = INPUTS.index(first), INPUTS.index(second)
            if i == j or not -1 < correlation < 1:
                raise InvalidInput("Correlate two different inputs, above -1 and below 1.")
            matrix[i, j] = matrix[j, i] = correlation
        try:
            roots = np.asarray(np.linalg.cholesky(matrix), dtype=np.float64)
        except np.linalg.LinAlgError:
            raise InvalidInput("Lower these correlations; together they contradict.") from None
        return roots


def draw(uncertainty: Uncertainty, demands: Sequence[Demand]) -> Scenarios:
    """Return the scenarios of all draws. The order of drawing is fixed: inputs, currencies, KPIs."""
    rng = Generator(SFC64(uncertainty.seed))
    normals = uncertainty.roots() @ rng.standard_normal((len(INPUTS), uncertainty.draws))
    drawn = {
        name: distribution.quantile(special.ndtr(normals[INPUTS.index(name)]))
        for name, distribution in uncertainty.distributions.items()
    }
    one = np.ones(uncertainty.draws)
    return Scenarios(
        volume=drawn.get("volume", one),
        handle=drawn.get("aht", one),
        attrition=drawn.get("attrition", one),
        index=drawn.get("index"),
        currencies={
            code: currency_path(rng.standard_normal(uncertainty.draws), volatility, months)
            for code, (volatility, months) in sorted(volatilities(demands).items())
        },
        kpis={
            name: distribution.quantile(rng.random(uncertainty.draws))
            for name, distribution in sorted(kpi_distributions(demands).items(), key=lambda x: x[0])
        },
    )


def currency_path(z: Floats, volatility: float, months: int) -> Floats:
    """Return factors (S, M) on the exchange rate: exp(-s²t/2 + s·sqrt(t)·Z), of mean 1."""
    years = np.array(year_fractions(months, timing=Timing.MID_MONTH), dtype=float)
    path: Floats = np.exp(volatility * np.sqrt(years) * z[:, None] - volatility**2 * years / 2)
    return path


def volatilities(demands: Sequence[Demand]) -> dict[str, tuple[float, int]]:
    """The volatility of each foreign currency; two quotes may not disagree on one."""
    found: dict[str, tuple[float, int]] = {}
    for demand in demands:
        quote = demand.quote
        if quote.currency == demand.terms.currency or not quote.exchange.volatility:
            continue
        stated = (float(quote.exchange.volatility), demand.terms.months)
        if found.setdefault(quote.currency, stated) != stated:
            raise InvalidInput(f"Give one volatility for {quote.currency} in every quote.")
    return found


def kpi_distributions(demands: Sequence[Demand]) -> dict[tuple[str, str], Distribution]:
    return {
        (demand.quote.vendor, kpi.kpi): Pert(float(kpi.low), float(kpi.likely), float(kpi.high))
        for demand in demands
        for kpi in demand.quote.performance
    }


@dataclass(frozen=True, kw_only=True, eq=False)
class Simulation:
    """Costs over draws, each figure by quote (Q,), in money."""

    mean: Floats
    standard_error: Floats
    p5: Floats
    p50: Floats
    p95: Floats
    cvar95: Floats  # mean of the dearest twentieth
    cheapest: Floats  # share of draws in which the quote is cheapest; ties are shared
    cheapest_error: Floats
    regret: Regret


def simulate(model: Callable[[Scenarios], Floats], scenarios: Scenarios) -> Simulation:
    """Run a model that returns costs (Q, S) over scenarios, and sum up."""
    costs = model(scenarios)
    size = len(scenarios)
    p5, p50, p95 = np.quantile(costs, (TAIL, 0.5, 1 - TAIL), axis=1)
    tail = max(1, round(size * TAIL))
    dearest = np.partition(costs, size - tail, axis=1)[:, size - tail :]
    least = costs == costs.min(axis=0)
    first = (least / least.sum(axis=0)).mean(axis=1)
    return Simulation(
        mean=costs.mean(axis=1),
        standard_error=costs.std(axis=1, ddof=1) / np.sqrt(size),
        p5=p5,
        p50=p50,
        p95=p95,
        cvar95=dearest.mean(axis=1),
        cheapest=first,
        cheapest_error=np.sqrt(first * (1 - first) / size),
        regret=regret(costs),
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class Bar:
    """One input at its P10 and P90, everything else at base: costs by quote (Q,)."""

    name: str
    low_input: float
    high_input: float
    low: Floats
    high: Floats


def tornado(
    model: Callable[[Scenarios], Floats], uncertainty: Uncertainty, demands: Sequence[Demand]
) -> list[Bar]:
    """Return a bar for each uncertain input and each floating currency, in a fixed order."""
    bars = []
    for name in INPUTS:
        if name in uncertainty.distributions:
            ends = uncertainty.distributions[name].quantile(np.array([LOW, HIGH]))
            bars.append(_bar(model, name, ends, _moved(name, ends)))
    for code, (volatility, months) in sorted(volatilities(demands).items()):
        path = currency_path(np.array([-Z_HIGH, Z_HIGH]), volatility, months)
        bars.append(_bar(model, code, path[:, -1], Scenarios.of(currencies={code: path})))
    return bars


def _moved(name: str, ends: Floats) -> Scenarios:
    return Scenarios.of(
        volume=ends if name == "volume" else 1.0,
        handle=ends if name == "aht" else 1.0,
        attrition=ends if name == "attrition" else 1.0,
        index=ends if name == "index" else None,
    )


def _bar(
    model: Callable[[Scenarios], Floats], name: str, ends: Floats, scenarios: Scenarios
) -> Bar:
    costs = model(scenarios)
    return Bar(
        name=name,
        low_input=float(ends[0]),
        high_input=float(ends[1]),
        low=costs[:, 0],
        high=costs[:, 1],
    )
