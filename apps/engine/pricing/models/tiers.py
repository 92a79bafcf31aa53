"""Prices that change with volume: graduated tiers and all-units tiers, with a minimum.

Graduated: each unit at the rate of the tier it falls in. All units: every unit at the rate of
the tier that the month reaches, so that one unit more can cost less.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from itertools import pairwise

import numpy as np

from apps.engine.errors import InvalidInput
from apps.engine.fields import Choice, Field, Table, Unit, Values
from apps.engine.pricing.cost import Column, CostLine, Fact, Months, Part

ZERO = Decimal(0)


class Tiering(Enum):
    GRADUATED = "graduated"
    ALL_UNITS = "all_units"


@dataclass(frozen=True)
class Tier:
    """`up_to` belongs to the tier; None is without end."""

    up_to: Decimal | None
    rate: Decimal


@dataclass(frozen=True, kw_only=True)
class TierTable:
    """Rates by volume of a month, and the volume that is paid in any case."""

    tiers: tuple[Tier, ...]
    tiering: Tiering = Tiering.GRADUATED
    minimum: Decimal = ZERO

    def __post_init__(self) -> None:
        edges = self.edges
        if not self.tiers or self.tiers[-1].up_to is not None or len(edges) < len(self.tiers) - 1:
            raise InvalidInput("Leave the upper end empty in the last tier, and only there.")
        if any(low >= high for low, high in zip((ZERO, *edges), edges, strict=False)):
            raise InvalidInput("Let each tier end above the one before it.")
        if min(tier.rate for tier in self.tiers) < 0 or self.minimum < 0:
            raise InvalidInput("Give rates and a minimum of 0 or more.")

    @property
    def edges(self) -> tuple[Decimal, ...]:
        return tuple(tier.up_to for tier in self.tiers[:-1] if tier.up_to is not None)

    def charge(self, quantity: Column, months: Months) -> Column:
        """Return the price of each month's quantity, without the minimum."""
        graduated = self.tiering is Tiering.GRADUATED
        return (self._graduated if graduated else self._all_units)(quantity, months)

    def _graduated(self, quantity: Column, months: Months) -> Column:
        charge: Column = quantity * months.of(self.tiers[0].rate)
        for edge, (below, above) in zip(self.edges, self._steps(), strict=True):
            beyond = quantity - months.of(edge)
            np.maximum(beyond, months.of(ZERO), out=beyond)
            beyond *= months.of(above - below)
            charge += beyond
        return charge

    def _all_units(self, quantity: Column, months: Months) -> Column:
        rate = months.of(self.tiers[0].rate)
        for edge, (_, above) in zip(self.edges, self._steps(), strict=True):
            rate = np.where(quantity > months.of(edge), months.of(above), rate)
        charge: Column = quantity * rate
        return charge

    def _steps(self) -> list[tuple[Decimal, Decimal]]:
        rates = [tier.rate for tier in self.tiers]
        return list(pairwise(rates))

    def lines(self, code: str, quantity: Column, months: Months) -> tuple[CostLine, ...]:
        """Return the usage and, with a minimum, the shortfall at the first tier's rate."""
        usage = CostLine(code=code, part=Part.RUN, amount=self.charge(quantity, months))
        if not self.minimum:
            return (usage,)
        missing = np.maximum(months.of(self.minimum) - quantity, months.of(ZERO))
        charge = missing * months.of(self.tiers[0].rate)
        return (usage, CostLine(code="shortfall", part=Part.SHORTFALL, amount=charge))

    def points(self) -> tuple[Decimal, ...]:
        """Quantities of a month at which the price changes its slope or jumps."""
        return (*self.edges, self.minimum) if self.minimum else self.edges

    def facts(self) -> tuple[Fact, ...]:
        """Say where a larger quantity can cost less."""
        found: list[Fact] = []
        if self.tiering is Tiering.ALL_UNITS and len(self.tiers) > 1:
            falls = [str(e) for e, (a, b) in zip(self.edges, self._steps(), strict=True) if b < a]
            if falls:
                found.append({"code": "all_units_price_falls", "at": falls})
        first = self.tiers[0].rate
        reached = zip(self.edges, self._steps(), strict=True)
        if any(edge < self.minimum and above < first for edge, (_, above) in reached):
            found.append({"code": "minimum_above_first_tier", "minimum": str(self.minimum)})
        return tuple(found)


def tier_fields(unit: Unit, what: str) -> tuple[Choice, Table]:
    return (
        Choice(
            "tiering",
            tuple(member.value for member in Tiering),
            "Graduated: each unit at its own tier's rate. All units: the tier reached prices all.",
        ),
        Table(
            "tiers",
            (
                Field(
                    "up_to", unit, ZERO, None,
                    f"The tier's last {what} in a month; empty in the last row.", required=False,
                ),
                Field("rate", Unit.MONEY, ZERO, None, f"Price of one {what}."),
            ),
            f"Prices by {what} in a month; a single price is one row.",
        ),
    )  # fmt: skip


def read_tiers(values: Values, minimum: str, path: str) -> TierTable:
    rows = values.rows("tiers")
    try:
        return TierTable(
            tiers=tuple(Tier(row.maybe("up_to"), row.number("rate")) for row in rows),
            tiering=Tiering(values.text("tiering")),
            minimum=values.number(minimum, ZERO),
        )
    except InvalidInput as error:
        raise error.at(f"{path}.tiers") from None
