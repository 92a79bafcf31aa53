"""Final offers as values: who is asked in which lot, and what was offered first and finally."""

import uuid
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from apps.rfp.models import Lot

Place: TypeAlias = tuple[uuid.UUID, str]  # a bid and the code of a lot; "" where there are none


def out_field(place: Place) -> str:
    """Name the field that says why a bid is not asked in a lot."""
    bid, code = place
    return f"out-{bid}-{code}" if code else f"out-{bid}"


@dataclass(frozen=True)
class Asked:
    """One bid in a request, in one lot where there are lots: asked, or left out with the reason."""

    bid_id: uuid.UUID
    letter: str
    name: str
    left_out_because: str
    lot: Lot | None = None

    @property
    def place(self) -> Place:
        return self.bid_id, self.lot.code if self.lot else ""


@dataclass(frozen=True)
class Change:
    """What a bid offered first and finally, on one workload; None where not to be seen.

    Amounts are over the term, before indexation, discounting and the buyer's own costs.
    """

    asked: Asked
    first: Decimal | None
    final: Decimal | None
    answered: bool

    @property
    def lot(self) -> Lot | None:
        return self.asked.lot

    @property
    def difference(self) -> Decimal | None:
        if self.first is None or self.final is None:
            return None
        return self.final - self.first
