"""Sentences from the walk's typed facts: the engine speaks in codes, people read words."""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.templatetags import formats
from apps.engine.decision.facts import FACTS, Kind
from apps.engine.decision.nodes import PLACEHOLDER
from apps.engine.fields import Unit
from apps.pricing.selectors.words import MODELS

Plain = Mapping[str, Any]
MODEL = "pricing.model"
LEAST_SHOWN = Decimal("0.005")
NAMES: Mapping[str, Promise] = MappingProxyType(
    {
        "experience.drives_revenue": gettext_lazy("Customer experience drives measurable revenue"),
        "build.able": gettext_lazy("The company can build technology and team itself"),
        "location.capability_and_cost": gettext_lazy("The aim is capability together with cost"),
        "contacts.routine_share": gettext_lazy("Share of routine contacts"),
        "contacts.stakes": gettext_lazy("What is at stake in the other contacts"),
        "contacts.human_required": gettext_lazy("A rule asks for a person"),
        "readiness.score": gettext_lazy("Readiness score"),
        "readiness.band": gettext_lazy("Readiness band"),
        "readiness.gaps": gettext_lazy("Gaps to the next readiness band"),
        "readiness.technology": gettext_lazy("Readiness of technology"),
        "readiness.knowledge": gettext_lazy("Readiness of the knowledge base"),
        "readiness.service_levels": gettext_lazy("Readiness of service levels"),
        "readiness.security": gettext_lazy("Readiness of security"),
        "recovery.rate": gettext_lazy("Revenue recovery rate"),
        "leakage.total": gettext_lazy("Revenue leakage"),
        "ai_efficiency.index": gettext_lazy("AI efficiency index"),
        "roi.percent": gettext_lazy("True ROI"),
        "location.cheapest": gettext_lazy("Cheapest location per resolved contact"),
        "bids.admitted": gettext_lazy("Admitted bids"),
        "ranking.leader": gettext_lazy("Leader of the ranking"),
        "ranking.lead": gettext_lazy("Lead over the second bid"),
        "ranking.first_share": gettext_lazy("Weightings in which the leader stays first"),
        "pricing.model": gettext_lazy("Pricing model of the leader"),
        "pricing.saving_share": gettext_lazy("Saving against the own centre"),
        "staffing.price_pays_for_service": gettext_lazy("The leader's price pays for its service"),
        "staffing.agents_short": gettext_lazy("Agents the leader's price leaves unpaid"),
    }
)
OPTIONS: Mapping[str, Promise] = MappingProxyType(
    {
        "low": gettext_lazy("little"),
        "medium": gettext_lazy("something"),
        "high": gettext_lazy("much"),
        "high_risk": gettext_lazy("High risk"),
        "hybrid": gettext_lazy("Hybrid"),
        "ready": gettext_lazy("Ready"),
        "in_house": gettext_lazy("in house"),
        "onshore": gettext_lazy("onshore"),
        "nearshore": gettext_lazy("nearshore"),
        "offshore": gettext_lazy("offshore"),
    }
)
# What a person has to know before stating the result of a calculation.
HINTS: Mapping[str, Promise] = MappingProxyType(
    {
        "recovery.rate": gettext_lazy(
            "As a ratio, measured against a control group: 0.4 when support recovers 40% of its"
            " own cost. Name the calculation below."
        ),
        "location.cheapest": gettext_lazy(
            "By cost per resolved contact, not by hourly rate. Name the calculation below."
        ),
    }
)


def fact_name(slug: str) -> str:
    return str(NAMES.get(slug, slug))


def value(fact: str, shown: Any) -> str:
    """Write the value of a fact in its unit; None is a fact that is not shown."""
    if shown is None:
        return _("not shown")
    if isinstance(shown, bool):
        return _("yes") if shown else _("no")
    if fact == MODEL:
        return str(MODELS.get(shown, shown))
    known = FACTS[fact]
    if known.kind is Kind.NUMBER:
        return figure(Decimal(str(shown)), known.unit)
    return str(OPTIONS.get(shown, shown)) if known.kind is Kind.CHOICE else str(shown)


def figure(number: Decimal, unit: Unit | None) -> str:
    """Write a number with the decimals that tell it from a tree's limit: 74.5%, 2.33 points."""
    if unit is Unit.SHARE:
        whole = number * 100 == (number * 100).to_integral_value()
        return formats.percentage(number, 0 if whole else 1)
    text = formats.number(number, _decimals(number))
    return _("{points} points").format(points=text) if unit is Unit.POINTS else text


def _decimals(number: Decimal) -> int:
    if number == number.to_integral_value():
        return 0
    return 1 if abs(number * 10 - (number * 10).to_integral_value()) < LEAST_SHOWN else 2


def filled(text: str, figures: Plain) -> str:
    """Put the figures of a walk into a sentence of the tree's file."""
    return PLACEHOLDER.sub(lambda found: in_text(found[1], figures.get(found[1])), text)


def in_text(fact: str, shown: Any) -> str:
    """Write a value inside a sentence that names its unit itself."""
    known = FACTS.get(fact)
    if shown is not None and fact == MODEL:
        name = value(fact, shown)
        return name[:1].lower() + name[1:]
    if shown is None or known is None or known.unit is not Unit.POINTS:
        return value(fact, shown)
    number = Decimal(str(shown))
    return formats.number(number, _decimals(number))


def answer(word: str) -> str:
    return {"yes": _("Yes"), "no": _("No"), "missing": _("Not shown")}[word]


def because(result: Plain, tree: Plain) -> str:
    """Return the leaf's reason with the figures of the walk; empty where the walk stopped."""
    if result["leaf"] is None:
        return ""
    return filled(tree["leaves"][result["leaf"]]["because"], result["figures"])


def conditions(result: Plain, tree: Plain) -> tuple[str, ...]:
    """Return what the recommendation is tied to, in the words of the tree's file."""
    texts = (
        tree["leaves"][met["leaf"]]["conditions"][met["place"]]
        if "leaf" in met
        else tree["nodes"][met["node"]]["conditions"][met["answer"]]
        for met in result["conditions"]
    )
    return tuple(filled(text, result["figures"]) for text in texts)


def bound(fact: str, limit: Any, direction: str | None, *, strict: bool) -> str:
    """Write where a fact would have to be: "80% or more", "below 50 points", "no"."""
    text = value(fact, limit)
    if direction is None:
        return text
    if direction == "up":
        return (_("above {limit}") if strict else _("{limit} or more")).format(limit=text)
    return (_("below {limit}") if strict else _("{limit} or less")).format(limit=text)


def span(found: Plain) -> str:
    """Write the values of a fact that is not shown: an option, a side, or both ends."""
    fact, low, high = found["fact"], found["low"], found["high"]
    if low is None and high is None:
        return value(fact, found["value"])
    if low is not None and high is not None:
        if low["value"] == high["value"]:
            return value(fact, low["value"])
        return _("{low} to {high}").format(
            low=bound(fact, low["value"], "up", strict=low["strict"]),
            high=bound(fact, high["value"], "down", strict=high["strict"]),
        )
    if low is not None:
        return bound(fact, low["value"], "up", strict=low["strict"])
    return bound(fact, high["value"], "down", strict=high["strict"])
