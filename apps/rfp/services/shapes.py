"""The shape of rules and options as they arrive: known names, plain values, no floats."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from apps.rfp.answers import figures, what_excludes
from apps.rfp.answers.conditions import GROUPS, MOST_DEPTH, MOST_TESTS, NOT
from apps.rfp.answers.operations import POINTS
from apps.rfp.answers.ruling import SAID_BESIDE
from apps.rfp.services.drafting import refuse, text_of

LONGEST = 500
MOST_OPTIONS = 60
MOST_RULES = 20


def _mapping(field: str, raw: object, *names: str) -> dict[str, Any]:
    if not isinstance(raw, Mapping) or not set(raw) <= set(names):
        sentence = _("Give a rule with these names: {names}.").format(names=", ".join(names))
        raise refuse(field, sentence)
    return {name: _plain(field, value) for name, value in raw.items()}


def _list(field: str, raw: object, most: int) -> list[Any]:
    if not isinstance(raw, list) or len(raw) > most:
        raise refuse(field, _("Give a list of at most {most}.").format(most=most))
    return raw


def _plain(field: str, value: object) -> Any:
    """Take text, yes or no, whole numbers, and lists of text; a float has no exact cents."""
    if isinstance(value, str):
        return text_of(value, field, LONGEST)
    if isinstance(value, bool | int):
        return value
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return [text_of(one, field, LONGEST) for one in _list(field, value, MOST_OPTIONS)]
    raise refuse(field, _("Write each value as text, for example 72 or 12.5 in quotes."))


def _texts(field: str, rule: Mapping[str, Any], *names: str) -> None:
    for name in names:
        if name in rule and not isinstance(rule[name], str):
            raise refuse(field, _("Write {name} as text.").format(name=name))


def condition(raw: object) -> dict[str, Any]:
    """Read `{question | fact, op, value?}`, or groups of such: `{all | any: […]}`, `{not: …}`."""
    return _rule("condition", raw) if raw else {}


def _rule(field: str, raw: object, depth: int = 0) -> dict[str, Any]:
    """Read a test, or a group that holds nothing but its parts."""
    if not isinstance(raw, Mapping) or not GROUPS & raw.keys():
        rule = _mapping(field, raw, "question", "fact", "op", "value")
        _texts(field, rule, "question", "fact", "op")
        return rule
    if len(raw) > 1 or depth >= MOST_DEPTH:
        sentence = _("Give a group one of the names all, any and not, {most} deep at most.")
        raise refuse(field, sentence.format(most=MOST_DEPTH))
    name, inside = next(iter(raw.items()))
    if name == NOT:
        return {name: _rule(field, inside, depth + 1)}
    return {name: [_rule(field, one, depth + 1) for one in _list(field, inside, MOST_TESTS)]}


def knockout(raw: object) -> dict[str, Any]:
    """Read what excludes a bid, a condition whose tests may mean the own answer, with its reason.

    `{op, value?, channels?, reason}` or `{all | any | not: …, channels?, reason}`.
    """
    field = "knockout"
    if not isinstance(raw, Mapping):
        raise refuse(field, _("Give a rule, or leave it empty."))
    beside = {name: value for name, value in raw.items() if name in SAID_BESIDE}
    rest = _mapping(field, beside, *SAID_BESIDE)
    _texts(field, rest, "reason")
    if "channels" in rest and not isinstance(rest["channels"], list):
        raise refuse(field, _("Name the channels as a list."))
    inside = what_excludes(raw)
    return {**_rule(field, inside), **rest} if inside else rest


def auto(raw: object) -> list[dict[str, Any]]:
    """Read `[{level, op, value?}, …]`, or `[{op: points, value: {option: level}}]` of choices.

    Of rules the first that holds gives the level; points of what is chosen add up.
    """
    held = _list("auto", raw, MOST_RULES)
    if len(held) == 1 and isinstance(held[0], Mapping) and held[0].get("op") == POINTS:
        return [_points(held[0])]
    rules = [_mapping("auto", one, "level", "op", "value") for one in held]
    for rule in rules:
        _texts("auto", rule, "op")
    return rules


def _points(rule: Mapping[str, Any]) -> dict[str, Any]:
    points = rule.get("value")
    if set(rule) != {"op", "value"} or not isinstance(points, Mapping):
        raise refuse("auto", _("Give points to each choice of the question, and no other rule."))
    if len(points) > MOST_OPTIONS:
        raise refuse("auto", _("Give a list of at most {most}.").format(most=MOST_OPTIONS))
    value = {
        text_of(option, "auto", LONGEST): text_of(level, "auto", LONGEST)
        for option, level in points.items()
    }
    return {"op": POINTS, "value": value}


def limits(raw: object) -> dict[str, Any]:
    """Read `{least?, most?, whole?}`: decimals as text; what says nothing is left out."""
    field = "limits"
    rule = _mapping(field, raw, "least", "most", "whole")
    found: dict[str, Any] = {}
    for name in ("least", "most"):
        if rule.get(name, "") != "":
            if figures.decimal(rule[name]) is None:
                raise refuse(field, _("Write each limit as a number with digits only."))
            found[name] = rule[name]
    if not isinstance(rule.get("whole", False), bool):
        raise refuse(field, _("Say yes or no to whole numbers."))
    return {**found, "whole": True} if rule.get("whole") else found


def options(raw: object) -> list[Any]:
    """Read choices and file types as text, columns as `{name, kind, options?}`."""
    found: list[Any] = []
    for one in _list("options", raw, MOST_OPTIONS):
        if isinstance(one, str):
            found.append(text_of(one, "options", LONGEST))
            continue
        column = _mapping("options", one, "name", "kind", "options")
        _texts("options", column, "name", "kind")
        if not isinstance(column.get("options", []), list):
            raise refuse("options", _("Give the choices of a column as a list."))
        found.append(column)
    return found


def rubric(raw: object) -> dict[str, str]:
    """Read a sentence for each score."""
    if not isinstance(raw, Mapping) or len(raw) > MOST_RULES:
        raise refuse("rubric", _("Give a sentence for each score."))
    return {str(step): text_of(text, f"rubric-{step}", LONGEST) for step, text in raw.items()}
