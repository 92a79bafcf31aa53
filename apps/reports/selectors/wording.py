"""Sentences from typed facts: the engine speaks in codes and numbers, people read words."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from apps.core.charts.figures import millions as in_millions
from apps.core.charts.figures import number, percent
from apps.engine.decision.facts import FACTS
from apps.engine.fields import Unit

PLACE = re.compile(r"\{([a-z_.]+)\}")


def millions(value: str | Decimal, code: str) -> str:
    return in_millions(Decimal(value), code)


def whole(value: str) -> str:
    return number(Decimal(value))


def plain(value: str | None) -> str:
    """Show a number with the decimals it has, at most one."""
    if value is None:
        return "\u2013"
    given = Decimal(value)
    return number(given, decimals=0 if given == given.to_integral_value() else 1)


def part(code: str) -> str:
    """Return the words of a part of cost."""
    words = {
        "run": _("Running the service"),
        "shortfall": _("Minimum commitment"),
        "performance": _("Bonus and malus"),
        "indexation": _("Indexation"),
        "currency": _("Currency"),
        "transition": _("Transition"),
        "training": _("Training"),
        "governance": _("Governance and double running"),
        "exit": _("Exit"),
    }
    return words.get(code, code)


def value(fact: str, shown: Any) -> str:
    """Show the value of a fact in its unit."""
    if shown is None:
        return _("not shown")
    if isinstance(shown, bool):
        return _("yes") if shown else _("no")
    unit = FACTS[fact].unit if fact in FACTS else None
    if unit is Unit.SHARE:
        return percent(float(shown), decimals=0)
    if unit is None:
        return str(shown).replace("_", " ")
    return plain(str(shown))


def filled(text: str, figures: Mapping[str, Any]) -> str:
    """Put the figures of a walk into a sentence of the tree's file."""
    return PLACE.sub(lambda m: value(m[1], figures.get(m[1])), text)


def step(given: Mapping[str, Any], tree: Mapping[str, Any]) -> dict[str, str]:
    """Return one question of the path: what was asked, what shows it, the road not taken."""
    node = tree["nodes"][given["node"]]
    other = "no" if given["answer"] == "yes" else "yes"
    return {
        "question": given["question"],
        "evidence": given["source"] or _("not shown"),
        "answer": f"{value(given['fact'], given['value'])}: {_word(given['answer'])}",
        "otherwise": _target(str(node.get(other, "")), tree),
    }


def _word(answer: str) -> str:
    return {"yes": _("yes"), "no": _("no"), "missing": _("not shown")}.get(answer, answer)


def _target(slug: str, tree: Mapping[str, Any]) -> str:
    if slug in tree["leaves"]:
        return str(tree["leaves"][slug]["name"])
    node = tree["nodes"].get(slug)
    return str(node["question"]) if node else ""


def recommendation(result: Mapping[str, Any], tree: Mapping[str, Any]) -> str:
    """Return the leaf's name and reason, with the figures of the walk."""
    if result["leaf"] is None:
        return _("The tree stops: a fact is not shown yet.")
    leaf = tree["leaves"][result["leaf"]]
    return f"{leaf['name']}. {filled(leaf['because'], result['figures'])}"


def flips(result: Mapping[str, Any], tree: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return which fact would have to become what for another recommendation."""
    names = {leaf["recommend"]: leaf["name"] for leaf in tree["leaves"].values()}
    found = []
    for flip in result["flips"]:
        if flip["recommendation"] == result["recommendation"]:
            continue
        fact = FACTS[flip["fact"]].help.rstrip(".") if flip["fact"] in FACTS else flip["fact"]
        found.append(
            {
                "fact": fact,
                "now": value(flip["fact"], flip["value"]),
                "threshold": value(flip["fact"], flip["to"]),
                "then": names.get(flip["recommendation"], _("another fact has to be shown")),
            }
        )
    return found


def _question_names(content: Mapping[str, Any]) -> dict[str, str]:
    return {
        question["slug"]: str(question.get("name") or question.get("text") or question["slug"])
        for dimension in content["dimensions"]
        for question in dimension["questions"]
    }


def _dimension_of(content: Mapping[str, Any]) -> dict[str, str]:
    return {q["slug"]: d["slug"] for d in content["dimensions"] for q in d["questions"]}


def gap_in(result: Mapping[str, Any], content: Mapping[str, Any], dimension: str) -> str:
    """Return the largest gap of a pillar, in the framework's words."""
    names, homes = _question_names(content), _dimension_of(content)
    gaps = [gap for gap in result["gaps"] if homes.get(gap["question"]) == dimension]
    return names.get(gaps[0]["question"], "") if gaps else ""


def actions(result: Mapping[str, Any], content: Mapping[str, Any]) -> list[str]:
    """Return what closes the largest gaps first."""
    names = _question_names(content)
    return [
        _("Raise: {name}").format(name=names[g["question"]])
        for g in result["gaps"]
        if g["question"] in names
    ]
