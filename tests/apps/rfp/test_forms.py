"""What the inspector shows is what it would save: every shipped question, tab by tab, unchanged."""

from decimal import Decimal
from typing import Any

import pytest

from apps.core import seeds
from apps.core.errors import Incomplete
from apps.rfp import selectors
from apps.rfp.forms.logic import LogicForm
from apps.rfp.forms.publishing import DeadlineForm
from apps.rfp.forms.questions import EvidenceForm, QuestionForm
from apps.rfp.forms.scoring import ScoringForm
from apps.rfp.forms.workload import WorkloadForm
from apps.rfp.models import Question
from apps.rfp.selectors.wording import (
    auto_words,
    condition_words,
    knockout_words,
    limits_words,
)
from tests.factories.rfp import QUESTIONNAIRE, workload

SHIPPED = seeds.load("rfp/questionnaires", QUESTIONNAIRE)
FACTS = selectors.facts_of(QUESTIONNAIRE)


def as_question(shipped: dict[str, Any]) -> Question:
    return Question(
        **{name: shipped[name] for name in ("code", "topic", "text", "kind", "mode", "domain")},
        required=shipped["required"],
        weight=Decimal(shipped["weight"]),
        options=shipped.get("options", []),
        unit=shipped.get("unit", ""),
        word_limit=shipped.get("word_limit"),
        rubric=shipped.get("rubric", {}),
        auto=shipped.get("auto", []),
        knockout=shipped.get("knockout", {}),
        condition=shipped.get("show_if", {}),
        evidence=shipped["evidence"],
        evidence_required=shipped["evidence_required"],
        scale_min=Decimal(0),
        scale_max=Decimal(5),
    )


QUESTIONS = [as_question(one) for section in SHIPPED["sections"] for one in section["questions"]]


def sent_by(form) -> dict[str, Any]:
    """What a browser sends for a form that nobody touched."""
    values = {name: form[name].value() for name in form.fields}
    kept = {name: value for name, value in values.items() if value is not None}
    return {
        name: value if isinstance(value, list) else str(value)
        for name, value in kept.items()
        if value is not False
    }


def written(auto: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**rule, "level": str(rule["level"])} for rule in auto]


def test_the_question_tab_saves_what_it_shows() -> None:
    for question in QUESTIONS:
        shown = QuestionForm(initial=QuestionForm.initial_of(question))
        changes = QuestionForm(sent_by(shown)).changes()
        assert changes == {name: getattr(question, name) for name in changes}


def test_the_evidence_tab_saves_what_it_shows() -> None:
    for question in QUESTIONS:
        shown = EvidenceForm(initial=EvidenceForm.initial_of(question))
        changes = EvidenceForm(sent_by(shown)).changes()
        assert changes == {name: getattr(question, name) for name in changes}


def test_the_scoring_tab_saves_what_it_shows() -> None:
    for question in QUESTIONS:
        shown = ScoringForm(question=question, initial=ScoringForm.initial_of(question))
        changes = ScoringForm(sent_by(shown), question=question).changes()
        assert changes == {
            "mode": question.mode,
            "weight": str(question.weight),
            "minimum": question.minimum,
            "domain": question.domain,
            "rubric": question.rubric,
            "held_at": question.held_at,
            "auto": written(question.auto),
        }


def test_the_logic_tab_saves_what_it_shows() -> None:
    for question in QUESTIONS:
        others = [one for one in QUESTIONS if one is not question]
        given = {"question": question, "others": others, "facts": FACTS}
        shown = LogicForm(initial=LogicForm.initial_of(question), **given)
        changes = LogicForm(sent_by(shown), **given).changes()
        assert changes == {"condition": question.condition, "knockout": question.knockout}


def same(form_class, question: Question) -> None:
    given = {"question": question} if form_class is ScoringForm else {}
    shown = form_class(initial=form_class.initial_of(question), **given)
    changes = form_class(sent_by(shown), **given).changes()
    assert {**changes, "weight": ""} == {
        **{name: getattr(question, name) for name in changes},
        "weight": "",
    }


GROUP = Question(
    code="1.01",
    topic="Clients",
    text="Name them.",
    kind="group",
    mode="info",
    weight=Decimal(0),
    options=[
        {"name": "Client", "kind": "text_long"},
        {"name": "Size", "kind": "single_choice", "options": ["Small", "Large"]},
        {"name": "Odd", "kind": "single_choice", "options": ["a; b", "[c]"]},
    ],
    limits={"least": "1", "most": "5"},
    allows_na=True,
    commitment=True,
    evidence="Letter",
    evidence_class="reference",
    evidence_expires=True,
)


def test_what_is_new_of_a_question_is_saved_as_it_is_shown() -> None:
    same(QuestionForm, GROUP)
    same(EvidenceForm, GROUP)
    same(
        QuestionForm,
        Question(code="1", kind="number", topic="T", text="T?", limits={"whole": True}),
    )


def scoring(**typed: str) -> list[dict[str, Any]]:
    question = Question(
        code="1.01",
        kind="multi_choice",
        options=["Voice", "Chat"],
        mode="auto",
        weight=Decimal(2),
        auto=[{"op": "points", "value": {"Voice": "3", "Chat": "2.5"}}],
        scale_min=Decimal(0),
        scale_max=Decimal(5),
    )
    shown = sent_by(ScoringForm(question=question, initial=ScoringForm.initial_of(question)))
    return ScoringForm({**shown, **typed}, question=question).changes()["auto"]


def test_points_of_choices_are_saved_as_they_are_shown() -> None:
    assert scoring() == [{"op": "points", "value": {"Voice": "3", "Chat": "2.5"}}]
    changed = scoring(**{"points-0": "", "points-1": "1"})
    assert changed == [{"op": "points", "value": {"Voice": "0", "Chat": "1"}}]
    rules = scoring(**{"points-0": "", "points-1": "", "op-0": "includes", "value-0": "Chat",
                       "level-0": "5", "otherwise": "0"})  # fmt: skip
    assert [rule["op"] for rule in rules] == ["includes", "otherwise"]
    with pytest.raises(Incomplete) as refused:
        scoring(**{"op-0": "includes", "value-0": "Chat", "level-0": "5"})
    assert list(refused.value.fields) == ["points-0"]


def test_points_and_limits_read_as_sentences() -> None:
    question = Question(
        kind="multi_choice",
        options=["Voice", "Chat"],
        auto=[{"op": "points", "value": {"Voice": "3", "Chat": "2.5"}}],
        scale_max=Decimal(5),
    )
    assert auto_words(question) == [
        ("3", "Voice"),
        ("2.5", "Chat"),
        ("5", "At most, all that is chosen added up"),
    ]
    assert limits_words(GROUP) == "at least 1, at most 5 filled rows"
    whole = Question(kind="number", limits={"most": "10", "whole": True})
    assert limits_words(whole) == "at most 10, whole numbers"


YES = {"question": "1.01", "op": "equals", "value": "Yes"}
VOICE = {"fact": "channels", "op": "includes", "value": ["Voice"]}
GONE = {"question": "1.02", "op": "missing"}


def logic(condition: dict[str, Any], knockout: dict[str, Any], **typed: Any) -> LogicForm:
    question = Question(code="2.01", condition=condition, knockout=knockout)
    others = [Question(code="1.01", topic="A"), Question(code="1.02", topic="B")]
    given = {"question": question, "others": others, "facts": FACTS}
    shown = sent_by(LogicForm(initial=LogicForm.initial_of(question), **given))
    return LogicForm({**shown, **typed}, **given)


@pytest.mark.parametrize(
    "condition",
    [
        {"all": [YES, {"any": [VOICE, {"not": GONE}]}]},
        {"not": {"not": {"any": [YES, GONE]}}},
        {"any": [YES]},
        {"question": "1.01", "op": "includes", "value": "Chat"},
        {"question": "1.01", "op": "includes", "value": ["Voice", "Chat"]},
        {"question": "1.01", "op": "between", "value": ["2", "5"]},
    ],
)
def test_the_logic_tab_saves_any_rule_as_it_shows_it(condition: dict) -> None:
    own = {"any": [{"op": "missing"}, condition], "reason": "Because."}
    assert logic(condition, own).changes() == {"condition": condition, "knockout": own}
    three = {"all": [YES, GONE, YES], "reason": "Because.", "channels": ["Voice"]}
    assert logic({}, three).changes() == {"condition": {}, "knockout": three}


def test_a_rule_in_words_that_cannot_be_read_or_stands_beside_another_is_refused() -> None:
    with pytest.raises(Incomplete) as refused:
        logic({}, {}, asked_rule='(question 1.01 equals "Yes"').changes()
    assert refused.value.fields == {"asked_rule": "Close every bracket of the rule."}
    with pytest.raises(Incomplete) as refused:
        logic(YES, {}, asked_rule="question 1.02 missing").changes()
    assert "not in both" in refused.value.fields["asked_rule"]


def test_a_nested_condition_reads_as_one_sentence() -> None:
    rule = {"all": [YES, {"any": [VOICE, {"not": GONE}]}]}
    assert condition_words(Question(code="2.01", condition=rule), ()) == (
        "Asked when the answer to 1.01 is Yes and (the answer to “channels” includes Voice or"
        " not (the answer to 1.02 is missing))"
    )
    out = {"any": [{"op": "equals", "value": "No"}, {"all": [YES, VOICE]}], "reason": "R."}
    assert knockout_words(Question(code="2.01", knockout=out)) == (
        "Excluded when the answer is No or (the answer to 1.01 is Yes and the answer to"
        " “channels” includes Voice)"
    )


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (
            "8.01",
            "Excluded when the answer lacks Voice, as far as one of these is in scope: Voice",
        ),
        ("2.03", "Excluded when the answer is less than 2 rows"),
        ("5.05", "Excluded when the answer is missing"),
        ("11.01", "Excluded when the answer is No and the answer to 11.02 is No"),
        ("11.14", "Excluded when the answer is more than 72 hours"),
    ],
)
def test_knockouts_read_as_sentences(code: str, words: str) -> None:
    question = next(one for one in QUESTIONS if one.code == code)
    assert knockout_words(question) == words


def test_conditions_and_rules_read_as_sentences() -> None:
    by_code = {one.code: one for one in QUESTIONS}
    assert condition_words(by_code["3.04"], FACTS) == "Asked when the answer to 3.03 is more than 0"
    assert condition_words(by_code["9.03"], FACTS) == (
        "Asked when the answer to “Which CRM do agents work in” is Salesforce"
    )
    assert auto_words(by_code["6.04"])[0] == ("5", "The answer lies from 78 to 84%")
    assert auto_words(by_code["8.01"])[:3] == [
        ("5", "The answer includes all that this tender asks (channels)"),
        ("3", "The answer includes Voice, Email, Chat"),
        ("1", "The answer ticks at least 2"),
    ]


def test_a_workload_form_builds_what_it_was_filled_from() -> None:
    content = workload(patience_s="150")
    content["seasonality"] = ["0.98"] * 12
    shown = WorkloadForm(initial=WorkloadForm.initial_of(content, 0, "Records"))
    built = WorkloadForm(sent_by(shown)).content(content, 0)
    queue = built["queues"][0]
    assert built["seasonality"] == content["seasonality"]
    assert {**queue, "minimum_seats": 1, "service_level": None} == {
        **content["queues"][0],
        "concurrency": 1,
        "service_level": None,
    }
    assert queue["service_level"] == {"share": "0.8", "seconds": "30", "definition": "offered"}


def test_a_deadline_form_shows_the_time_of_its_own_zone() -> None:
    form = DeadlineForm({"day": "2031-07-01", "time": "12:00", "zone": "Asia/Kolkata"})
    assert form.checked()["closes_at"].isoformat() == "2031-07-01T12:00:00+05:30"
