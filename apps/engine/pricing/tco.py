"""Total cost over the term: run price, indexation, currency, people, one-offs; to the cent.

Every line is rounded once per month to the smallest unit of the currency, as an invoice is.
Totals are sums of rounded lines, so parts always add up.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

import numpy as np

from apps.engine.cashflow import MONTHS_PER_YEAR, present_value
from apps.engine.errors import InvalidInput
from apps.engine.money import Money
from apps.engine.pricing.cost import Column, CostBreakdown, Fact, Months, Part
from apps.engine.pricing.demand import Demand, decimals, demand
from apps.engine.pricing.quote import ChargedFor, OneOff, Quote, Terms
from apps.engine.pricing.workload import Workload

ZERO = Decimal(0)


@dataclass(frozen=True)
class Line:
    """One kind of cost by month, in the terms' currency, each month rounded."""

    code: str
    subject: str
    part: Part
    amounts: tuple[Decimal, ...]

    @property
    def total(self) -> Decimal:
        return sum(self.amounts, ZERO)

    @property
    def years(self) -> tuple[Decimal, ...]:
        return tuple(sum(year, ZERO) for year in by_year(self.amounts))


@dataclass(frozen=True, eq=False)
class TotalCost:
    """What one quote costs over the term."""

    demand: Demand
    lines: tuple[Line, ...]
    facts: tuple[Fact, ...]

    @cached_property
    def months(self) -> tuple[Decimal, ...]:
        return tuple(
            sum(month, ZERO) for month in zip(*[x.amounts for x in self.lines], strict=True)
        )

    @property
    def years(self) -> tuple[Decimal, ...]:
        return tuple(sum(year, ZERO) for year in by_year(self.months))

    @property
    def total(self) -> Decimal:
        return sum(self.months, ZERO)

    @cached_property
    def present_value(self) -> Decimal:
        terms = self.demand.terms
        value = present_value(self.months, rate=terms.nominal_discount_rate, timing=terms.timing)
        return Money(value, terms.currency).rounded().amount

    @property
    def parts(self) -> dict[Part, Decimal]:
        found: dict[Part, Decimal] = {}
        for line in self.lines:
            found[line.part] = found.get(line.part, ZERO) + line.total
        return found


def by_year(amounts: Sequence[Decimal]) -> list[Sequence[Decimal]]:
    return [amounts[m : m + MONTHS_PER_YEAR] for m in range(0, len(amounts), MONTHS_PER_YEAR)]


def total_cost(quote: Quote, workload: Workload, terms: Terms) -> TotalCost:
    """Price one quote on the workload over the whole term, in the terms' currency."""
    quote.convertible_to(terms.currency)
    served = demand(quote, workload, terms)
    priced = quote.model.cost(served.months, quote.rates)
    lines = _vendor_lines(served, priced)
    lines += _indexation(served, lines, priced)
    lines += _currency(served, lines)
    lines += _buyer_lines(served)
    return TotalCost(served, tuple(lines), priced.facts)


def _vendor_lines(served: Demand, priced: CostBreakdown) -> list[Line]:
    quote, terms = served.quote, served.terms
    lines = [
        _line(served, line.code, line.part, line.amount * quote.exchange.rate, line.subject)
        for line in priced.lines
    ]
    if quote.training is not None:
        hours = hires(served.months.fte, served.months, quote) * quote.training.hours_per_hire
        amount = hours * quote.training.rate * quote.exchange.rate
        lines.append(_line(served, "training", Part.TRAINING, amount))
    once = [(one_off, "one_off", Part.TRANSITION) for one_off in quote.one_offs]
    once += [(quote.exit, "exit", Part.EXIT)] if quote.exit else []
    for one_off, code, part in once:
        amount = dated(one_off, terms.months) * quote.exchange.rate
        lines.append(_line(served, code, part, amount, one_off.name))
    return lines


def hires(people: Column, months: Months, quote: Quote, attrition: Any = 1) -> Column:
    """Expected hires (..., M) whose training is charged: growth of FTE, and replacements.

    `attrition` multiplies the quote's own rate.
    """
    growth: Column = np.maximum(np.diff(people, axis=-1, prepend=months.of(ZERO)), months.of(ZERO))
    replaced: Column = people * months.of(quote.attrition_per_year / MONTHS_PER_YEAR) * attrition
    training = quote.training
    if training is None or training.charged_for is ChargedFor.ALL:
        return growth + replaced
    return growth if training.charged_for is ChargedFor.GROWTH else replaced


def dated(one_off: OneOff, months: int) -> Column:
    """A single amount in its month."""
    if not 1 <= one_off.month <= months:
        raise InvalidInput(f"Date {one_off.name} in a month from 1 to {months}.")
    return decimals(
        one_off.amount if month == one_off.month else ZERO for month in range(1, months + 1)
    )


def index_factors(quote: Quote, terms: Terms) -> tuple[Decimal, ...]:
    """(1 + min(index, cap))^(full contract years), the first year at quoted rates."""
    rise = 1 + quote.indexation.yearly(terms.indexation)
    return tuple(rise ** (month // MONTHS_PER_YEAR) for month in range(terms.months))


def _indexation(served: Demand, lines: list[Line], priced: CostBreakdown) -> list[Line]:
    factors = index_factors(served.quote, served.terms)
    if all(factor == 1 for factor in factors):
        return []
    indexed = lines[: len(priced.lines)]  # people and one-offs keep their price
    amounts = [
        sum(month, ZERO) * (factor - 1)
        for month, factor in zip(_by_month(indexed, served), factors, strict=True)
    ]
    return [_line(served, "indexation", Part.INDEXATION, decimals(amounts))]


def _currency(served: Demand, lines: list[Line]) -> list[Line]:
    """What a scenario of exchange rates adds to amounts converted at the stated rate."""
    exchange = served.quote.exchange
    if not exchange.yearly:
        return []
    rates = exchange.monthly(served.terms.months)
    amounts = [
        sum(month, ZERO) * (rate / exchange.rate - 1)
        for month, rate in zip(_by_month(lines, served), rates, strict=True)
    ]
    return [_line(served, "currency", Part.CURRENCY, decimals(amounts))]


def _by_month(lines: list[Line], served: Demand) -> list[tuple[Decimal, ...]]:
    return [tuple(line.amounts[month] for line in lines) for month in range(served.terms.months)]


def _buyer_lines(served: Demand) -> list[Line]:
    costs, months = served.quote.buyer_costs, served.terms.months
    lines = []
    if costs.governance_per_month:
        monthly = decimals([costs.governance_per_month] * months)
        lines.append(_line(served, "governance", Part.GOVERNANCE, monthly))
    if costs.double_running_months:
        running = double_running(costs.double_running_months, months)
        amount = running * costs.internal_cost_per_month
        lines.append(_line(served, "double_running", Part.TRANSITION, amount))
    return lines


def double_running(lasting: Decimal, months: int) -> Column:
    """The share of each month in which both organisations run."""
    return decimals(min(max(lasting - month, ZERO), Decimal(1)) for month in range(months))


def _line(served: Demand, code: str, part: Part, amount: Column, subject: str = "") -> Line:
    currency = served.terms.currency
    rounded = tuple(Money(month, currency).rounded().amount for month in amount)
    return Line(code, subject, part, rounded)
