"""One workload under every opened quote: the engine's price case, built from what may be seen."""

import hashlib
from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from apps.bids import selectors as bids
from apps.core.errors import WrongState
from apps.engine import cases
from apps.pricing.models import Assumptions, Comparison
from apps.rfp.models import Rfp
from apps.workspace.models import Procurement, User
from apps.workspace.rules import panel_roles
from apps.workspace.states import Phase, Role
from apps.workspace.types import Todo

# Editable starting points, shown as fields on the page; no benchmark.
DEFAULTS: dict[str, Any] = {
    "discount": {"rate": "0.05", "basis": "nominal"},
    "timing": "mid_month",
    "indexation": "0.03",
}
DRAWS = 10_000
UNCERTAINTY: dict[str, Any] = {
    "volume": {"shape": "pert", "low": "0.85", "likely": "1", "high": "1.2"},
    "aht": {"shape": "pert", "low": "0.93", "likely": "1", "high": "1.12"},
}


def assumptions_of(procurement: Procurement) -> Mapping[str, Any]:
    """Return the terms that stand: `terms`, `uncertainty` and, per bid, what the buyer adds."""
    found = Assumptions.objects.filter(procurement=procurement).order_by("-number").first()
    return found.terms if found else {"terms": DEFAULTS, "uncertainty": UNCERTAINTY, "bids": {}}


def prices_are_open(user: User, rfp: Rfp) -> bool:
    return bool(bids.quotes_for(user, rfp))


def case_of(user: User, procurement: Procurement) -> dict[str, Any]:
    """Build the price case; WrongState while no commercial envelope is open."""
    rfp = procurement.rfp
    quotes = bids.quotes_for(user, rfp)
    if not quotes:
        raise WrongState(
            _(
                "Prices are sealed until the quality scores are locked and the commercial envelopes are opened."
            )
        )
    assumed = assumptions_of(procurement)
    own = assumed.get("bids", {})
    offered = [{**quote, **own.get(quote["id"], {})} for quote in quotes]
    workload = rfp.workload
    if workload.in_house:
        offered.append({"id": "in-house", **workload.in_house, "in_house": True})
    seed = int(hashlib.sha256(rfp.digest.encode()).hexdigest()[:12], 16)
    return {
        "workload": workload.content,
        "terms": {
            **assumed["terms"],
            "currency": procurement.currency,
            "months": rfp.term_months,
        },
        "quotes": offered,
        "uncertainty": {**assumed.get("uncertainty", UNCERTAINTY), "draws": DRAWS, "seed": seed},
    }


def comparison(user: User, procurement: Procurement) -> cases.Record:
    """Run the comparison under the assumptions that stand; nothing is saved."""
    return cases.run("price", case_of(user, procurement))


def latest_comparison(user: User, procurement: Procurement) -> Comparison | None:
    """Return the adopted comparison that stands, for those on the panel."""
    if not panel_roles(user, procurement):
        return None
    return (
        Comparison.objects.filter(procurement=procurement)
        .select_related("adopted_by")
        .order_by("-number")
        .first()
    )


def todos(user: User, procurement: Procurement) -> list[Todo]:
    """Return what the lead has to do about prices."""
    if procurement.phase != Phase.COMMERCIAL or Role.LEAD not in panel_roles(user, procurement):
        return []
    if latest_comparison(user, procurement) or not prices_are_open(user, procurement.rfp):
        return []
    return [
        Todo(
            title=_("Compare the prices"),
            text=_(
                "Check the assumptions, then adopt the comparison: the ranking takes its prices from it."
            ),
            url=reverse("pricing:comparison", args=[procurement.pk]),
            action=_("Compare prices"),
            icon="coins",
        )
    ]
