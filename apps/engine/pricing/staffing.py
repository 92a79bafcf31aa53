"""From intervals to agents, paid hours and FTE; rounded once, at the very end.

Paid time = agents' time / (1 - shrinkage); multiplying by (1 + shrinkage) understaffs. Each
shrinkage names its base: of the time that remains (sequential) or of all paid time (additive).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

import numpy as np
from numpy.typing import ArrayLike

from apps.engine.errors import ConventionRequired, InvalidInput, ScaleError
from apps.engine.numbers import ceil_div, snap
from apps.engine.pricing import erlang
from apps.engine.pricing.erlang_b import Floats
from apps.engine.pricing.workload import Queue, Target

SECONDS_PER_HOUR = 3600
FEWEST_SERVERS = 1e-9  # Erlang A needs some


class ShrinkageBase(Enum):
    SEQUENTIAL = "sequential"
    ADDITIVE = "additive"


def shrinkage(parts: Iterable[Decimal], *, base: ShrinkageBase | None) -> Decimal:
    """Return the share of paid time in which an agent is not available, from its parts."""
    parts = tuple(parts)
    if not isinstance(base, ShrinkageBase):
        raise ConventionRequired("Name the base of the shrinkage: sequential or additive.")
    if any(not 0 <= part < 1 for part in parts):
        raise ScaleError("Give each part of the shrinkage from 0 to below 1.")
    if base is ShrinkageBase.ADDITIVE:
        total = sum(parts, Decimal(0))
    else:
        available = Decimal(1)
        for part in parts:
            available *= 1 - part
        total = 1 - available
    if total >= 1:
        raise ScaleError("Keep the parts of the shrinkage below 1 together.")
    return total


def scheduled(agents: Decimal | int, *, unavailable: Decimal) -> Decimal:
    """Return the agents to schedule so that `agents` are available, unrounded."""
    if not 0 <= unavailable < 1:
        raise ScaleError("Give the shrinkage from 0 to below 1.")
    return agents / (1 - unavailable)


@dataclass(frozen=True, kw_only=True)
class Staffing:
    """Hours of one period: what agents work, what is paid, and the people it takes."""

    logged_in_hours: Decimal
    paid_hours: Decimal
    fte: Decimal

    @property
    def heads(self) -> int:
        """Whole people, rounded up once."""
        return ceil_div(self.fte, 1)


def fte(  # noqa: PLR0913 -- each convention is named
    agents: Sequence[int] | Floats,
    *,
    interval_s: int,
    parts: Iterable[Decimal],
    base: ShrinkageBase | None,
    contract_hours: Decimal,
    minimum_seats: int = 0,
    inefficiency: Decimal = Decimal(1),
) -> Staffing:
    """Return hours and FTE for agents (T,) per interval; contract hours cover the same period.

    `inefficiency` is scheduled over required time: shifts never fit the curve exactly.
    """
    if inefficiency < 1 or contract_hours <= 0:
        raise ScaleError("Give an inefficiency of 1 or more and contract hours above 0.")
    manned = np.maximum(np.asarray(agents, dtype=float), minimum_seats)
    logged_in = snap(manned.sum()) * interval_s / SECONDS_PER_HOUR * inefficiency
    paid = scheduled(logged_in, unavailable=shrinkage(parts, base=base))
    return Staffing(logged_in_hours=logged_in, paid_hours=paid, fte=paid / contract_hours)


def offered_load(queue: Queue, *, interval_s: int, volume: ArrayLike, handle: ArrayLike) -> Floats:
    """Return erlangs (..., T) when volume and handle time are multiplied by factors (...,)."""
    scale = np.asarray(volume, dtype=float) * np.asarray(handle, dtype=float)
    load: Floats = scale[..., None] * queue.week * (float(queue.aht_s) / interval_s)
    return load


def required(
    queue: Queue,
    *,
    interval_s: int,
    volume: ArrayLike = 1.0,
    handle: ArrayLike = 1.0,
    whole: bool = True,
) -> Floats:
    """Return the agents (..., T) that meet target, occupancy ceiling and minimum seats.

    An agent with several contacts at a time counts as that many servers. Work that can wait is
    levelled: its agents follow from the load and the ceiling alone, and are real numbers.
    With `whole` False every figure is real and continuous, with the half server that rounding up
    adds on average.
    """
    volumes, places = queue.distinct
    scale = np.asarray(volume, dtype=float) * np.asarray(handle, dtype=float)
    load: Floats = scale[..., None] * volumes * (float(queue.aht_s) / interval_s)
    if queue.target is None:
        agents = load / (float(queue.max_occupancy) * queue.concurrency)
    else:
        agents = _agents(queue, queue.target, load, handle, whole=whole)
    seated: Floats = np.maximum(agents[..., places], queue.seats)
    return seated


def _agents(
    queue: Queue, target: Target, load: Floats, handle: ArrayLike, *, whole: bool
) -> Floats:
    find = erlang.agents if whole else erlang.real_agents
    servers = find(
        load,
        aht_s=float(queue.aht_s) * np.asarray(handle, dtype=float)[..., None],
        sl=float(target.share),
        target_s=float(target.seconds),
        max_occupancy=float(queue.max_occupancy),
    )
    if whole:
        return erlang.ceil_whole(servers / queue.concurrency)
    rounding = np.where(load > 0, 0.5 + (queue.concurrency - 1) / 2, 0.0)
    agents: Floats = (servers + rounding) / queue.concurrency
    return agents


def served(
    queue: Queue,
    agents: Floats,
    *,
    interval_s: int,
    volume: ArrayLike = 1.0,
    handle: ArrayLike = 1.0,
    model: erlang.Model = erlang.Model.ERLANG_C,
) -> erlang.Performance:
    """Return how the agents (..., T) serve each interval; too few of them give the limits."""
    if queue.target is None:
        raise InvalidInput("Work that can wait has no service level.")
    load = offered_load(queue, interval_s=interval_s, volume=volume, handle=handle)
    servers = agents * queue.concurrency
    aht = float(queue.aht_s) * np.asarray(handle, dtype=float)[..., None]
    target, definition = float(queue.target.seconds), queue.target.definition
    if model is erlang.Model.ERLANG_C:
        return erlang.c(
            load, servers, aht_s=aht, target_s=target, sl_definition=definition, bounds=True
        )
    if queue.patience_s is None:
        raise ConventionRequired("Give the patience of callers for Erlang A.")
    return erlang.a(
        load,
        np.maximum(servers, FEWEST_SERVERS),
        aht_s=aht,
        target_s=target,
        patience_s=float(queue.patience_s),
        sl_definition=definition,
    )


def weighted(queue: Queue, figures: Floats) -> Floats:
    """Return the mean (...,) over a week of figures (..., T), weighted by volume."""
    mean: Floats = figures @ queue.week / queue.week.sum()
    return mean
