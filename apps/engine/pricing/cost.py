"""What pricing models take and return: quantities by month in, cost lines by month out.

The same code runs on exact decimals (invoices) and on floats (simulations): a column is an
array whose last axis is the month, of Decimal objects or of float64.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import Enum
from functools import cached_property
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from apps.engine.fields import AnyField
from apps.engine.numbers import snap
from apps.engine.pricing.erlang_b import Floats
from apps.engine.pricing.workload import HandleTime
from apps.engine.reading import Json

Column: TypeAlias = NDArray[Any]
Fact: TypeAlias = Mapping[str, Json]

SECONDS_PER_MINUTE = 60
SECONDS_PER_HOUR = 3600


class Part(Enum):
    """What a cost line is for; the stack of a chart."""

    RUN = "run"
    SHORTFALL = "shortfall"
    PERFORMANCE = "performance"
    INDEXATION = "indexation"
    CURRENCY = "currency"
    TRANSITION = "transition"
    TRAINING = "training"
    GOVERNANCE = "governance"
    EXIT = "exit"


class Risk(Enum):
    """Who pays when it turns out otherwise."""

    BUYER = "buyer"
    SHARED = "shared"
    VENDOR = "vendor"


@dataclass(frozen=True, kw_only=True, eq=False)
class QueueMonths:
    """One queue's quantities by month. Hours are agents' hours, not contacts' hours."""

    name: str
    contacts: Column
    aht_s: Column
    concurrency: int
    handle_time: HandleTime
    staffed: Callable[[], Column]  # logged-in hours; staffing is dear, so only when asked

    @cached_property
    def logged_in_hours(self) -> Column:
        return self.staffed()

    @cached_property
    def productive_hours(self) -> Column:
        """Hours in which agents handle contacts."""
        return self.contacts * self.aht_s / (SECONDS_PER_HOUR * self.concurrency)

    def scaled(self, share: Any) -> "QueueMonths":
        return replace(
            self,
            contacts=self.contacts * share,
            staffed=lambda: self.logged_in_hours * share,
        )

    def billed_minutes(self, increment_s: Decimal, minimum_s: Decimal, months: "Months") -> Column:
        """Minutes after each contact is rounded up to the increment and to the least duration."""
        if not increment_s and not minimum_s:
            return self.contacts * self.aht_s / SECONDS_PER_MINUTE
        mean = billed_seconds(
            self.aht_s.astype(float), float(increment_s), float(minimum_s), self.handle_time
        )
        minutes: Column = self.contacts * months.lift(mean) / SECONDS_PER_MINUTE
        return minutes


def billed_seconds(
    aht_s: Floats, increment_s: float, minimum_s: float, handle_time: HandleTime
) -> Floats:
    """Return the mean of max(inc·ceil(d/inc), minimum) over handle times d.

    Exponential d: the sum over steps of the chance that d reaches them, inc/(1 - e^(-inc/AHT))
    without a minimum: 331 s for an AHT of 300 s in steps of 60 s.
    """
    if handle_time is HandleTime.CONSTANT:
        steps = increment_s * np.ceil(np.round(aht_s / increment_s, 9)) if increment_s else aht_s
        return np.maximum(steps, minimum_s)
    if not increment_s:
        return minimum_s + aht_s * np.exp(-minimum_s / aht_s)
    whole = np.floor(minimum_s / increment_s + 1e-9)
    first = (whole + 1) * increment_s - minimum_s
    tail = increment_s * np.exp(-(whole + 1) * increment_s / aht_s)
    beyond: Floats = first * np.exp(-whole * increment_s / aht_s) + tail / -np.expm1(
        -increment_s / aht_s
    )
    return minimum_s + beyond


@dataclass(frozen=True, kw_only=True, eq=False)
class Months:
    """All quantities that a price may refer to, by month.

    `kpis` holds possible values of each KPI; `expected` takes a figure computed on them to what
    is paid: its mean for an invoice, the figure itself in a simulation that drew them.
    """

    queues: tuple[QueueMonths, ...]
    exact: bool
    unavailable: Decimal  # combined shrinkage
    fte_hours: Decimal  # paid hours of one FTE in a month
    resolved: Decimal | None = None  # share of contacts resolved at once
    kpis: Mapping[str, Floats] = field(default_factory=dict)
    expected: Callable[[Floats], Any] = np.mean

    def of(self, figure: Decimal) -> Any:
        """A rate in the arithmetic of these columns."""
        return figure if self.exact else float(figure)

    def lift(self, figures: Floats) -> Column:
        """Floats in the arithmetic of these columns."""
        if not self.exact:
            return figures
        return np.array([snap(figure) for figure in figures.ravel()], dtype=object).reshape(
            figures.shape
        )

    def flat(self, amount: Decimal) -> Column:
        """The same amount in every month."""
        months = self.contacts.shape[-1:]
        return np.full(months, self.of(amount), dtype=object if self.exact else float)

    @cached_property
    def contacts(self) -> Column:
        return total(queue.contacts for queue in self.queues)

    @cached_property
    def handled_minutes(self) -> Column:
        return total(q.contacts * q.aht_s for q in self.queues) / SECONDS_PER_MINUTE

    @cached_property
    def logged_in_hours(self) -> Column:
        return total(queue.logged_in_hours for queue in self.queues)

    @cached_property
    def productive_hours(self) -> Column:
        return total(queue.productive_hours for queue in self.queues)

    @cached_property
    def paid_hours(self) -> Column:
        hours: Column = self.logged_in_hours / self.of(1 - self.unavailable)
        return hours

    @cached_property
    def fte(self) -> Column:
        people: Column = self.paid_hours / self.of(self.fte_hours)
        return people

    def billed_minutes(self, increment_s: Decimal, minimum_s: Decimal) -> Column:
        return total(queue.billed_minutes(increment_s, minimum_s, self) for queue in self.queues)

    def part(self, shares: Mapping[str, Decimal]) -> "Months":
        """The same months with a share of each named queue; other queues are left out."""
        chosen = tuple(
            queue.scaled(self.of(shares[queue.name]))
            for queue in self.queues
            if shares.get(queue.name)
        )
        return replace(self, queues=chosen)


def total(columns: Iterable[Column]) -> Column:
    """Add columns up; no columns raise, since nothing would say how many months there are."""
    first, *rest = tuple(columns)
    for column in rest:
        first = first + column
    return first


@dataclass(frozen=True, kw_only=True, eq=False)
class CostLine:
    """One kind of charge by month. `subject` names the role, tier or part it belongs to."""

    code: str
    part: Part
    amount: Column
    subject: str = ""


@dataclass(frozen=True, eq=False)
class CostBreakdown:
    lines: tuple[CostLine, ...]
    facts: tuple[Fact, ...] = ()

    @property
    def amount(self) -> Column:
        return total(line.amount for line in self.lines)


class Rates(Protocol):
    """What a vendor asks under one model: frozen, valid by construction."""


@dataclass(frozen=True, kw_only=True)
class PricingModel:
    """One way to pay. `fields` build form and API; `read_rates` parses; `cost` prices months.

    `breaks` returns the multiples of the volume at which the price changes its slope or jumps,
    so that break-evens are found segment by segment.
    """

    slug: str
    name: str
    fields: tuple[AnyField, ...]
    read_rates: Callable[..., Any]
    cost: Callable[[Months, Any], CostBreakdown]
    breaks: Callable[[Months, Any], Floats]
    volume_risk: Risk
    best_for: tuple[str, ...]
    watch: tuple[str, ...]


def no_breaks(months: Months, rates: object) -> Floats:  # noqa: ARG001 -- one signature for all
    return np.empty(0)


def multiples(edges: Any, quantity: Column) -> Floats:
    """Multiples x of the volume at which x·quantity meets one of the edges in some month."""
    amounts = np.unique(np.asarray(quantity, dtype=float))
    amounts = amounts[amounts > 0]
    points = np.array([float(edge) for edge in edges])
    if not points.size or not amounts.size:
        return np.empty(0)
    return np.unique(points[:, None] / amounts)
