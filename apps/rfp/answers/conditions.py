"""Conditions: tests of facts and answers, joined by `all`, `any` and `not` to any depth allowed.

    {"question": "1.02", "op": "equals", "value": "Yes"}
    {"all": [{"fact": "channels", "op": "includes", "value": "Voice"}, {"not": {…}}]}

What cannot be told yet is None, and stays None through `not`: nobody is asked, hidden or excluded
by a guess. A knock-out is a condition too, in which a test that names nothing means its own answer.
"""

from collections.abc import Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Any, TypeAlias

from django.utils.translation import gettext as _

from apps.rfp.answers.kinds import is_blank, is_not_applicable
from apps.rfp.answers.operations import HOLDS, MISSING, TEST_OPS, check_value, refuse
from apps.rfp.answers.values import Answers, Facts, Question

Rule: TypeAlias = Mapping[str, Any]
Verdict: TypeAlias = bool | None
ALL, ANY, NOT = "all", "any", "not"
GROUPS = frozenset({ALL, ANY, NOT})
SUBJECTS = frozenset({"fact", "question"})
MOST_DEPTH = 8  # groups inside groups
MOST_TESTS = 40


def parts_of(rule: Rule) -> list[Rule]:
    """Return what a group joins; empty for a test."""
    if NOT in rule:
        return [rule[NOT]]
    return list(rule.get(ALL) or rule.get(ANY) or ())


def tests_of(rule: Rule) -> Iterator[Rule]:
    """Yield every test of a rule, however deep; an empty rule has none."""
    parts = parts_of(rule)
    for part in parts:
        yield from tests_of(part)
    if not parts and rule:
        yield rule


def questions_in(rule: Rule) -> frozenset[str]:
    """Return the codes of the questions that a rule asks about."""
    return frozenset(str(test["question"]) for test in tests_of(rule) if "question" in test)


def verdict(rule: Rule, answers: Answers | None, facts: Facts, own: str = "") -> Verdict:
    """Whether a rule holds; None when an answer or a fact that decides it is not known.

    Without `answers` nothing is known of any: what is left is what the facts alone settle.
    """
    if NOT in rule:
        inner = verdict(rule[NOT], answers, facts, own)
        return None if inner is None else not inner
    if ALL in rule or ANY in rule:
        decides = ANY in rule  # one True settles `any`, one False settles `all`
        found = [verdict(part, answers, facts, own) for part in parts_of(rule)]
        if decides in found:
            return decides
        return None if None in found else not decides
    if "fact" in rule:
        return _of_fact(rule, facts)
    return None if answers is None else _of_answer(rule, answers, own)


def _of_fact(rule: Rule, facts: Facts) -> Verdict:
    if rule["op"] == MISSING:
        return rule["fact"] not in facts
    if rule["fact"] not in facts:
        return None
    return HOLDS[rule["op"]](facts[rule["fact"]], rule.get("value"))


def _of_answer(rule: Rule, answers: Answers, own: str) -> Verdict:
    value = answers.get(rule.get("question", own))
    if rule["op"] == MISSING:
        return is_blank(value)
    if is_blank(value) or is_not_applicable(value):
        return None
    return HOLDS[rule["op"]](value, rule.get("value"))


def asked(question: Question, answers: Answers, facts: Facts) -> bool:
    """Whether the question is asked, given the RFP's facts and the answers that count."""
    return not question.condition or verdict(question.condition, answers, facts) is True


def may_be_asked(question: Question, facts: Facts) -> bool:
    """Whether any bid can be asked: the facts alone may settle a condition for everybody."""
    return not question.condition or verdict(question.condition, None, facts) is not False


def in_order(questions: Iterable[Question]) -> list[Question]:
    """Return the questions so that each stands after those its condition asks about.

    Raises CycleError where they wait for each other.
    """
    known = {one.code: one for one in questions}
    waits = {
        code: sorted(questions_in(one.condition) & known.keys()) for code, one in known.items()
    }
    return [known[code] for code in TopologicalSorter(waits).static_order()]


def asked_codes(questions: Iterable[Question], given: Answers, facts: Facts) -> frozenset[str]:
    """Return the codes asked: an answer to a question that is not asked counts as not given."""
    counted = dict(given)
    found: set[str] = set()
    for question in in_order(questions):
        if asked(question, counted, facts):
            found.add(question.code)
        else:
            counted.pop(question.code, None)
    return frozenset(found)


def circle(questions: Iterable[Question]) -> list[str]:
    """Return the codes of questions whose conditions wait for each other; empty when none do."""
    try:
        in_order(questions)
    except CycleError as error:
        found: list[str] = error.args[1]
        return found
    return []


def check(field: str, rule: Rule, *, codes: set[str], facts: set[str], own: str = "") -> None:
    """Refuse a rule that asks about nothing known, or is deeper or longer than people can read."""
    if depth_of(rule) > MOST_DEPTH:
        sentence = _("Nest at most {most} groups in each other.")
        refuse(field, sentence.format(most=MOST_DEPTH))
    if len(list(tests_of(rule))) > MOST_TESTS:
        refuse(field, _("Keep a rule to {most} tests.").format(most=MOST_TESTS))
    _check(field, rule, codes, facts, own)


def depth_of(rule: Rule) -> int:
    """Return how many groups stand inside each other; a single test has none."""
    parts = parts_of(rule)
    return 1 + max(map(depth_of, parts)) if parts else 0


def _check(field: str, rule: Rule, codes: set[str], facts: set[str], own: str) -> None:
    if GROUPS & rule.keys():
        parts = parts_of(rule)
        if not parts:
            refuse(field, _("Give a group at least one test."))
        for part in parts:
            _check(field, part, codes, facts, own)
        return
    if rule.get("op") not in TEST_OPS:
        refuse(field, _("Choose how each test compares."))
    if rule.keys() >= SUBJECTS or not (rule.keys() & SUBJECTS or own):
        refuse(field, _("Let each test ask about one fact or about one other question."))
    name = rule.get("fact", rule.get("question", own))
    if name not in (facts if "fact" in rule else codes):
        sentence = _("{name} is not among the facts and questions of this RFP. Choose another.")
        refuse(field, sentence.format(name=name))
    check_value(field, str(rule["op"]), rule.get("value"))
