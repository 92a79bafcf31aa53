"""Sums up the staffing of a queue over the term: agents, hours, occupancy, service level."""

from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from apps.engine.pricing import erlang
from apps.engine.pricing.demand import QueueDemand
from apps.engine.pricing.erlang_b import Floats
from apps.engine.pricing.staffing import offered_load, served, weighted

ZERO = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class Level:
    """Weighted by volume over all intervals of the term."""

    service_level: float
    abandonment: float
    asa_s: float


@dataclass(frozen=True, kw_only=True)
class StaffedQueue:
    name: str
    contacts: Decimal
    handled_hours: Decimal  # agents' hours spent on contacts
    logged_in_hours: Decimal
    agents_peak: float
    agents_mean: float  # over the open intervals
    load_peak: float  # erlangs
    erlang_c: Level | None  # None where the work can wait
    erlang_a: Level | None  # None without a patience

    @property
    def occupancy(self) -> Decimal:
        """Handling over logged-in time."""
        return self.handled_hours / self.logged_in_hours


def staffed(demand: QueueDemand) -> StaffedQueue:
    agents, queue = demand.weekly_agents, demand.queue
    hours = demand.workload.interval_hours * demand.weeks
    load = offered_load(
        queue,
        interval_s=demand.workload.interval_s,
        volume=np.array(demand.volume, dtype=float),
        handle=np.array(demand.handle, dtype=float),
    )
    opened = np.array(queue.open)
    live = queue.target is not None
    return StaffedQueue(
        name=queue.name,
        contacts=sum(demand.contacts, ZERO),
        handled_hours=sum(demand.contacts * demand.aht_s, ZERO) / (3600 * queue.concurrency),
        logged_in_hours=Decimal(repr(float(agents.sum()))) * hours,
        agents_peak=float(agents.max()),
        agents_mean=float(agents[:, opened].mean()),
        load_peak=float(load.max()),
        erlang_c=_level(demand, agents, erlang.Model.ERLANG_C) if live else None,
        erlang_a=(
            _level(demand, agents, erlang.Model.ERLANG_A)
            if live and queue.patience_s is not None
            else None
        ),
    )


def _level(demand: QueueDemand, agents: Floats, model: erlang.Model) -> Level:
    volume = np.array(demand.volume, dtype=float)
    performance = served(
        demand.queue,
        agents,
        interval_s=demand.workload.interval_s,
        volume=volume,
        handle=np.array(demand.handle, dtype=float),
        model=model,
    )
    weights = volume / volume.sum()

    def over_term(figures: Floats) -> float:
        return float(weights @ weighted(demand.queue, figures))

    return Level(
        service_level=over_term(performance.service_level),
        abandonment=over_term(performance.abandonment),
        asa_s=over_term(performance.asa_s),
    )
