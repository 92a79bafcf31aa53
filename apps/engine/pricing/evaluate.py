"""What every quote costs under scenarios, in one vectorised evaluation.

Volume sweeps, tornado and simulation share it. Contacts and prices are the formulas of the exact
total. Staffed hours are the exact hours of each month, scaled by how the Erlang requirement
moves; the effect of a ramp on that scaling is neglected. Months of one contract year that are
alike in volume and handle time are priced once and weighted by their discount factors.
"""

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from apps.engine.cashflow import MONTHS_PER_YEAR, discount_factors
from apps.engine.pricing.cost import Months, QueueMonths
from apps.engine.pricing.demand import Demand, QueueDemand
from apps.engine.pricing.erlang_b import Floats
from apps.engine.pricing.quote import IndexKind, OrderBy, Terms, Training
from apps.engine.pricing.scenarios import Scenarios
from apps.engine.pricing.surface import Surface
from apps.engine.pricing.tco import dated, double_running, hires

CELLS = 49_152  # of one column: what a few of take up stays in the processor's cache


def month_weights(terms: Terms) -> Floats:
    """Return what 1 in each month counts in the basis that orders quotes."""
    if terms.order_by is OrderBy.TOTAL:
        return np.ones(terms.months)
    factors = discount_factors(terms.months, rate=terms.nominal_discount_rate, timing=terms.timing)
    return np.array(factors, dtype=float)


class Kinds:
    """The different months of a term: D of M."""

    def __init__(self, demand: QueueDemand) -> None:
        months = len(demand.volume)
        years = np.arange(months) // MONTHS_PER_YEAR
        rows = np.array([years, demand.volume, demand.handle], dtype=float).T
        _, first, of_month = np.unique(rows, axis=0, return_index=True, return_inverse=True)
        self.months: NDArray[np.intp] = first  # (D,) the first month of each kind
        self.of_month: NDArray[np.intp] = of_month.ravel()  # (M,)
        self.years: NDArray[np.intp] = years[first]  # (D,)
        self.members = np.zeros((months, len(first)))  # (M, D), 1 where the month is of the kind
        self.members[np.arange(months), self.of_month] = 1.0


class QueueCurve:
    """One queue's quantities as floats (S, D), for any scenarios."""

    def __init__(self, demand: QueueDemand, scenarios: Scenarios) -> None:
        self.demand, self._reach = demand, scenarios
        self.kinds = Kinds(demand)
        self.contacts = demand.contacts[self.kinds.months].astype(float)
        aht = demand.aht_s[self.kinds.months].astype(float)
        self.aht_s = aht[:1] if np.all(aht == aht[0]) else aht

    @cached_property
    def surface(self) -> Surface:
        return Surface(self.demand, self._reach)

    @cached_property
    def volumes(self) -> tuple[Floats, NDArray[np.intp]]:
        """The different volumes among the kinds of months, and each kind's place in them."""
        volumes = np.array(self.demand.volume, dtype=float)[self.kinds.months]
        distinct, places = np.unique(volumes, return_inverse=True)
        return distinct, places

    @cached_property
    def hours(self) -> Floats:
        hours: Floats = self.demand.logged_in_hours[self.kinds.months].astype(float)
        return hours

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
        distinct, places = self.volumes
        there = self.surface.at(scenarios.volume[:, None] * distinct, scenarios.handle)
        here = self.surface.at(distinct[None, :], np.ones(1))
        hours: Floats = there[:, places] * (self.hours / here[0, places])
        return hours


class Evaluator:
    """The cost of every quote under scenarios, in the basis that orders quotes."""

    def __init__(self, demands: Sequence[Demand], scenarios: Scenarios) -> None:
        """`scenarios` bound what will be asked: the grids cover their range and no more."""
        self.curves: dict[tuple[object, ...], QueueCurve] = {}
        self.keys = [
            tuple(self._curve(queue, scenarios) for queue in demand.queues) for demand in demands
        ]
        weights = month_weights(demands[0].terms)
        self.priced = [
            _Priced(demand, self.curves[keys[0]].kinds, weights)
            for demand, keys in zip(demands, self.keys, strict=True)
        ]
        self.chunk = CELLS // max(len(curve.kinds.months) for curve in self.curves.values())

    def _curve(self, queue: QueueDemand, scenarios: Scenarios) -> tuple[object, ...]:
        """Quotes with the same handle time, ramp and repeats share their quantities."""
        key = (queue.queue.name, queue.queue.aht_s, queue.volume, queue.handle, queue.inefficiency)
        if key not in self.curves:
            self.curves[key] = QueueCurve(queue, scenarios)
        return key

    def costs(self, scenarios: Scenarios) -> Floats:
        """Return costs (Q, S)."""
        found = np.empty((len(self.priced), len(scenarios)))
        for here, chunk in scenarios.chunks(self.chunk):
            queues = {key: curve.months(chunk) for key, curve in self.curves.items()}
            shared: dict[object, Months] = {}
            for place, (priced, keys) in enumerate(zip(self.priced, self.keys, strict=True)):
                own = priced.months(tuple(queues[key] for key in keys), chunk)
                # quotes of one vendor often differ in their rates alone: their sums are shared
                months = shared.setdefault((*keys, *priced.basis), own)
                found[place, here] = priced.cost(months, chunk)
        return found


class _Priced:
    """One quote with everything about its cost that no scenario changes."""

    def __init__(self, demand: Demand, kinds: Kinds, weights: Floats) -> None:
        quote, months = demand.quote, demand.terms.months
        self.demand, self.quote, self.kinds = demand, quote, kinds
        self.weights = weights * np.array(quote.exchange.monthly(months), dtype=float)
        once = [*quote.one_offs, *([quote.exit] if quote.exit else [])]
        self.once = sum((dated(o, months).astype(float) for o in once), np.zeros(months))
        costs = quote.buyer_costs
        running = double_running(costs.double_running_months, months).astype(float)
        own = float(costs.governance_per_month) + running * float(costs.internal_cost_per_month)
        self.own = float(own @ weights)

    @property
    def basis(self) -> tuple[object, ...]:
        """What `months` depends on beside the queues."""
        quote = self.quote
        return (
            quote.unavailable,
            quote.contract_hours_per_week,
            quote.first_contact_resolution,
            quote.vendor,
            quote.performance,
        )

    def cost(self, months: Months, scenarios: Scenarios) -> Floats:
        """Return costs (S,): every line by its months' weights, and what is due once."""
        path = scenarios.currencies.get(self.quote.currency)
        weights = self.weights[None, :] if path is None else self.weights * path  # (1|S, M)
        by_kind = (weights @ self.kinds.members) * self._index(scenarios)  # (1|S, D)
        total = (weights @ self.once) + self.own
        for line in self.quote.model.cost(months, self.quote.rates).lines:
            if len(by_kind) == 1:
                total = total + line.amount @ by_kind[0]
            else:
                total = total + (line.amount * by_kind).sum(axis=-1)
        if self.quote.training is not None:
            trained = self._training(months, scenarios, self.quote.training)
            total = total + (weights * trained).sum(axis=-1)
        found: Floats = total
        return found

    def months(self, queues: tuple[QueueMonths, ...], scenarios: Scenarios) -> Months:
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

    def _index(self, scenarios: Scenarios) -> Floats:
        """Return (1 + yearly rise)^years (1|S, D), one for each scenario if the index is drawn."""
        indexation, index = self.quote.indexation, scenarios.index
        if indexation.kind is IndexKind.INDEX and index is not None:
            cap = np.inf if indexation.rate is None else float(indexation.rate)
            rise = 1 + np.minimum(index, cap)[:, None]
        else:
            rise = np.array([[1 + float(indexation.yearly(self.demand.terms.indexation))]])
        yearly = rise ** np.arange(self.kinds.years.max() + 1)
        factors: Floats = yearly[:, self.kinds.years]
        return factors

    def _training(self, months: Months, scenarios: Scenarios, training: Training) -> Floats:
        people = months.fte[:, self.kinds.of_month]
        hired = hires(people, months, self.quote, attrition=scenarios.attrition[:, None])
        paid: Floats = hired * float(training.hours_per_hire * training.rate)
        return paid
