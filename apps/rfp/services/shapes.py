"""The shape of rules and options as they arrive: known names, plain values, no floats."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from apps.rfp.answers import what_excludes
from apps.rfp.answers.conditions import GROUPS, MOST_DEPTH, MOST_TESTS, NOT
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
    """Read `[{level, op, value?}, …]`; the first that holds gives the level."""
    rules = [
        _mapping("auto", one, "level", "op", "value") for one in _list("auto", raw, MOST_RULES)
    ]
    for rule in rules:
        _texts("auto", rule, "op")
    return rules


def options(raw: object) -> list[Any]:
    """Read choices and file types as text, columns as `{name, kind}`."""
    found: list[Any] = []
    for one in _list("options", raw, MOST_OPTIONS):
        if isinstance(one, str):
            found.append(text_of(one, "options", LONGEST))
            continue
        column = _mapping("options", one, "name", "kind")
        _texts("options", column, "name", "kind")
        found.append(column)
    return found


def rubric(raw: object) -> dict[str, str]:
    """Read a sentence for each score."""
    if not isinstance(raw, Mapping) or len(raw) > MOST_RULES:
        raise refuse("rubric", _("Give a sentence for each score."))
    return {str(step): text_of(text, f"rubric-{step}", LONGEST) for step, text in raw.items()}
