"""Sentences from typed facts: the engine speaks in codes and numbers, people read words."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from apps.core.charts.figures import millions as in_millions
from apps.core.charts.figures import percent
from apps.engine.decision.facts import FACTS, Kind
from apps.engine.fields import Unit
from apps.engine.pricing.models import PRICING_MODELS
from apps.reports.selectors.paper import Plain, plain

PLACE = re.compile(r"\{([a-z_.]+)\}")
NOT_SHOWN = "not_shown"

# Parts of cost in the order of a bridge; a chart draws them in five groups.
GROUPS: Mapping[str, tuple[str, ...]] = {
    "run": ("run", "shortfall", "performance"),
    "transition": ("transition", "training"),
    "governance": ("governance",),
    "indexation": ("indexation", "currency"),
    "exit": ("exit",),
}
PARTS = tuple(part for parts in GROUPS.values() for part in parts)


def millions(value: str | Decimal, code: str) -> str:
    return in_millions(Decimal(value), code)


def group_name(group: str) -> str:
    return {
        "run": _("Running the service"),
        "transition": _("Transition and training"),
        "governance": _("Governance"),
        "indexation": _("Indexation and currency"),
        "exit": _("Exit"),
    }[group]


def part(code: str) -> str:
    """Return the words of a part of cost."""
    words = {
        "run": _("Running the service"),
        "shortfall": _("Minimum commitment not used"),
        "performance": _("Bonus, malus and outcomes"),
        "transition": _("Transition"),
        "training": _("Training"),
        "governance": _("Governance"),
        "indexation": _("Indexation"),
        "currency": _("Currency"),
        "exit": _("Exit"),
    }
    return words.get(code, code.replace("_", " ").capitalize())


def model(slug: str) -> str:
    """Return the name of a pricing model."""
    return str(PRICING_MODELS[slug].name)


def yes_or_no(flag: object) -> str:
    return _("yes") if flag else _("no")


def value(fact: str, shown: Any) -> str:
    """Show the value of a fact in its unit."""
    if shown is None:
        return _("not shown")
    if isinstance(shown, bool):
        return yes_or_no(shown)
    if fact == "pricing.model":
        return model(shown)
    known = FACTS[fact] if fact in FACTS else None  # noqa: SIM401 -- it refuses unknown names
    if known is None or known.kind in {Kind.CHOICE, Kind.NAME}:
        return _named(known, str(shown))
    if known.unit is Unit.SHARE:
        return percent(Decimal(shown))
    return plain(shown)


def _named(known: object, shown: str) -> str:
    """Leave names as they are; show the slug of a choice as a word."""
    choice = getattr(known, "kind", None) is Kind.CHOICE
    return shown.replace("_", " ").capitalize() if choice else shown


def filled(text: str, figures: Mapping[str, Any]) -> str:
    """Put the figures of a walk into a sentence of the tree's file."""
    return PLACE.sub(lambda found: value(found[1], figures.get(found[1])), text)


def step(given: Plain, tree: Plain) -> dict[str, str]:
    """Return one question of the path: what was asked, what shows it, the road not taken."""
    node = tree["nodes"][given["node"]]
    others = [node[way] for way in ("yes", "no") if way != given["answer"] and way in node]
    return {
        "question": given["question"],
        "evidence": given["source"] or _("not shown"),
        "answer": answer(given),
        "otherwise": _target(others[0], tree) if others else "",
    }


def answer(given: Plain) -> str:
    """Show an answer: the value it rests on first, unless that is a plain yes or no."""
    word = {"yes": _("yes"), "no": _("no"), "missing": _("not shown")}[given["answer"]]
    if given["value"] is None or isinstance(given["value"], bool):
        return word
    return _("{value}: {answer}").format(value=value(given["fact"], given["value"]), answer=word)


def _target(slug: str, tree: Plain) -> str:
    place = tree["leaves"].get(slug) or tree["nodes"][slug]
    return str(place.get("name") or place["question"])


def outcome(result: Plain) -> str:
    """Return what the tree recommends, by name."""
    return str(result["name"] or _("The tree stops: a fact is not shown yet"))


def reason(result: Plain, tree: Plain) -> str:
    """Return why, with the figures of the walk."""
    if result["leaf"] is None:
        return ""
    return filled(tree["leaves"][result["leaf"]]["because"], result["figures"])


def conditions(result: Plain, tree: Plain) -> list[str]:
    """Return the conditions under which the recommendation holds."""
    found = []
    for given in result["conditions"]:
        if "node" in given:
            text = tree["nodes"][given["node"]]["conditions"][given["answer"]]
        else:
            text = tree["leaves"][given["leaf"]]["conditions"][given["place"]]
        found.append(filled(text, result["figures"]))
    return found


def flips(result: Plain, tree: Plain) -> list[dict[str, str]]:
    """Return which fact would have to become what for another recommendation."""
    names = {leaf["recommend"]: leaf["name"] for leaf in tree["leaves"].values()}
    return [
        {
            "fact": _fact(flip["fact"]),
            "now": value(flip["fact"], flip["value"]),
            "threshold": _threshold(flip),
            "then": names.get(flip["recommendation"], _("another fact has to be shown first")),
        }
        for flip in result["flips"]
        if flip["recommendation"] != result["recommendation"]
    ]


def _fact(slug: str) -> str:
    return FACTS[slug].help.rstrip(".") if slug in FACTS else slug


def _threshold(flip: Plain) -> str:
    """Say where a fact flips: a strict limit does not yet, the value itself otherwise does."""
    limit = value(flip["fact"], flip["to"])
    words = {
        ("down", True): _("below {limit}"),
        ("down", False): _("{limit} or less"),
        ("up", True): _("above {limit}"),
        ("up", False): _("{limit} or more"),
    }
    return words.get((flip["direction"], flip["strict"]), "{limit}").format(limit=limit)
