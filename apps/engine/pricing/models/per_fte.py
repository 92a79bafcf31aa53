"""Per FTE or hour: the buyer pays for agents' time, so the billable hour has to be defined.

A paid hour holds breaks, training and leave; a logged-in hour does not; a productive hour holds
handling alone. At 30 % shrinkage and 85 % occupancy a productive hour is 1.68 paid hours.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

import numpy as np

from apps.engine.errors import ConventionRequired, InvalidInput
from apps.engine.fields import Choice, Field, Table, Text, Unit, read_values
from apps.engine.pricing.cost import (
    Column,
    CostBreakdown,
    CostLine,
    Months,
    Part,
    PricingModel,
    Risk,
    no_breaks,
)
from apps.engine.pricing.erlang import ceil_whole
from apps.engine.reading import Reader

ZERO = Decimal(0)


class BilledBy(Enum):
    HOUR = "hour"
    FTE_MONTH = "fte_month"


class BillableHour(Enum):
    PAID = "paid"
    LOGGED_IN = "logged_in"
    PRODUCTIVE = "productive"


@dataclass(frozen=True)
class Role:
    """A supporting role, billed in the same unit: one for so many agents."""

    name: str
    agents_per_role: Decimal
    rate: Decimal


@dataclass(frozen=True, kw_only=True)
class Rates:
    unit: BilledBy
    rate: Decimal
    billable_hour: BillableHour | None = None
    whole_fte: bool = False
    minimum_quantity: Decimal = ZERO
    roles: tuple[Role, ...] = ()

    def __post_init__(self) -> None:
        if self.unit is BilledBy.HOUR and self.billable_hour is None:
            raise ConventionRequired("Name the billable hour: paid, logged_in or productive.")
        if self.unit is BilledBy.HOUR and self.whole_fte:
            raise InvalidInput("Count whole FTE only where an FTE-month is billed.")
        if min(self.rate, self.minimum_quantity) < 0:
            raise InvalidInput("Give a rate and a minimum of 0 or more.")
        if any(role.rate < 0 or role.agents_per_role <= 0 for role in self.roles):
            raise InvalidInput("Give each role a rate of 0 or more and a span above 0.")


FIELDS = (
    Choice("unit", tuple(m.value for m in BilledBy), "What one unit of the bill is."),
    Choice(
        "billable_hour",
        tuple(m.value for m in BillableHour),
        "The hour that is billed: paid, logged in, or spent handling contacts.",
        required=False,
    ),
    Field("rate", Unit.MONEY, ZERO, None, "Price of one hour or of one FTE for a month."),
    Choice(
        "fte_counting",
        ("exact", "whole"),
        "Whether a month's FTE are billed exactly or rounded up.",
        required=False,
    ),
    Field(
        "minimum_quantity", Unit.RATIO, ZERO, None,
        "Hours or FTE paid each month in any case.", required=False,
    ),
    Table(
        "roles",
        (
            Text("name", "Supporting role, for example team leader."),
            Field("agents_per_role", Unit.RATIO, Decimal("0.1"), None, "Agents for each of them."),
            Field("rate", Unit.MONEY, ZERO, None, "Price of one, in the unit of the bill."),
        ),
        "Supporting roles billed beside the agents.",
        required=False,
    ),
)  # fmt: skip


def read_rates(raw: object, path: str = "rates") -> Rates:
    values = read_values(FIELDS, Reader(raw, path))
    try:
        return Rates(
            unit=BilledBy(values.text("unit")),
            rate=values.number("rate"),
            billable_hour=(
                BillableHour(values.text("billable_hour"))
                if values.given("billable_hour")
                else None
            ),
            whole_fte=values.text("fte_counting", "exact") == "whole",
            minimum_quantity=values.number("minimum_quantity", ZERO),
            roles=tuple(
                Role(row.text("name"), row.number("agents_per_role"), row.number("rate"))
                for row in values.rows("roles")
            ),
        )
    except ConventionRequired as error:
        raise error.at(f"{path}.billable_hour") from None
    except InvalidInput as error:
        raise error.at(path) from None


def cost(months: Months, rates: Rates) -> CostBreakdown:
    """Units of each month, at least the minimum, times the rate."""
    used = billed_units(months, rates)
    lines = [CostLine(code="agents", part=Part.RUN, amount=used * months.of(rates.rate))]
    lines += [
        CostLine(
            code="role",
            part=Part.RUN,
            subject=role.name,
            amount=used * months.of(role.rate) / months.of(role.agents_per_role),
        )
        for role in rates.roles
    ]
    if rates.minimum_quantity:
        short = np.maximum(months.of(rates.minimum_quantity) - used, months.of(ZERO))
        amount = short * months.of(rates.rate)
        lines.append(CostLine(code="shortfall", part=Part.SHORTFALL, amount=amount))
    return CostBreakdown(tuple(lines))


def billed_units(months: Months, rates: Rates) -> Column:
    """Hours by their definition, or FTE; whole FTE where the bill rounds them up."""
    if rates.unit is BilledBy.FTE_MONTH:
        return _rounded_up(months) if rates.whole_fte else months.fte
    if rates.billable_hour is BillableHour.PRODUCTIVE:
        return months.productive_hours
    if rates.billable_hour is BillableHour.LOGGED_IN:
        return months.logged_in_hours
    return months.paid_hours


def _rounded_up(months: Months) -> Column:
    whole = ceil_whole(months.fte.astype(float))
    return months.lift(whole)


PER_FTE = PricingModel(
    slug="per_fte",
    name="Per FTE or hour",
    fields=FIELDS,
    read_rates=read_rates,
    cost=cost,
    breaks=no_breaks,
    volume_risk=Risk.BUYER,
    best_for=("predictable_volume", "deep_brand_training"),
    watch=("no_incentive_to_deflect", "billable_hour_definition"),
)
