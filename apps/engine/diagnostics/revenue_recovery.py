"""Revenue recovery rate (F4): incremental margin that support recovers, over its own cost.

Rate = (margin per treated customer - margin per customer of the control group) * treated
customers / loaded cost of the same agents and period; a success strictly above 0.30. Without a
control group the rate is not shown: customers who would have stayed anyway are not recovered.
The guide divides recovered and expansion revenue by the cost.

Agents are compared with 30 customers or more each, shrunk towards the mean of all by the method
of moments (DerSimonian and Laird, Control. Clin. Trials 7, 1986): a small sample is no talent.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from apps.engine.diagnostics.diagnostic import (
    Diagnostic,
    Figure,
    Finding,
    Interval,
    all_or_none,
    positive,
    printed,
    warning,
)
from apps.engine.diagnostics.intervals import difference_of_means
from apps.engine.fields import ONE, ZERO, Field, Table, Unit, Values
from apps.engine.reading import Json

SUCCESS_ABOVE = Decimal("0.30")
SUCCEEDING, SHORT = "succeeding", "short"
FEWEST_CUSTOMERS = 30


@dataclass(frozen=True)
class Agent:
    """Margin per customer of one agent, as measured."""

    customers: int
    mean: Decimal
    deviation: Decimal

    @property
    def variance(self) -> Decimal:
        return self.deviation * self.deviation / self.customers


def recovery(values: Values) -> Finding:
    cost = positive(values, "cost", "the rate divides by it")
    treated = values.number("treated")
    means = (values.number("treated_margin"), values.number("control_margin", ZERO))
    controlled = all_or_none(values, "control", "control_margin")
    uplift = (means[0] - means[1]) * treated if controlled else None
    rate = None if uplift is None else uplift / cost
    return Finding(
        value=rate,
        unit=Unit.RATIO.value,
        band=None if rate is None else band(rate),
        interval=_interval(values, means, treated / cost) if controlled else None,
        figures={
            "incremental_margin": Figure(uplift, Unit.MONEY.value),
            "gross_revenue": Figure(_gross(values), Unit.MONEY.value),
            **_agent_figures(values),
        },
        guide=Figure(_guide(values, cost), Unit.RATIO.value),
        warnings=_warnings(values, controlled=controlled),
    )


def band(rate: Decimal) -> str:
    return SUCCEEDING if printed(rate) > SUCCESS_ABOVE else SHORT


def shrunken(agents: Sequence[Agent]) -> tuple[Decimal, ...]:
    """Empirical-Bayes margin per customer of each agent, between its own mean and that of all."""
    if any(agent.variance == ZERO for agent in agents):
        return tuple(agent.mean for agent in agents)  # measured without error: nothing to shrink
    weights = [1 / agent.variance for agent in agents]
    total = sum(weights, ZERO)
    centre = sum((w * a.mean for w, a in zip(weights, agents, strict=True)), ZERO) / total
    spread = sum((w * (a.mean - centre) ** 2 for w, a in zip(weights, agents, strict=True)), ZERO)
    scale = total - sum((w * w for w in weights), ZERO) / total
    between = max(ZERO, (spread - (len(agents) - 1)) / scale) if scale > 0 else ZERO
    return tuple(
        centre + between / (between + agent.variance) * (agent.mean - centre) for agent in agents
    )


def _interval(values: Values, means: tuple[Decimal, Decimal], factor: Decimal) -> Interval | None:
    if not all_or_none(values, "treated_deviation", "control_deviation"):
        return None
    low, high = difference_of_means(
        means,
        (values.number("treated_deviation"), values.number("control_deviation")),
        (int(values.number("treated")), int(values.number("control"))),
    )
    return Interval(low * factor, high * factor)


def _gross(values: Values) -> Decimal | None:
    if not all_or_none(values, "recovered_revenue", "expansion_revenue"):
        return None
    return values.number("recovered_revenue") + values.number("expansion_revenue")


def _guide(values: Values, cost: Decimal) -> Decimal | None:
    gross = _gross(values)
    return None if gross is None else gross / cost


def _agent_figures(values: Values) -> dict[str, Figure]:
    """Shrunken margin per customer by the place of the agent in the table, from 1."""
    rows = list(enumerate(values.rows("agents"), start=1))
    known = [
        (place, Agent(int(row.number("customers")), row.number("margin"), row.number("deviation")))
        for place, row in rows
        if row.number("customers") >= FEWEST_CUSTOMERS
    ]
    estimates = shrunken([agent for _, agent in known]) if known else ()
    return {
        f"agent_{place}": Figure(estimate, Unit.MONEY.value)
        for (place, _), estimate in zip(known, estimates, strict=True)
    }


def _warnings(values: Values, *, controlled: bool) -> tuple[Json, ...]:
    found: list[Json] = []
    if not controlled:
        found.append(warning("control_group_missing"))
    elif not values.given("treated_deviation"):
        found.append(warning("interval_needs_sample", field="treated_deviation"))
    few = sum(row.number("customers") < FEWEST_CUSTOMERS for row in values.rows("agents"))
    if few:
        found.append(warning("agents_with_few_customers", agents=few, wanted=FEWEST_CUSTOMERS))
    return tuple(found)


def _optional(name: str, unit: Unit, low: Decimal | None, text: str) -> Field:
    return Field(name, unit, low, None, text, required=False)


REVENUE_RECOVERY = Diagnostic(
    slug="revenue_recovery",
    name="Revenue recovery rate",
    version="1",
    bands=(SHORT, SUCCEEDING),
    fields=(
        Field("cost", Unit.MONEY, ZERO, None, "Loaded cost of the agents in the period."),
        Field("treated", Unit.COUNT, ONE, None, "Customers whom the agents tried to recover."),
        Field(
            "treated_margin",
            Unit.MONEY,
            None,
            None,
            "Contribution margin per treated customer, recovered and expanded.",
        ),
        _optional("control", Unit.COUNT, ONE, "Comparable customers whom nobody approached."),
        _optional("control_margin", Unit.MONEY, None, "Contribution margin per customer of these."),
        _optional(
            "treated_deviation", Unit.MONEY, ZERO, "Standard deviation among treated customers."
        ),
        _optional(
            "control_deviation", Unit.MONEY, ZERO, "Standard deviation in the control group."
        ),
        _optional("recovered_revenue", Unit.MONEY, ZERO, "Recovered revenue, as the guide counts."),
        _optional("expansion_revenue", Unit.MONEY, ZERO, "Expansion revenue, as the guide counts."),
        Table(
            "agents",
            (
                Field("customers", Unit.COUNT, ONE, None, "Customers treated by this agent."),
                Field("margin", Unit.MONEY, None, None, "Margin per customer."),
                Field("deviation", Unit.MONEY, ZERO, None, "Standard deviation."),
            ),
            "One row for each agent.",
            required=False,
            most=500,
        ),
    ),
    compute=recovery,
)
