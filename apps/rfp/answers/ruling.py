"""Knock-outs and marks by rule: plain data of a question, asked about answers.

A rule that cannot be told yet, because its answer is missing, says None: nobody is excluded and
nothing is scored by a guess.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from apps.rfp.answers import conditions, figures
from apps.rfp.answers.conditions import Rule, asked
from apps.rfp.answers.kinds import is_blank, is_not_applicable
from apps.rfp.answers.operations import AUTO_OPS, HOLDS, OTHERWISE, POINTS, check_value, refuse
from apps.rfp.answers.values import Answers, Facts, Question, Value

CHANNELS = "channels"  # the fact that says which channels are in scope
SAID_BESIDE = frozenset({"reason", "channels"})  # what a knock-out holds beside its condition


def what_excludes(rule: Rule) -> dict[str, Any]:
    """Return the condition inside a knock-out, without its reason and its channels."""
    return {name: value for name, value in rule.items() if name not in SAID_BESIDE}


def knocked_out(question: Question, answers: Answers, facts: Facts) -> bool | None:
    """Whether the knock-out excludes this bid; None when an answer it needs is missing.

    A question that is not asked excludes nobody, nor does one about channels out of scope.
    """
    rule = question.knockout
    if not rule or not asked(question, answers, facts):
        return False
    scope = rule.get("channels")
    if scope and not set(scope) & set(facts.get(CHANNELS, ())):
        return False
    return conditions.verdict(what_excludes(rule), answers, facts, question.code)


def reason_of(question: Question) -> str:
    """Return the published reason of a question's knock-out, empty where it has none."""
    return str(question.knockout.get("reason", ""))


def auto_level(
    question: Question, value: Value | None, facts: Facts | None = None
) -> Decimal | None:
    """Return the level that the first matching rule gives; None while unanswered.

    A figure between two anchors gets the lower one: the rules are read from the top and each
    asks for its own anchor in full. A rule about a fact needs `facts`; without that fact this
    raises LookupError, since a level given without it would be wrong. Points of chosen options add
    up, to the top of the scale at most. Not applicable has no level: it is no answer to mark.
    """
    if is_blank(value) or is_not_applicable(value):
        return None
    if points := points_of(question.auto):
        chosen = value if isinstance(value, list) else [value]
        level = sum((Decimal(points[str(one)]) for one in chosen), Decimal(0))
        return min(max(level, question.scale_min), question.scale_max)
    for rule in question.auto:
        wanted, op = rule.get("value"), rule["op"]
        if op == "includes_fact":
            wanted, op = (facts or {})[str(wanted)], "includes"
        if HOLDS[op](value, wanted):
            return Decimal(str(rule["level"]))
    return None


def points_of(rules: Sequence[Rule]) -> Mapping[str, str]:
    """Return the points of each option, where they mark the answer; empty where rules do."""
    found: Mapping[str, str] = rules[0]["value"] if rules and rules[0]["op"] == POINTS else {}
    return found


def check_condition(rule: Rule, *, codes: set[str], facts: set[str]) -> None:
    """Refuse a condition that asks about nothing known; an empty one asks the question always."""
    if rule:
        conditions.check("condition", rule, codes=codes, facts=facts)


def check_knockout(rule: Rule, *, code: str, codes: set[str], facts: set[str]) -> None:
    """Refuse a knock-out without a reason for people, or one that asks about nothing known."""
    if not rule:
        return
    if not str(rule.get("reason", "")).strip():
        refuse("knockout", _("Write the reason that an excluded bidder will read."))
    inside = what_excludes(rule)
    conditions.check("knockout", inside, codes=codes | {code}, facts=facts, own=code)


def check_points(
    rules: Sequence[Rule], *, lowest: Decimal, highest: Decimal, options: Sequence[Any]
) -> None:
    """Refuse points that are not of this question's choices, all of them and nothing beside."""
    points = rules[0].get("value")
    if len(rules) > 1 or not isinstance(points, Mapping) or set(points) != set(options):
        refuse("auto", _("Give points to each choice of the question, and no other rule."))
    for level in points.values():
        _check_level(level, lowest, highest)


def _check_level(level: object, lowest: Decimal, highest: Decimal) -> None:
    figure = figures.decimal(str(level))
    if figure is None or not lowest <= figure <= highest:
        sentence = _("Give levels from {lowest} to {highest}.")
        refuse("auto", sentence.format(lowest=lowest, highest=highest))


def check_auto(
    rules: Sequence[Rule],
    *,
    lowest: Decimal,
    highest: Decimal,
    facts: set[str],
    options: Sequence[Any] = (),
) -> None:
    """Refuse marks outside the scale, operations not known, and a list without an `otherwise`.

    `options` are the choices of a question of one or several; others take no points for choices.
    """
    if rules and rules[0].get("op") == POINTS:
        check_points(rules, lowest=lowest, highest=highest, options=options)
        return
    if not rules or rules[-1].get("op") != OTHERWISE:
        refuse("auto", _("End the rules with the level for every other answer."))
    for rule in rules:
        op = rule.get("op")
        if op not in AUTO_OPS:
            refuse("auto", _("Choose how each rule compares."))
        _check_level(rule.get("level", ""), lowest, highest)
        if op == "includes_fact" and rule.get("value") not in facts:
            refuse("auto", _("Name a fact of this RFP that lists choices."))
        check_value("auto", str(op), rule.get("value"))
