"""Staffing truth test and cost floor: the agents that a price pays for, against the promise.

Agents paid for come from the bid (promised FTE) and from the price (vendor income over the
lowest defensible cost of a paid hour); the fewer of the two count. They are rostered in
proportion to the need of each interval, which is kind to the bid. Service level by Erlang C and,
where a patience is given, Erlang A; weighted by volume over the average month after ramp-up.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

import numpy as np

from apps.engine.numbers import snap
from apps.engine.pricing import erlang
from apps.engine.pricing.cost import Part
from apps.engine.pricing.demand import QueueDemand
from apps.engine.pricing.erlang_b import Floats
from apps.engine.pricing.scenarios import Scenarios
from apps.engine.pricing.staffing import required, served, weighted
from apps.engine.pricing.tco import TotalCost

ZERO = Decimal(0)
VOLUME_NODES, HANDLE_NODES = 17, 7
PRICE_PARTS = (Part.RUN, Part.SHORTFALL, Part.PERFORMANCE)
MARGIN = 1e-6


class Source(Enum):
    """Where the agents paid for come from."""

    PROMISE = "promise"
    PRICE = "price"


@dataclass(frozen=True, kw_only=True)
class Funding:
    """Agents in FTE: needed for the service level, promised by the bid, paid for by its price."""

    needed_fte: Decimal
    promised_fte: Decimal | None
    price_fte: Decimal | None
    price_per_paid_hour: Decimal  # vendor income per paid hour needed, the quote's currency
    floor_per_paid_hour: Decimal | None

    @property
    def paid_fte(self) -> Decimal | None:
        known = [fte for fte in (self.promised_fte, self.price_fte) if fte is not None]
        return min(known) if known else None

    @property
    def source(self) -> Source:
        return Source.PROMISE if self.paid_fte == self.promised_fte else Source.PRICE

    @property
    def below_floor(self) -> bool:
        """The price does not cover the lowest defensible cost of the agents it needs."""
        floor = self.floor_per_paid_hour
        return floor is not None and self.price_per_paid_hour < floor

    @property
    def short(self) -> bool:
        return self.paid_fte is not None and self.paid_fte < self.needed_fte


@dataclass(frozen=True, kw_only=True)
class QueueTruth:
    """One live queue, served by the agents that the price pays for."""

    name: str
    promised: float
    erlang_c: float
    erlang_a: float | None
    reached: float | None  # chance of the promise by Erlang C; None without simulation
    reached_a: float | None


@dataclass(frozen=True, kw_only=True)
class Truth:
    funding: Funding
    queues: tuple[QueueTruth, ...]
    reached: float | None  # chance that every queue keeps its promise, by Erlang C


def sla(cost: TotalCost, scenarios: Scenarios | None = None) -> Truth:
    """Judge one priced quote; with scenarios, also the chance of keeping its promise."""
    found = funding(cost)
    if found.paid_fte is None or not found.needed_fte:
        return Truth(funding=found, queues=(), reached=None)
    cover = float(found.paid_fte / found.needed_fte)
    rosters = [
        Roster(demand, cover) for demand in cost.demand.queues if demand.queue.target is not None
    ]
    kept = None
    if scenarios is not None and rosters:
        kept = float(
            np.mean(np.all([r.keeps(scenarios, erlang.Model.ERLANG_C) for r in rosters], axis=0))
        )
    return Truth(
        funding=found,
        queues=tuple(roster.truth(scenarios) for roster in rosters),
        reached=kept,
    )


def funding(cost: TotalCost) -> Funding:
    demand = cost.demand
    quote, months = demand.quote, demand.terms.months
    income = sum((cost.parts.get(part, ZERO) for part in PRICE_PARTS), ZERO)
    income /= months * quote.exchange.rate
    needed = needed_hours(cost)
    floor = quote.floor_cost_per_paid_hour
    return Funding(
        needed_fte=needed / demand.fte_hours,
        promised_fte=quote.promised_fte,
        price_fte=None if floor is None else income / floor / demand.fte_hours,
        price_per_paid_hour=income / needed,
        floor_per_paid_hour=floor,
    )


def needed_hours(cost: TotalCost) -> Decimal:
    """Paid hours of the average month after ramp-up."""
    hours = ZERO
    for demand in cost.demand.queues:
        agents = required(
            demand.queue, interval_s=demand.workload.interval_s, volume=average_volume(demand)
        )
        weekly = snap(float(agents.sum())) * demand.workload.interval_hours
        hours += weekly * demand.weeks * demand.inefficiency
    return hours / (1 - cost.demand.quote.unavailable)


def average_volume(demand: QueueDemand) -> float:
    return float(sum(demand.volume, ZERO) / len(demand.volume))


class Roster:
    """The agents of one queue, as many as the price pays for, in every interval of the week."""

    def __init__(self, demand: QueueDemand, cover: float) -> None:
        self.queue, self.interval_s = demand.queue, demand.workload.interval_s
        self.volume = average_volume(demand)
        self.agents = cover * required(self.queue, interval_s=self.interval_s, volume=self.volume)

    def level(self, volume: Floats, handle: Floats, model: erlang.Model) -> Floats:
        """Return the service level (...,) when volume and handle time are multiplied."""
        performance = served(
            self.queue,
            self.agents,
            interval_s=self.interval_s,
            volume=self.volume * volume,
            handle=handle,
            model=model,
        )
        return weighted(self.queue, performance.service_level)

    def keeps(self, scenarios: Scenarios, model: erlang.Model) -> Floats:
        """Return for every scenario (S,) whether the promise is kept, interpolated on a grid."""
        volumes = _nodes(scenarios.volume, VOLUME_NODES)
        handles = _nodes(scenarios.handle, HANDLE_NODES)
        v, h = np.meshgrid(volumes, handles, indexing="ij")
        level = _bilinear(
            self.level(v, h, model), volumes, handles, scenarios.volume, scenarios.handle
        )
        return np.asarray(level >= self.promised, dtype=np.float64)

    @property
    def promised(self) -> float:
        return float(self.queue.target.share) if self.queue.target else 0.0

    def truth(self, scenarios: Scenarios | None) -> QueueTruth:
        one = np.ones(())
        patient = self.queue.patience_s is not None

        def chance(model: erlang.Model) -> float | None:
            return None if scenarios is None else float(self.keeps(scenarios, model).mean())

        c, a = erlang.Model.ERLANG_C, erlang.Model.ERLANG_A
        return QueueTruth(
            name=self.queue.name,
            promised=self.promised,
            erlang_c=float(self.level(one, one, c)),
            erlang_a=float(self.level(one, one, a)) if patient else None,
            reached=chance(c),
            reached_a=chance(a) if patient else None,
        )


def _nodes(values: Floats, count: int) -> Floats:
    return np.linspace(values.min() * (1 - MARGIN), values.max() * (1 + MARGIN), count)


def _bilinear(values: Floats, xs: Floats, ys: Floats, x: Floats, y: Floats) -> Floats:
    """Interpolate values (X, Y) on evenly spaced axes at points (S,)."""
    px, py = (x - xs[0]) / (xs[1] - xs[0]), (y - ys[0]) / (ys[1] - ys[0])
    i = np.clip(px.astype(np.intp), 0, len(xs) - 2)
    j = np.clip(py.astype(np.intp), 0, len(ys) - 2)
    a, b = px - i, py - j
    low = values[i, j] * (1 - b) + values[i, j + 1] * b
    high = values[i + 1, j] * (1 - b) + values[i + 1, j + 1] * b
    mixed: Floats = low * (1 - a) + high * a
    return mixed
