"""Per contact: a price for each contact handled, or for each one resolved."""

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from apps.engine.errors import InvalidInput
from apps.engine.fields import Choice, Field, Unit, read_values
from apps.engine.pricing.cost import Column, CostBreakdown, Months, PricingModel, Risk, multiples
from apps.engine.pricing.erlang_b import Floats
from apps.engine.pricing.models.tiers import TierTable, read_tiers, tier_fields
from apps.engine.reading import Reader


class Counted(Enum):
    HANDLED = "handled"
    RESOLVED = "resolved"


@dataclass(frozen=True, kw_only=True)
class Rates:
    table: TierTable
    counted: Counted = Counted.HANDLED


FIELDS = (
    Choice("counted", tuple(m.value for m in Counted), "Which contacts are billed."),
    *tier_fields(Unit.RATIO, "contact"),
    Field(
        "minimum_contacts", Unit.RATIO, Decimal(0), None,
        "Contacts paid each month in any case, at the first tier's rate.", required=False,
    ),
)  # fmt: skip


def read_rates(raw: object, path: str = "rates") -> Rates:
    values = read_values(FIELDS, Reader(raw, path))
    table = read_tiers(values, "minimum_contacts", path)
    return Rates(table=table, counted=Counted(values.text("counted")))


def billed_contacts(months: Months, rates: Rates) -> Column:
    if rates.counted is Counted.HANDLED:
        return months.contacts
    if months.resolved is None:
        raise InvalidInput("Give first-contact resolution, since resolved contacts are billed.")
    resolved: Column = months.contacts * months.of(months.resolved)
    return resolved


def cost(months: Months, rates: Rates) -> CostBreakdown:
    lines = rates.table.lines("contacts", billed_contacts(months, rates), months)
    return CostBreakdown(lines, rates.table.facts())


def breaks(months: Months, rates: Rates) -> Floats:
    return multiples(rates.table.points(), billed_contacts(months, rates))


PER_CONTACT = PricingModel(
    slug="per_contact",
    name="Per contact",
    fields=FIELDS,
    read_rates=read_rates,
    cost=cost,
    breaks=breaks,
    volume_risk=Risk.VENDOR,
    best_for=("low_volume", "volatile_volume", "stable_contact_mix"),
    watch=("premature_closure", "repeat_contacts_are_billed"),
)
