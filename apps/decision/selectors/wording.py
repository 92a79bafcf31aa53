"""Sentences from the walk's typed facts: the engine speaks in codes, people read words."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from apps.core.charts.figures import number, percent
from apps.engine.decision.facts import FACTS
from apps.engine.fields import Unit
from apps.engine.pricing.models import PRICING_MODELS

PLACE = re.compile(r"\{([a-z_.]+)\}")
MODEL = "pricing.model"


def plain(shown: str | None) -> str:
    """Show a number with the decimals it has, at most one."""
    if shown is None:
        return "\u2013"
    given = Decimal(shown)
    return number(given, decimals=0 if given == given.to_integral_value() else 1)


def value(fact: str, shown: Any) -> str:
    """Show the value of a fact in its unit."""
    if shown is None:
        return _("not shown")
    if isinstance(shown, bool):
        return _("yes") if shown else _("no")
    if fact == MODEL and shown in PRICING_MODELS:
        return str(PRICING_MODELS[shown].name)
    unit = FACTS[fact].unit if fact in FACTS else None
    if unit is Unit.SHARE:
        return percent(float(shown), decimals=0)
    if unit is None:
        return str(shown).replace("_", " ")
    return plain(str(shown))


def filled(text: str, figures: Mapping[str, Any]) -> str:
    """Put the figures of a walk into a sentence of the tree's file."""
    return PLACE.sub(lambda match: value(match[1], figures.get(match[1])), text)


def answer(word: str) -> str:
    return {"yes": _("yes"), "no": _("no"), "missing": _("not shown")}.get(word, word)


def target(slug: str, tree: Mapping[str, Any]) -> str:
    """Name where a road leads: a question or a recommendation."""
    if slug in tree["leaves"]:
        return str(tree["leaves"][slug]["name"])
    node = tree["nodes"].get(slug)
    return str(node["question"]) if node else ""


def recommendation(result: Mapping[str, Any], tree: Mapping[str, Any]) -> str:
    """Return the leaf's reason, with the figures of the walk."""
    if result["leaf"] is None:
        return _("The tree stops here: a fact is not shown yet.")
    return filled(tree["leaves"][result["leaf"]]["because"], result["figures"])


def conditions(result: Mapping[str, Any], tree: Mapping[str, Any]) -> list[str]:
    """Return what the recommendation is tied to, in the words of the tree's file."""
    found = []
    for met in result["conditions"]:
        if "leaf" in met:
            text = tree["leaves"][met["leaf"]]["conditions"][met["place"]]
        else:
            text = tree["nodes"][met["node"]]["conditions"][met["answer"]]
        found.append(filled(text, result["figures"]))
    return found


def fact_name(slug: str) -> str:
    return FACTS[slug].help.rstrip(".") if slug in FACTS else slug
