"""What stands out in a vendor's own price sheet: a second look, never a verdict, told to nobody else.

The figures are the engine's truth test of a price (`apps.engine.pricing.realism`), which the buyer's
comparison shows as well: a vendor should not learn there for the first time that its agents are
too few for what it promises.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

# Dated prior: what an offshore agent costs an hour, of a guide of 2026; no limit of any kind.
PRIOR_CURRENCY = "USD"
PRIOR_LOW, PRIOR_HIGH = Decimal(8), Decimal(15)


@dataclass(frozen=True)
class QueueDoubt:
    """A queue that the agents do not serve as asked: shares of contacts answered in time."""

    name: str
    promised: Decimal
    reached: Decimal


@dataclass(frozen=True)
class Plausibility:
    """Agents in full-time equivalents; the price of a paid agent hour, in the currency of the sheet.

    `planned` is None where the sheet names no agents: then there is nothing to compare.
    """

    needed: Decimal
    planned: Decimal | None
    per_paid_hour: Decimal
    floor: Decimal | None  # what the vendor's own worksheet comes to
    queues: tuple[QueueDoubt, ...]

    @property
    def short(self) -> bool:
        return self.planned is not None and self.planned < self.needed

    @property
    def below_floor(self) -> bool:
        return self.floor is not None and self.per_paid_hour < self.floor

    def outside_prior(self, currency: str) -> bool:
        """Whether an hour costs other than the dated prior; only where no exchange rate is needed."""
        return currency == PRIOR_CURRENCY and not PRIOR_LOW <= self.per_paid_hour <= PRIOR_HIGH


def plausibility(realism: Mapping[str, Any]) -> Plausibility:
    """Read what the engine's record of one quote says about its staffing."""
    planned, floor = realism["agents_promised"], realism["floor_per_paid_hour"]
    return Plausibility(
        needed=Decimal(realism["agents_needed"]),
        planned=None if planned is None else Decimal(planned),
        per_paid_hour=Decimal(realism["price_per_paid_hour"]),
        floor=None if floor is None else Decimal(floor),
        queues=tuple(
            QueueDoubt(queue["name"], Decimal(queue["promised"]), Decimal(queue["erlang_c"]))
            for queue in realism["queues"]
            if Decimal(queue["erlang_c"]) < Decimal(queue["promised"])
        ),
    )
