"""A vendor's own worksheet of its lowest cost, where the RFP asks for it, and what the engine reads of it.

An agent's paid hour costs the wage with the employer's contributions, and the seat with its
equipment; management and other overhead are a share of both. The buyer's truth test puts the price
beside it, unless the buyer assumes a floor of its own.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from apps.engine.fields import Field, Unit, read_values
from apps.engine.reading import Reader

NAME: Final = "cost_floor"
ZERO, ONE = Decimal(0), Decimal(1)
FIELDS = (
    Field("wage", Unit.MONEY, Decimal("0.01"), None, "Gross wage of an agent for a paid hour, in the currency of the tender."),
    Field("contributions", Unit.SHARE, ZERO, Decimal(2), "Social insurance and other contributions of the employer, as a share of the wage."),
    Field("seat", Unit.MONEY, ZERO, None, "Workplace, licences and telephony for a paid hour.", required=False),
    Field("overhead", Unit.SHARE, ZERO, Decimal(2), "Team leads, quality, planning and management, as a share of wage, contributions and seat.", required=False),
)  # fmt: skip


def floor_of(worksheet: object) -> Decimal:
    """Return the lowest cost of a paid agent hour; InvalidInput names the figure that is wrong."""
    values = read_values(FIELDS, Reader(worksheet, NAME))
    paid = values.number("wage") * (ONE + values.number("contributions"))
    return (paid + values.number("seat", ZERO)) * (ONE + values.number("overhead", ZERO))


def for_engine(sheet: Mapping[str, Any]) -> dict[str, Any]:
    """Return a price sheet as the engine's quote: of the worksheet the floor it comes to."""
    found = {name: value for name, value in sheet.items() if name != NAME}
    if NAME in sheet:
        found["floor_cost_per_paid_hour"] = format(floor_of(sheet[NAME]), "f")
    return found
