"""Conditions, knock-outs and marks by rule: plain data of a question, asked about answers.

A rule that cannot be told yet, because its answer is missing, says None: nobody is excluded and
nothing is scored by a guess.
"""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Any, NoReturn

from django.utils.translation import gettext as _

from apps.core.errors import Incomplete
from apps.rfp.answers import figures
from apps.rfp.answers.kinds import is_blank
from apps.rfp.answers.values import Answers, Facts, Question, Value

CHANNELS = "channels"  # the fact that says which channels are in scope
TEST_OPS = ("equals", "not_equals", "less_than", "greater_than", "missing", "lacks")
OTHERWISE = "otherwise"
MISSING = "missing"


def _size(value: object) -> Decimal | None:
    """The figure to compare: of a table its number of rows, of a list its number of choices."""
    if isinstance(value, list):
        return Decimal(len(value))
    return figures.decimal(value)


def _compare(value: object, limit: object, holds: Callable[[Decimal, Decimal], bool]) -> bool:
    left, right = _size(value), figures.decimal(limit)
    return left is not None and right is not None and holds(left, right)


def _equals(value: object, wanted: object) -> bool:
    left, right = figures.decimal(value), figures.decimal(wanted)
    return left == right if left is not None and right is not None else value == wanted


def _between(value: object, ends: Any) -> bool:
    low, high = ends
    return _compare(value, low, Decimal.__ge__) and _compare(value, high, Decimal.__le__)


def _ticked(value: object) -> set[str]:
    return set(value) if isinstance(value, list) else {str(value)}


HOLDS: Mapping[str, Callable[[Any, Any], bool]] = MappingProxyType(
    {
        "equals": _equals,
        "not_equals": lambda value, wanted: not _equals(value, wanted),
        "less_than": lambda value, limit: _compare(value, limit, Decimal.__lt__),
        "at_most": lambda value, limit: _compare(value, limit, Decimal.__le__),
        "greater_than": lambda value, limit: _compare(value, limit, Decimal.__gt__),
        "at_least": lambda value, limit: _compare(value, limit, Decimal.__ge__),
        "between": _between,
        "lacks": lambda value, choice: choice not in _ticked(value),
        "includes": lambda value, choices: set(choices) <= _ticked(value),
        "count_at_least": lambda value, least: _compare(value, least, Decimal.__ge__),
        OTHERWISE: lambda _value, _nothing: True,
    }
)
AUTO_OPS = (
    *("equals", "less_than", "at_most", "greater_than", "at_least", "between"),
    *("includes", "includes_fact", "count_at_least", OTHERWISE),
)


def _holds(test: Mapping[str, Any], value: Value | None) -> bool | None:
    if test["op"] == MISSING:
        return is_blank(value)
    return None if is_blank(value) else HOLDS[test["op"]](value, test.get("value"))


def asked(question: Question, answers: Answers, facts: Facts) -> bool:
    """Whether the question is asked at all, given the RFP's facts and the answers so far."""
    rule = question.condition
    if not rule:
        return True
    if "fact" in rule:
        if rule["op"] == MISSING:
            return rule["fact"] not in facts
        return rule["fact"] in facts and HOLDS[rule["op"]](facts[rule["fact"]], rule.get("value"))
    return bool(_holds(rule, answers.get(rule["question"])))


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
    tests = rule.get("all") or [{"question": question.code, **rule}]
    found = [_holds(test, answers.get(test["question"])) for test in tests]
    if False in found:
        return False
    return None if None in found else True


def reason_of(question: Question) -> str:
    """Return the published reason of a question's knock-out, empty where it has none."""
    return str(question.knockout.get("reason", ""))


def auto_level(
    question: Question, value: Value | None, facts: Facts | None = None
) -> Decimal | None:
    """Return the level that the first matching rule gives; None while unanswered.

    A figure between two anchors gets the lower one: the rules are read from the top and each
    asks for its own anchor in full. A rule about a fact needs `facts`; without that fact this
    raises LookupError, since a level given without it would be wrong.
    """
    if is_blank(value):
        return None
    for rule in question.auto:
        wanted, op = rule.get("value"), rule["op"]
        if op == "includes_fact":
            wanted, op = (facts or {})[str(wanted)], "includes"
        if HOLDS[op](value, wanted):
            return Decimal(str(rule["level"]))
    return None


def _refuse(field: str, sentence: str) -> NoReturn:
    raise Incomplete(sentence, fields={field: sentence})


def _is_range(value: object) -> bool:
    ends = [figures.decimal(end) for end in value] if isinstance(value, list | tuple) else []
    match ends:
        case [Decimal() as low, Decimal() as high]:
            return low <= high
    return False


def _check_value(field: str, op: str, value: object) -> None:
    """Refuse a rule whose value its operation cannot read."""
    if op in {"less_than", "at_most", "greater_than", "at_least", "count_at_least"}:
        if figures.decimal(value) is None:
            _refuse(field, _("Give the limit of the rule as a number, for example 72."))
    elif op == "between":
        if not _is_range(value):
            _refuse(
                field, _("Give the lower and the higher end of the range, for example 78 to 84.")
            )
    elif op == "includes":
        if not isinstance(value, Sequence) or isinstance(value, str) or not value:
            _refuse(field, _("Name the choices that have to be ticked."))
    elif op not in {MISSING, OTHERWISE} and value in (None, ""):
        _refuse(field, _("Say which answer the rule looks for."))


def check_condition(rule: Mapping[str, Any], *, codes: set[str], facts: set[str]) -> None:
    """Refuse a condition that asks about nothing known; an empty one asks the question always."""
    if not rule:
        return
    if rule.get("op") not in TEST_OPS:
        _refuse("condition", _("Choose how the condition compares."))
    if ("fact" in rule) == ("question" in rule):
        _refuse("condition", _("Let the condition depend on one fact or on one other question."))
    known, name = (facts, rule.get("fact")) if "fact" in rule else (codes, rule.get("question"))
    if name not in known:
        sentence = _("{name} is not among the facts and questions of this RFP. Choose another.")
        _refuse("condition", sentence.format(name=name))
    _check_value("condition", str(rule["op"]), rule.get("value"))


def check_knockout(rule: Mapping[str, Any], *, code: str, codes: set[str]) -> None:
    """Refuse a knock-out without a reason for people, or one that asks about nothing known."""
    if not rule:
        return
    if not str(rule.get("reason", "")).strip():
        _refuse("knockout", _("Write the reason that an excluded bidder will read."))
    for test in rule.get("all") or [{"question": code, **rule}]:
        if test.get("op") not in TEST_OPS:
            _refuse("knockout", _("Choose how the knock-out compares."))
        if test.get("question") not in codes | {code}:
            sentence = _("Question {code} is not part of this RFP. Choose another.")
            _refuse("knockout", sentence.format(code=test.get("question")))
        _check_value("knockout", str(test["op"]), test.get("value"))


def check_auto(
    rules: Sequence[Mapping[str, Any]], *, lowest: Decimal, highest: Decimal, facts: set[str]
) -> None:
    """Refuse marks outside the scale, operations not known, and a list without an `otherwise`."""
    if not rules or rules[-1].get("op") != OTHERWISE:
        _refuse("auto", _("End the rules with the level for every other answer."))
    for rule in rules:
        op, level = rule.get("op"), figures.decimal(str(rule.get("level", "")))
        if op not in AUTO_OPS:
            _refuse("auto", _("Choose how each rule compares."))
        if level is None or not lowest <= level <= highest:
            sentence = _("Give levels from {lowest} to {highest}.")
            _refuse("auto", sentence.format(lowest=lowest, highest=highest))
        if op == "includes_fact" and rule.get("value") not in facts:
            _refuse("auto", _("Name a fact of this RFP that lists choices."))
        _check_value("auto", str(op), rule.get("value"))
