"""What today's in-house team costs on the workload of the tender.

The comparison counts the same quote, with what the published price of record adds and assumes.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.engine import cases
from apps.engine.errors import InvalidInput
from apps.engine.money import Money
from apps.rfp.models import Lot, Rfp
from apps.rfp.selectors.reading import own_cost_of, workload_of

PARTS = {
    "run": _("Agents and supporting roles"),
    "indexation": _("Rise of wages"),
    "training": _("Training"),
    "transition": _("One-off costs"),
    "governance": _("Management and premises"),
}


@dataclass(frozen=True)
class OwnTotal:
    """The in-house team over the term of the contract, without discounting."""

    total: Money
    first_year: Money
    per_contact: Money
    agents: Decimal  # full-time, paid, on average
    months: int
    parts: tuple[tuple[str, Money], ...]


def own_total(rfp: Rfp, lot: Lot | None = None) -> OwnTotal | None:
    """Run the engine's price case with today's team alone; None where one of the two is not set."""
    held, own = workload_of(rfp, lot), own_cost_of(rfp, lot)
    if held is None or own is None:
        return None
    currency, months = rfp.procurement.currency, rfp.term_months
    terms: dict[str, Any] = {
        "currency": currency,
        "months": months,
        "discount": {"rate": "0", "basis": "nominal"},
    }
    try:
        record = cases.run("price", {"workload": held.content, "terms": terms, "quotes": [own]})
    except InvalidInput:
        return None  # the comparison will say what does not fit
    plain: Any = record.to_plain()["result"]
    row = plain["quotes"][0]
    return OwnTotal(
        total=Money.of(row["total"], currency),
        first_year=Money.of(row["years"][0], currency),
        per_contact=Money.of(row["cost_per_contact"], currency),
        agents=Decimal(row["staffing"]["fte"]),
        months=months,
        parts=tuple(
            (str(PARTS.get(part, part)), Money.of(amount, currency))
            for part, amount in row["parts"].items()
        ),
    )
