"""Per minute: handled minutes, rounded up per contact to the billing increment.

Handle times of 300 s on average, billed in 60-second steps, come to 331 s: 10.3 % more.
"""

from dataclasses import dataclass
from decimal import Decimal

from apps.engine.errors import InvalidInput
from apps.engine.fields import Field, Unit, read_values
from apps.engine.pricing.cost import CostBreakdown, Months, PricingModel, Risk, multiples
from apps.engine.pricing.erlang_b import Floats
from apps.engine.pricing.models.tiers import TierTable, read_tiers, tier_fields
from apps.engine.reading import Reader

ZERO = Decimal(0)
LONGEST_INCREMENT = Decimal(600)


@dataclass(frozen=True, kw_only=True)
class Rates:
    table: TierTable
    increment_s: Decimal = ZERO
    minimum_s: Decimal = ZERO

    def __post_init__(self) -> None:
        if not 0 <= self.increment_s <= LONGEST_INCREMENT or self.minimum_s < 0:
            raise InvalidInput("Give an increment of 0 to 600 s and a minimum of 0 s or more.")


FIELDS = (
    Field(
        "increment_s", Unit.SECONDS, ZERO, LONGEST_INCREMENT,
        "Each contact is rounded up to a multiple of this; 0 bills the exact duration.",
    ),
    Field(
        "minimum_s", Unit.SECONDS, ZERO, Decimal(3600),
        "Least duration billed for one contact.", required=False,
    ),
    *tier_fields(Unit.MINUTES, "minute"),
    Field(
        "minimum_minutes", Unit.MINUTES, ZERO, None,
        "Minutes paid each month in any case, at the first tier's rate.", required=False,
    ),
)  # fmt: skip


def read_rates(raw: object, path: str = "rates") -> Rates:
    values = read_values(FIELDS, Reader(raw, path))
    return Rates(
        table=read_tiers(values, "minimum_minutes", path),
        increment_s=values.number("increment_s"),
        minimum_s=values.number("minimum_s", ZERO),
    )


def cost(months: Months, rates: Rates) -> CostBreakdown:
    minutes = months.billed_minutes(rates.increment_s, rates.minimum_s)
    return CostBreakdown(rates.table.lines("minutes", minutes, months), rates.table.facts())


def breaks(months: Months, rates: Rates) -> Floats:
    minutes = months.billed_minutes(rates.increment_s, rates.minimum_s)
    return multiples(rates.table.points(), minutes)


PER_MINUTE = PricingModel(
    slug="per_minute",
    name="Per minute",
    fields=FIELDS,
    read_rates=read_rates,
    cost=cost,
    breaks=breaks,
    volume_risk=Risk.VENDOR,
    best_for=("low_volume", "volatile_volume"),
    watch=("handle_time_grows_the_bill", "billing_increment"),
)
