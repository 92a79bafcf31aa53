"""The quantities of a quote, month by month: contacts, handle time, staffed hours.

Exact months are what invoices are made of: whole agents in every interval of the typical week.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

import numpy as np

from apps.engine.numbers import snap
from apps.engine.pricing.cost import Column, Months, QueueMonths
from apps.engine.pricing.erlang_b import Floats
from apps.engine.pricing.expectation import expected_points
from apps.engine.pricing.quote import Quote, Terms
from apps.engine.pricing.staffing import required
from apps.engine.pricing.workload import Queue, Workload

ONE = Decimal(1)


@dataclass(frozen=True, eq=False)
class QueueDemand:
    """One queue as one vendor serves it: its own handle time, its repeats, its ramp."""

    queue: Queue  # with the vendor's handle time
    workload: Workload
    volume: tuple[Decimal, ...]  # multiples of the typical week, by month
    handle: tuple[Decimal, ...]  # multiples of the handle time, by month
    weeks: Decimal  # per month
    inefficiency: Decimal

    @cached_property
    def contacts(self) -> Column:
        weekly = self.queue.weekly_contacts
        return decimals(weekly * self.weeks * volume for volume in self.volume)

    @cached_property
    def aht_s(self) -> Column:
        return decimals(self.queue.aht_s * handle for handle in self.handle)

    @cached_property
    def weekly_agents(self) -> Floats:
        """Whole agents (M, T) in every interval of each month's typical week."""
        pairs = np.array([self.volume, self.handle], dtype=float).T
        distinct, places = np.unique(pairs, axis=0, return_inverse=True)
        agents = required(
            self.queue,
            interval_s=self.workload.interval_s,
            volume=distinct[:, 0],
            handle=distinct[:, 1],
        )
        return agents[places.ravel()]

    @cached_property
    def logged_in_hours(self) -> Column:
        hours = self.workload.interval_hours * self.weeks * self.inefficiency
        return decimals(snap(agents) * hours for agents in self.weekly_agents.sum(axis=1))


@dataclass(frozen=True, eq=False)
class Demand:
    """What a quote has to serve over the term."""

    quote: Quote
    workload: Workload
    terms: Terms
    queues: tuple[QueueDemand, ...]

    @cached_property
    def months(self) -> Months:
        """Exact quantities."""
        return Months(
            queues=tuple(self._exact(queue) for queue in self.queues),
            exact=True,
            unavailable=self.quote.unavailable,
            fte_hours=self.fte_hours,
            resolved=self.quote.first_contact_resolution,
            kpis=self.kpi_points,
            expected=lambda values: snap(float(np.mean(values))),
        )

    @property
    def fte_hours(self) -> Decimal:
        return self.quote.contract_hours_per_week * self.terms.weeks_per_month

    @cached_property
    def kpi_points(self) -> dict[str, Floats]:
        return expected_points(self.quote.performance)

    def _exact(self, demand: QueueDemand) -> QueueMonths:
        return QueueMonths(
            name=demand.queue.name,
            contacts=demand.contacts,
            aht_s=demand.aht_s,
            concurrency=demand.queue.concurrency,
            handle_time=self.workload.handle_time,
            staffed=lambda: demand.logged_in_hours,
        )


def demand(quote: Quote, workload: Workload, terms: Terms) -> Demand:
    """Put one quote's own figures on the buyer's workload."""
    repeats = workload.repeats(quote.first_contact_resolution)
    volume = tuple(factor * repeats for factor in workload.volume_factors(terms.months))
    handle = tuple(ONE / productivity for productivity in quote.ramp.productivity(terms.months))
    return Demand(
        quote=quote,
        workload=workload,
        terms=terms,
        queues=tuple(
            QueueDemand(
                queue=replace(queue, aht_s=quote.handle_time(queue.name, queue.aht_s)),
                workload=workload,
                volume=volume,
                handle=handle,
                weeks=terms.weeks_per_month,
                inefficiency=quote.inefficiency,
            )
            for queue in workload.queues
        ),
    )


def decimals(figures: Iterable[Decimal]) -> Column:
    """Exact numbers as an array of objects."""
    return np.array(tuple(figures), dtype=object)
