"""The buyer's own inputs of the comparison: what stands, what may be set, and what the engine says."""

import re
from collections.abc import Collection, Mapping
from typing import Any

from django.utils.translation import gettext as _

from apps.core.errors import Incomplete
from apps.engine.errors import InvalidInput
from apps.pricing.models import Assumptions
from apps.pricing.types import Assumed, Plain
from apps.rfp.models import Lot, Rfp
from apps.rfp.selectors import published_rule
from apps.workspace.models import Procurement

# Editable starting points, shown as fields on the page; no benchmark.
DEFAULTS: Plain = {
    "discount": {"rate": "0.05", "basis": "nominal"},
    "timing": "mid_month",
    "indexation": "0.03",
}
UNCERTAINTY: Plain = {
    "volume": {"shape": "pert", "low": "0.85", "likely": "1", "high": "1.2"},
    "aht": {"shape": "pert", "low": "0.93", "likely": "1", "high": "1.12"},
}
# What is the buyer's to assume. Currency and term come from the procurement and its RFP, the order
# is by present value, number of draws and seed are the product's: none of them is chosen here.
TERMS = frozenset(
    {"discount", "timing", "indexation", "days_per_year", "volume_range", "capability_value"}
)
INPUTS = frozenset({"volume", "aht", "attrition", "index", "dependence"})
# What the buyer adds to a quote. Everything else of a quote is the vendor's own word.
OF_BUYER = frozenset({"floor_cost_per_paid_hour", "buyer_costs", "performance", "fx"})
QUOTE = re.compile(r"quotes\[(\d+)\]")


def assumptions_of(procurement: Procurement, lot: Lot | None = None) -> Assumed:
    """Return the assumptions that stand, of a lot its own, or the product's defaults as number 0."""
    found = (
        Assumptions.objects.filter(procurement=procurement, lot=lot)
        .select_related("set_by")
        .order_by("-number")
        .first()
    )
    if found is None:
        return Assumed(terms=_defaults(procurement), uncertainty=UNCERTAINTY, bids={})
    return Assumed(
        **{part: found.terms[part] for part in ("terms", "uncertainty", "bids")},
        number=found.number,
        by=found.set_by.name,
        at=found.created_at,
    )


def _defaults(procurement: Procurement) -> Plain:
    """Return the product's defaults under the discount rate that the RFP published, if it did."""
    rfp = Rfp.objects.filter(procurement=procurement).only("price_of_record", "pricing_models")
    held = rfp.first()
    rule = published_rule(held) if held else None
    return {**DEFAULTS, "discount": dict(rule.discount)} if rule else DEFAULTS


def merged(before: Assumed, given: Mapping[str, Any], *, quotes: Collection[str]) -> Assumed:
    """Put what is given over what stands, part by part; Incomplete names what is not the buyer's.

    `quotes` are the bids whose prices are open: nothing is added to another one.
    """
    wrong: dict[str, str] = {}
    known = {"terms": TERMS, "uncertainty": INPUTS, "bids": frozenset(quotes)}
    for part, content in given.items():
        wrong |= _strange(part, content, known)
    bids = given.get("bids")
    for bid, added in bids.items() if isinstance(bids, Mapping) else ():
        if f"bids.{bid}" not in wrong:
            wrong |= _strange(f"bids.{bid}", added, {f"bids.{bid}": OF_BUYER})
    if wrong:
        raise Incomplete(_("Some assumptions need another look."), fields=wrong)
    return Assumed(**{**before.plain(), **given})


def _strange(path: str, content: object, known: Mapping[str, Collection[str]]) -> dict[str, str]:
    if path not in known:
        return {path: _("Remove this part; assumptions are terms, uncertainty and bids.")}
    if not isinstance(content, Mapping):
        return {path: _("Give an object with named values here.")}
    return {
        f"{path}.{name}": _("Remove this; it is not for the buyer to assume here.")
        for name in content
        if name not in known[path]
    }


def refusal(error: InvalidInput, case: Mapping[str, Any]) -> Incomplete:
    """Turn the engine's refusal into ours: its sentence, at the place where the buyer typed."""
    path = error.path or "terms"
    found = QUOTE.match(path)
    if found:
        quote = case["quotes"][int(found[1])]["id"]
        path = path.replace(found[0], f"bids.{quote}", 1)
    return Incomplete(error.sentence, fields={path: error.sentence})
