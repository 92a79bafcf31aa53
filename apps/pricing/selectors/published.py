"""The price of record of an RFP, put into the price case: a comparison follows what was published."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _

from apps.pricing.types import Assumed
from apps.rfp.selectors.price_rule import PriceRule, percent

# The parts of a quote that an extra cost stands in; those of the buyer are figures of one object.
OF_QUOTE: Final = ("one_offs", "training", "exit")
OF_BUYER: Final[Mapping[str, tuple[str, ...]]] = {
    "governance": ("governance_per_month",),
    "double_running": ("double_running_months", "internal_cost_per_month"),
}


def scaled(workload: Mapping[str, Any], rule: PriceRule | None) -> Mapping[str, Any]:
    """Return the workload in the scenario that decides: every interval of every week alike."""
    if rule is None or rule.factor == 1:
        return workload
    queues = [
        {**queue, "week": [[_times(one, rule.factor) for one in day] for day in queue["week"]]}
        for queue in workload["queues"]
    ]
    return {**workload, "queues": queues}


def _times(contacts: str, factor: Decimal) -> str:
    return format(Decimal(contacts) * factor, "f")


def counted(quote: dict[str, Any], rule: PriceRule | None) -> dict[str, Any]:
    """Return a quote without the extra costs that the rule leaves out."""
    if rule is None:
        return quote
    left = {name for name in OF_QUOTE if name not in rule.adders}
    kept = {name: value for name, value in quote.items() if name not in left}
    if "buyer_costs" in kept:
        gone = {
            part for name, parts in OF_BUYER.items() if name not in rule.adders for part in parts
        }
        own = {name: value for name, value in kept["buyer_costs"].items() if name not in gone}
        kept["buyer_costs"] = own
    return kept


def deviation(assumed: Assumed, rule: PriceRule | None) -> str:
    """Say how assumptions leave the published rule; empty when they keep to it."""
    if rule is None:
        return ""
    used, published = assumed.terms["discount"], rule.discount
    if _rate(used) == _rate(published):
        return ""
    return _(
        "The RFP published a discount rate of {published}; the assumptions use {used}. Price points"
        " follow the published rate: set it back, then adopt."
    ).format(published=_words(published), used=_words(used))


def _rate(discount: Mapping[str, Any]) -> tuple[str, Decimal, Decimal]:
    inflation = Decimal(str(discount.get("inflation", 0)))
    return str(discount["basis"]), Decimal(str(discount["rate"])), inflation


def _words(discount: Mapping[str, Any]) -> str:
    said = f"{percent(str(discount['rate']))} ({discount['basis']})"
    if "inflation" not in discount:
        return said
    inflation = percent(str(discount["inflation"]))
    return _("{rate} with inflation of {inflation}").format(rate=said, inflation=inflation)
