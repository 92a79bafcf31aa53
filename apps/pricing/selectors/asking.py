"""Questions to a vendor about its own price, drafted from what stands out in the comparison.

A draft names no other bid and none of the buyer's own figures: neither the lowest defensible cost
nor what another one asks. It asks to explain, never for another price.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from apps.core.templatetags import formats
from apps.pricing.selectors.reading import Result
from apps.pricing.selectors.words import agents, kpi_name
from apps.pricing.types import Quote

Fact = Mapping[str, Any]


def drafts(result: Result, quote: Quote) -> tuple[str, ...]:
    """Return a question for each finding about one bid that the vendor can explain."""
    found = [
        DRAFTS[fact["code"]](fact, result)
        for fact in result.warnings_of(quote)
        if fact["code"] in DRAFTS
    ]
    if quote.paid is None:
        found.insert(0, _unstated(quote))
    return tuple(dict.fromkeys(found))


def _unstated(quote: Quote) -> str:
    return _(
        "How many agents does your price include in each month, and with which shrinkage and "
        "occupancy? By the published workload the promised service level needs {needed}."
    ).format(needed=agents(quote.needed))


def _short(fact: Fact, result: Result) -> str:
    quote = result.by_id[fact["quote"]]
    needed = agents(quote.needed)
    if fact["source"] == "promise":
        return _(
            "Your bid names {promised} agents; by the published workload the promised service level "
            "needs {needed}. Show the staffing by half-hour, with shrinkage and occupancy, that "
            "keeps it."
        ).format(promised=agents(quote.promised), needed=needed)
    return _(
        "By the published workload the promised service level needs {needed} agents. How many does "
        "your price pay for, and how is it made up of wages, social cost, overhead and margin?"
    ).format(needed=needed)


def _level(fact: Fact, _result: Result) -> str:
    return _(
        "For the queue {queue} you promise that {promised} are answered in time. With the agents of "
        "your price we expect {reached}. Which volume, handle time, patience and occupancy do you "
        "reckon with?"
    ).format(
        queue=fact["queue"],
        promised=formats.percentage(fact["promised"]),
        reached=formats.percentage(fact["erlang_c"]),
    )


def _below_floor(_fact: Fact, _result: Result) -> str:
    return _(
        "Which wage, social cost, overhead and margin does your price cover for a paid agent hour, "
        "and at which site?"
    )


def _minimum(_fact: Fact, _result: Result) -> str:
    return _("Confirm how a month below your minimum commitment is billed, with an example.")


def _falls(_fact: Fact, _result: Result) -> str:
    return _(
        "At the edge of a tier one more unit lowers your whole bill. Confirm that the price of a "
        "tier is meant for all units, not for those above its edge."
    )


def _first_tier(fact: Fact, _result: Result) -> str:
    return _("Your minimum of {minimum} lies above your first tier. Confirm both figures.").format(
        minimum=formats.number(fact["minimum"])
    )


def _not_estimated(fact: Fact, _result: Result) -> str:
    return _(
        "Your price depends on {kpi}. Which value have you reached for clients like us, month by "
        "month over the last year, and how was it measured?"
    ).format(kpi=kpi_name(fact["kpi"]))


DRAFTS = {
    "price_pays_for_too_few_agents": _short,
    "service_level_not_reached": _level,
    "price_below_cost_floor": _below_floor,
    "minimum_commitment_binds": _minimum,
    "all_units_price_falls": _falls,
    "minimum_above_first_tier": _first_tier,
    "kpi_not_estimated": _not_estimated,
}
