"""What a quote costs when volume, handle time, attrition, index or currency come out otherwise.

One vectorised evaluation serves volume sweeps, tornado and simulation. Contacts and prices are
the same formulas as in the exact total. Staffed hours follow the exact hours of each month,
scaled by how the Erlang requirement moves: real-valued agents on a grid of volume and handle
time, interpolated in logarithms. While a ramp lasts its own effect on that scaling is neglected.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

import numpy as np

from apps.engine.cashflow import MONTHS_PER_YEAR, discount_factors
from apps.engine.pricing.cost import Months, QueueMonths
from apps.engine.pricing.demand import Demand, QueueDemand
from apps.engine.pricing.erlang_b import Floats
from apps.engine.pricing.quote import ChargedFor, IndexKind, OrderBy
from apps.engine.pricing.staffing import required
from apps.engine.pricing.tco import dated, double_running

VOLUME_NODES, HANDLE_NODES = 17, 5
MARGIN = 1e-3
CHUNK = 512  # scenarios at a time: a column of 60 months stays in the cache


@dataclass(frozen=True, kw_only=True, eq=False)
class Scenarios:
    """S ways in which it may come out; everything not given stays at its base.

    `volume`, `handle` and `attrition` (S,) multiply; `index` (S,) replaces the terms' index;
    `currencies` (S, M) multiply exchange rates; `kpis` (S,) by vendor and KPI.
    """

    volume: Floats
    handle: Floats
    attrition: Floats
    index: Floats | None = None
    currencies: Mapping[str, Floats] = field(default_factory=dict)
    kpis: Mapping[tuple[str, str], Floats] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        *,
        volume: Floats | float = 1.0,
        handle: Floats | float = 1.0,
        attrition: Floats | float = 1.0,
        index: Floats | None = None,
        currencies: Mapping[str, Floats] | None = None,
    ) -> "Scenarios":
        """Build scenarios from what differs; arrays broadcast against one another."""
        given = [volume, handle, attrition] + ([] if index is None else [index])
        size = np.broadcast_shapes(
            *(np.shape(values) for values in given),
            *((len(path),) for path in (currencies or {}).values()),
            (1,),
        )
        return cls(
            volume=np.broadcast_to(volume, size),
            handle=np.broadcast_to(handle, size),
            attrition=np.broadcast_to(attrition, size),
            index=None if index is None else np.broadcast_to(index, size),
            currencies=currencies or {},
        )

    def __len__(self) -> int:
        return len(self.volume)

    def chunks(self) -> "Iterator[tuple[slice, Scenarios]]":
        for first in range(0, len(self), CHUNK):
            here = slice(first, first + CHUNK)
            yield (
                here,
                Scenarios(
                    volume=self.volume[here],
                    handle=self.handle[here],
                    attrition=self.attrition[here],
                    index=None if self.index is None else self.index[here],
                    currencies={code: path[here] for code, path in self.currencies.items()},
                    kpis={name: values[here] for name, values in self.kpis.items()},
                ),
            )


class Surface:
    """Weekly agent-intervals of a queue against multiples of volume and handle time."""

    def __init__(self, demand: QueueDemand, scenarios: Scenarios) -> None:
        volumes = np.array([min(demand.volume), max(demand.volume)], dtype=float)
        reach = volumes * [scenarios.volume.min(), scenarios.volume.max()]
        reach = np.maximum(reach, reach.max() * MARGIN)
        span = np.array([scenarios.handle.min(), scenarios.handle.max()])
        self.volume = _axis(np.append(reach, volumes[volumes > 0]), VOLUME_NODES)
        self.handle = _axis(np.append(span, 1.0), HANDLE_NODES)
        v, h = np.meshgrid(np.exp(self.volume), np.exp(self.handle), indexing="ij")
        agents = required(
            demand.queue, interval_s=demand.workload.interval_s, volume=v, handle=h, whole=False
        )
        self.log_agents = np.log(agents.sum(axis=-1)).ravel()

    def log(self, volume: Floats, handle: Floats) -> Floats:
        """Return ln of the agent-intervals; volume (S, D) and handle (S, 1), not logarithms."""
        i, along = _place(self.volume, np.log(np.maximum(volume, np.exp(self.volume[0]))))
        j, across = _place(self.handle, np.log(handle))
        corner, values, row = i * HANDLE_NODES + j, self.log_agents, HANDLE_NODES
        low = values[corner] * (1 - across) + values[corner + 1] * across
        high = values[corner + row] * (1 - across) + values[corner + row + 1] * across
        mixed: Floats = low + (high - low) * along
        return mixed


def _axis(values: Floats, nodes: int) -> Floats:
    return np.linspace(np.log(values.min()) - MARGIN, np.log(values.max()) + MARGIN, nodes)


def _place(axis: Floats, values: Floats) -> tuple[np.ndarray[tuple[int, ...], np.dtype[np.intp]], Floats]:
    steps = (values - axis[0]) / (axis[1] - axis[0])
    node = np.clip(steps.astype(np.intp), 0, len(axis) - 2)
    return node, steps - node


class QueueCurve:
    """One queue's quantities as floats, for any scenarios."""

    def __init__(self, demand: QueueDemand, scenarios: Scenarios) -> None:
        self.demand = demand
        self.contacts = demand.contacts.astype(float)
        aht = demand.aht_s.astype(float)
        self.aht_s = aht[:1] if np.all(aht == aht[0]) else aht
        self._reach = scenarios

    @cached_property
    def surface(self) -> Surface:
        return Surface(self.demand, self._reach)

    @cached_property
    def hours(self) -> Floats:
        return self.demand.logged_in_hours.astype(float)

    def months(self, scenarios: Scenarios) -> QueueMonths:
        return QueueMonths(
            name=self.demand.queue.name,
            contacts=scenarios.volume[:, None] * self.contacts,
            aht_s=scenarios.handle[:, None] * self.aht_s,
            concurrency=self.demand.queue.concurrency,
            handle_time=self.demand.workload.handle_time,
            staffed=lambda: self._staffed(scenarios),
        )

    def _staffed(self, scenarios: Scenarios) -> Floats:
        volumes = np.array(self.demand.volume, dtype=float)
        distinct, places = np.unique(volumes, return_inverse=True)
        handle = scenarios.handle[:, None]
        there = self.surface.log(scenarios.volume[:, None] * distinct, handle)
        here = self.surface.log(distinct[None, :], np.ones((1, 1)))
        ratio = np.exp(there - here)
        hours: Floats = self.hours * (ratio if len(distinct) == 1 else ratio[:, places])
        return hours


class Evaluator:
    """The cost of every quote under scenarios, in the basis that orders quotes."""

    def __init__(self, demands: Sequence[Demand], scenarios: Scenarios) -> None:
        """`scenarios` bound what will be asked: the grids cover their range and no more."""
        self.curves: dict[tuple[object, ...], QueueCurve] = {}
        self.priced = [_Priced(demand) for demand in demands]
        self.keys = [
            [self._curve(queue, scenarios) for queue in demand.queues] for demand in demands
        ]

    def _curve(self, queue: QueueDemand, scenarios: Scenarios) -> tuple[object, ...]:
        """Quotes with the same handle time, ramp and repeats share their quantities."""
        key = (queue.queue.name, queue.queue.aht_s, queue.volume, queue.handle, queue.inefficiency)
        if key not in self.curves:
            self.curves[key] = QueueCurve(queue, scenarios)
        return key

    def costs(self, scenarios: Scenarios) -> Floats:
        """Return costs (Q, S)."""
        found = np.empty((len(self.priced), len(scenarios)))
        for here, chunk in scenarios.chunks():
            months = {key: curve.months(chunk) for key, curve in self.curves.items()}
            for place, (priced, keys) in enumerate(zip(self.priced, self.keys, strict=True)):
                found[place, here] = priced.cost(tuple(months[key] for key in keys), chunk)
        return found


class _Priced:
    """One quote with everything about its cost that no scenario changes."""

    def __init__(self, demand: Demand) -> None:
        quote, terms = demand.quote, demand.terms
        self.demand, self.quote, months = demand, quote, terms.months
        self.weights = np.ones(months)
        if terms.order_by is OrderBy.PRESENT_VALUE:
            factors = discount_factors(
                months, rate=terms.nominal_discount_rate, timing=terms.timing
            )
            self.weights = np.array(factors, dtype=float)
        self.exchanged = self.weights * np.array(quote.exchange.monthly(months), dtype=float)
        self.starts = np.arange(0, months, MONTHS_PER_YEAR)
        once = [*quote.one_offs, *([quote.exit] if quote.exit else [])]
        self.once = sum((dated(o, months).astype(float) for o in once), np.zeros(months))
        costs = quote.buyer_costs
        running = double_running(costs.double_running_months, months).astype(float)
        own = float(costs.governance_per_month) + running * float(costs.internal_cost_per_month)
        self.own = float(own @ self.weights)

    def cost(self, queues: tuple[QueueMonths, ...], scenarios: Scenarios) -> Floats:
        months = self._months(queues, scenarios)
        paid = self.quote.model.cost(months, self.quote.rates).amount
        weights = self.exchanged
        path = scenarios.currencies.get(self.quote.currency)
        if path is not None:
            weights = weights * path
        else:
            weights = weights[None, :]
        total = self._indexed(paid, weights, scenarios) + (weights * self.once).sum(axis=-1)
        if self.quote.training is not None:
            total = total + (weights * self._training(months, scenarios)).sum(axis=-1)
        found: Floats = total + self.own
        return found

    def _months(self, queues: tuple[QueueMonths, ...], scenarios: Scenarios) -> Months:
        drawn = {
            expectation.kpi: scenarios.kpis[self.quote.vendor, expectation.kpi][:, None]
            for expectation in self.quote.performance
            if (self.quote.vendor, expectation.kpi) in scenarios.kpis
        }
        return Months(
            queues=queues,
            exact=False,
            unavailable=self.quote.unavailable,
            fte_hours=self.demand.fte_hours,
            resolved=self.quote.first_contact_resolution,
            kpis=drawn or self.demand.kpi_points,
            expected=(lambda values: values) if drawn else np.mean,
        )

    def _indexed(self, paid: Floats, weights: Floats, scenarios: Scenarios) -> Floats:
        """Sum over months at prices that rise every contract year."""
        years = np.arange(len(self.starts))
        rise = self._rise(scenarios)
        if len(weights) == 1 and len(rise) == 1:
            steady: Floats = paid @ (weights[0] * np.repeat(rise[0] ** years, 12)[: len(weights[0])])
            return steady
        by_year = np.add.reduceat(paid * weights, self.starts, axis=-1)
        moved: Floats = (by_year * rise**years).sum(axis=-1)
        return moved

    def _rise(self, scenarios: Scenarios) -> Floats:
        """1 + yearly rise, (S, 1) where the index is drawn and matters, else (1, 1)."""
        indexation, index = self.quote.indexation, scenarios.index
        if indexation.kind is not IndexKind.INDEX or index is None:
            return np.array([[1 + float(indexation.yearly(self.demand.terms.indexation))]])
        cap = np.inf if indexation.rate is None else float(indexation.rate)
        rise: Floats = 1 + np.minimum(index, cap)[:, None]
        return rise

    def _training(self, months: Months, scenarios: Scenarios) -> Floats:
        training = self.quote.training
        assert training is not None  # noqa: S101 -- asked only where there is training
        people = months.fte
        growth = np.maximum(np.diff(people, axis=-1, prepend=0.0), 0.0)
        rate = float(self.quote.attrition_per_year / MONTHS_PER_YEAR)
        replaced = people * (rate * scenarios.attrition)[:, None]
        hired = {
            ChargedFor.GROWTH: growth,
            ChargedFor.ATTRITION: replaced,
            ChargedFor.ALL: growth + replaced,
        }[training.charged_for]
        paid: Floats = hired * float(training.hours_per_hire * training.rate)
        return paid


def grid(low: Decimal, high: Decimal, nodes: int) -> Floats:
    return np.linspace(float(low), float(high), nodes)
