"""Conditions: and, or, not, nested; what is not known stays unknown."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.core.errors import Incomplete
from apps.rfp import answers
from apps.rfp.answers.conditions import MOST_DEPTH, MOST_TESTS, depth_of, verdict
from tests.apps.rfp.answers.asking import Ask

YES = {"question": "a", "op": "equals", "value": "Yes"}
NO = {"question": "b", "op": "equals", "value": "Yes"}
OPEN = {"question": "c", "op": "equals", "value": "Yes"}
GIVEN = {"a": "Yes", "b": "No"}
TRUTH = {True: YES, False: NO, None: OPEN}


def of(rule: dict) -> bool | None:
    return verdict(rule, GIVEN, {})


@pytest.mark.parametrize(("left", "right"), list(itertools.product(TRUTH, repeat=2)))
def test_groups_follow_the_logic_of_three_values(left, right):
    both = [TRUTH[left], TRUTH[right]]
    low = {True: 1, None: 0, False: -1}
    back = {number: value for value, number in low.items()}
    assert of({"all": both}) is back[min(low[left], low[right])]
    assert of({"any": both}) is back[max(low[left], low[right])]
    assert of({"not": TRUTH[left]}) is back[-low[left]]


def test_what_is_not_known_is_not_asked_and_its_opposite_neither():
    assert not answers.asked(Ask(condition=OPEN), GIVEN, {})
    assert not answers.asked(Ask(condition={"not": OPEN}), GIVEN, {})
    assert answers.asked(Ask(condition={"not": NO}), GIVEN, {})
    fact = {"fact": "crm", "op": "equals", "value": "Other"}
    assert not answers.asked(Ask(condition={"not": fact}), {}, {})
    assert answers.asked(Ask(condition={"not": fact}), {}, {"crm": "Zendesk"})


def test_not_applicable_answers_no_test_but_is_not_missing():
    away = {"a": {"not_applicable": "No voice."}}
    assert verdict(YES, away, {}) is None
    assert verdict({"question": "a", "op": "missing"}, away, {}) is False


rules = st.recursive(
    st.sampled_from([YES, NO, OPEN]),
    lambda inner: st.one_of(
        st.builds(lambda one: {"not": one}, inner),
        st.builds(lambda one: {"all": one}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda one: {"any": one}, st.lists(inner, min_size=1, max_size=3)),
    ),
    max_leaves=12,
)


@given(rules)
@settings(max_examples=200, deadline=None)
def test_a_verdict_never_changes_once_it_is_known(rule):
    """What is said with an answer missing holds whatever that answer turns out to be."""
    before = of(rule)
    after = {verdict(rule, {**GIVEN, "c": answer}, {}) for answer in ("Yes", "No")}
    assert before is None or after == {before}
    assert of({"not": {"not": rule}}) is before


def test_the_answers_of_hidden_questions_count_as_not_given_however_long_the_chain():
    chain = [Ask(code="0")]
    for number in range(1, 1200):
        rule = {"question": str(number - 1), "op": "equals", "value": "Yes"}
        chain.append(Ask(code=str(number), condition=rule))
    given = {one.code: "Yes" for one in chain}
    assert len(answers.asked_codes(reversed(chain), given, {})) == 1200
    given["5"] = "No"
    assert answers.asked_codes(chain, given, {}) == {str(number) for number in range(6)}


def test_a_question_asked_while_another_is_missing_is_asked_when_that_one_is_hidden():
    hidden = Ask(code="b", condition={"question": "a", "op": "equals", "value": "Yes"})
    instead = Ask(code="c", condition={"question": "b", "op": "missing"})
    given = {"a": "No", "b": "something from before"}
    assert answers.asked_codes([instead, hidden, Ask(code="a")], given, {}) == {"a", "c"}


def test_conditions_that_wait_for_each_other_are_named():
    first = Ask(code="1.01", condition={"not": {"question": "1.03", "op": "missing"}})
    second = Ask(code="1.02", condition={"question": "1.01", "op": "missing"})
    third = Ask(code="1.03", condition={"any": [{"question": "1.02", "op": "missing"}, YES]})
    assert set(answers.circle([first, second, third])) == {"1.01", "1.02", "1.03"}
    assert answers.circle([first, second]) == []


def test_facts_alone_settle_a_condition_for_everybody_only_where_no_answer_can_change_it():
    voice = {"fact": "channels", "op": "includes", "value": "Voice"}
    facts = {"channels": ["Chat"]}
    assert not answers.may_be_asked(Ask(condition=voice), facts)
    assert not answers.may_be_asked(Ask(condition={"all": [voice, YES]}), facts)
    assert answers.may_be_asked(Ask(condition={"any": [voice, YES]}), facts)
    gone = {"question": "a", "op": "missing"}
    assert answers.may_be_asked(Ask(condition={"not": gone}), facts)


def test_either_answer_of_yes_or_no_may_be_the_right_one():
    out = Ask(kind="yes_no", knockout={"op": "equals", "value": "Yes", "reason": "Disputes."})
    assert answers.knocked_out(out, {"1.01": "Yes"}, {}) is True
    assert answers.knocked_out(out, {"1.01": "No"}, {}) is False
    best = Ask(
        kind="yes_no",
        auto=[{"level": 5, "op": "equals", "value": "No"}, {"level": 0, "op": "otherwise"}],
    )
    assert answers.auto_level(best, "No") == 5
    assert answers.auto_level(best, "Yes") == 0


def test_a_knock_out_speaks_the_language_of_conditions():
    rule = {
        "any": [{"op": "equals", "value": "No"}, {"not": {"fact": "cards", "op": "missing"}}],
        "reason": "R.",
    }
    question = Ask(kind="yes_no", knockout=rule)
    assert answers.knocked_out(question, {"1.01": "Yes"}, {}) is False
    assert answers.knocked_out(question, {"1.01": "No"}, {}) is True
    assert answers.knocked_out(question, {}, {"cards": True}) is True
    assert answers.knocked_out(question, {}, {}) is None


def deep(levels: int) -> dict:
    rule = YES
    for _level in range(levels):
        rule = {"not": rule}
    return rule


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        (deep(MOST_DEPTH + 1), "Nest at most 8 groups in each other."),
        ({"any": [YES] * (MOST_TESTS + 1)}, "Keep a rule to 40 tests."),
        ({"all": []}, "Give a group at least one test."),
        ({"not": {"any": [YES, {"question": "z", "op": "missing"}]}}, "z is not among"),
        ({"not": {"op": "missing"}}, "Let each test ask about one fact"),
        (
            {"question": "a", "fact": "crm", "op": "missing"},
            "Let each test ask about one fact",
        ),
        ({"question": "a", "op": "includes", "value": []}, "Name the choices"),
    ],
)
def test_a_condition_nobody_could_follow_is_refused(rule, sentence):
    with pytest.raises(Incomplete, match=sentence):
        answers.check_condition(rule, codes={"a"}, facts={"crm"})


def test_a_condition_may_be_nested_as_deep_as_is_promised():
    assert depth_of(deep(MOST_DEPTH)) == MOST_DEPTH >= 6
    answers.check_condition(deep(MOST_DEPTH), codes={"a"}, facts=set())
