"""Names of the engine's codes, in the reader's language."""

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

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
MODELS_IN_SENTENCES: Words = MappingProxyType(
    {
        "per_fte": _("a price per FTE"),
        "per_minute": _("a price per minute"),
        "per_contact": _("a price per contact"),
        "outcome_based": _("an outcome-based price"),
        "managed_service": _("a managed service"),
        "hybrid": _("a hybrid of models"),
    }
)
