"""Outcome-based: a base that moves with KPIs between a floor and a cap, and pay per outcome.

Paid = base·(1 + clip(sum of slope_k·(x_k - target_k), floor, cap)) + outcomes. The bonus is
expected over how x spreads, not taken at its mean: caps make the two differ (Jensen).
"""

from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from apps.engine.errors import InvalidInput
from apps.engine.fields import Field, Table, Text, Unit, read_values
from apps.engine.pricing.cost import (
    CostBreakdown,
    CostLine,
    Fact,
    Months,
    Part,
    PricingModel,
    Risk,
    no_breaks,
)
from apps.engine.pricing.erlang_b import Floats
from apps.engine.reading import Reader

ZERO, ONE = Decimal(0), Decimal(1)


@dataclass(frozen=True)
class Kpi:
    """Slopes are shares of the base for a change of 1 in the KPI, above and below its target."""

    name: str
    target: Decimal
    slope_above: Decimal
    slope_below: Decimal


@dataclass(frozen=True, kw_only=True)
class Rates:
    fee: Decimal
    rate: Decimal = ZERO
    outcome: str = ""
    outcome_rate: Decimal = ZERO
    kpis: tuple[Kpi, ...] = ()
    floor: Decimal = -ONE
    cap: Decimal = ONE

    def __post_init__(self) -> None:
        if min(self.fee, self.rate, self.outcome_rate) < 0:
            raise InvalidInput("Give fee and rates of 0 or more.")
        if not -1 <= self.floor <= 0 <= self.cap:
            raise InvalidInput("Give a floor from -1 to 0 and a cap of 0 or more.")
        if self.outcome_rate and not self.outcome:
            raise InvalidInput("Name the KPI that counts outcomes per contact.")
        if len({kpi.name for kpi in self.kpis}) != len(self.kpis):
            raise InvalidInput("Name each KPI once.")


FIELDS = (
    Field("fee", Unit.MONEY, ZERO, None, "Base fee for a month."),
    Field("rate", Unit.MONEY, ZERO, None, "Base price of one contact.", required=False),
    Text("outcome", "KPI that gives outcomes per contact, for example sales.", required=False),
    Field("outcome_rate", Unit.MONEY, ZERO, None, "Price of one outcome.", required=False),
    Table(
        "kpis",
        (
            Text("kpi", "Name of the KPI."),
            Field("target", Unit.RATIO, None, None, "Value at which nothing is added or taken."),
            Field("slope_above", Unit.RATIO, None, None, "Share of the base per 1 above target."),
            Field("slope_below", Unit.RATIO, None, None, "Share of the base per 1 below target."),
        ),
        "KPIs that move the base.",
        required=False,
    ),
    Field("floor", Unit.RATIO, -ONE, ZERO, "Largest deduction, as a share: -0.1.", required=False),
    Field("cap", Unit.RATIO, ZERO, ONE, "Largest addition, as a share: 0.05.", required=False),
)


def read_rates(raw: object, path: str = "rates") -> Rates:
    values = read_values(FIELDS, Reader(raw, path))
    try:
        return Rates(
            fee=values.number("fee"),
            rate=values.number("rate", ZERO),
            outcome=values.text("outcome", ""),
            outcome_rate=values.number("outcome_rate", ZERO),
            kpis=tuple(
                Kpi(
                    row.text("kpi"),
                    row.number("target"),
                    row.number("slope_above"),
                    row.number("slope_below"),
                )
                for row in values.rows("kpis")
            ),
            floor=values.number("floor", -ONE),
            cap=values.number("cap", ONE),
        )
    except InvalidInput as error:
        raise error.at(path) from None


def adjustment(rates: Rates, reached: dict[str, Floats]) -> Floats:
    """Return the share of the base added or taken, for KPI values of one shape."""
    moved = np.zeros(())
    for kpi in rates.kpis:
        gap = reached[kpi.name] - float(kpi.target)
        slope = np.where(gap > 0, float(kpi.slope_above), float(kpi.slope_below))
        moved = moved + slope * gap
    return np.clip(moved, float(rates.floor), float(rates.cap))


def cost(months: Months, rates: Rates) -> CostBreakdown:
    lines = [CostLine(code="base_fee", part=Part.RUN, amount=months.flat(rates.fee))]
    if rates.rate:
        amount = months.contacts * months.of(rates.rate)
        lines.append(CostLine(code="contacts", part=Part.RUN, amount=amount))
    facts: list[Fact] = []
    if rates.kpis:
        reached = {kpi.name: _values(months, kpi.name, kpi.target, facts) for kpi in rates.kpis}
        share = months.expected(adjustment(rates, reached))
        amount = CostBreakdown(tuple(lines)).amount * share
        lines.append(CostLine(code="bonus_malus", part=Part.PERFORMANCE, amount=amount))
    if rates.outcome_rate:
        found = months.expected(_values(months, rates.outcome, ZERO, facts))
        amount = months.contacts * found * months.of(rates.outcome_rate)
        lines.append(CostLine(code="outcomes", part=Part.PERFORMANCE, amount=amount))
    return CostBreakdown(tuple(lines), tuple(facts))


def _values(months: Months, kpi: str, otherwise: Decimal, facts: list[Fact]) -> Floats:
    """Return the expected values of a KPI; one that nobody estimated counts as `otherwise`."""
    if kpi in months.kpis:
        return months.kpis[kpi]
    facts.append({"code": "kpi_not_estimated", "kpi": kpi, "assumed": str(otherwise)})
    return np.array(float(otherwise))


OUTCOME_BASED = PricingModel(
    slug="outcome_based",
    name="Outcome-based",
    fields=FIELDS,
    read_rates=read_rates,
    cost=cost,
    breaks=no_breaks,
    volume_risk=Risk.SHARED,
    best_for=("revenue_recovery", "outbound_sales", "collections"),
    watch=("needs_flawless_tracking", "kpi_can_be_gamed"),
)
