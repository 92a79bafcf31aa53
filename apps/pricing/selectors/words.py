"""Names of the engine's codes, in the reader's language."""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.core.templatetags import formats

Words = Mapping[str, Promise]

MODELS: Words = MappingProxyType(
    {
        "per_fte": _("Per FTE"),
        "per_minute": _("Per minute"),
        "per_contact": _("Per contact"),
        "outcome_based": _("Outcome based"),
        "managed_service": _("Managed service"),
        "hybrid": _("Hybrid"),
    }
)
PARTS: Words = MappingProxyType(
    {
        "run": _("Run"),
        "shortfall": _("Minimum commitment"),
        "performance": _("Bonus, malus, outcomes"),
        "training": _("Training"),
        "transition": _("Transition"),
        "exit": _("Exit"),
        "governance": _("Governance"),
        "indexation": _("Indexation"),
        "currency": _("Currency"),
    }
)
# What the stack draws together: five inks tell five parts apart, the table has them all.
STACK: tuple[tuple[Promise, tuple[str, ...]], ...] = (
    (_("Run and outcomes"), ("run", "shortfall", "performance")),
    (_("Training"), ("training",)),
    (_("Transition and exit"), ("transition", "exit")),
    (_("Indexation and currency"), ("indexation", "currency")),
    (_("Governance"), ("governance",)),
)
INPUTS: Words = MappingProxyType(
    {
        "volume": _("Contact volume"),
        "aht": _("Handle time"),
        "attrition": _("Attrition"),
        "index": _("Index a year"),
    }
)
TIMING: Words = MappingProxyType(
    {
        "mid_month": _("in the middle of each month"),
        "end": _("at the end of each month"),
        "t0": _("at the start of each month"),
    }
)
BASIS: Words = MappingProxyType(
    {"nominal": _("nominal, inflation included"), "real": _("real, without inflation")}
)


def agents(fte: Decimal | None) -> str:
    """Write agents with one decimal, whole numbers without: 8, 11.4."""
    if fte is None:
        return formats.not_given()
    return formats.number(fte, 0 if fte == fte.to_integral_value() else 1)


def agents_in_column(fte: Decimal | None) -> str:
    """Write agents with one decimal throughout, so that a column lines up: 8.0, 11.4."""
    return formats.not_given() if fte is None else formats.number(fte, 1)


def kpi_name(slug: str) -> str:
    """Write a KPI as people read it: the vendor named it in the price sheet."""
    return slug.replace("_", " ").capitalize()
