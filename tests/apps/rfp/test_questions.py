"""Questions of a draft: every change leaves a question that can be asked, answered and scored."""

from decimal import Decimal

import pytest

from apps.core.errors import Incomplete, WrongState
from apps.core.models import AuditEvent
from apps.rfp.models import Question, Section
from apps.rfp.selectors.freezing import content_of
from apps.rfp.services import authoring
from tests.factories.rfp import ANCHORS, question

OTHER = {"level": 0, "op": "otherwise"}


def refusal(call, **kwargs) -> dict[str, str]:
    with pytest.raises(Incomplete) as refused:
        call(**kwargs)
    return refused.value.fields


def edit(draft, lead, code: str, **changes) -> dict[str, str]:
    return refusal(authoring.edit_question, question=question(draft, code), actor=lead, **changes)


def test_every_field_of_a_question_can_change(draft, lead):
    changes = {
        "topic": "Ramp-up plan",
        "text": "How do you ramp up?",
        "kind": "single_choice",
        "options": ["Slowly", "Fast"],
        "unit": "",
        "weight": "7.5",
        "required": False,
        "mode": "auto",
        "rubric": {},
        "auto": [{"level": 5, "op": "equals", "value": "Fast"}, OTHER],
        "knockout": {"op": "equals", "value": "Slowly", "reason": "Fast is needed."},
        "condition": {"fact": "regulated", "op": "equals", "value": False},
        "evidence": "Plan",
        "evidence_required": True,
        "word_limit": None,
        "domain": "culture",
    }
    authoring.edit_question(question=question(draft, "1.01"), actor=lead, **changes)
    stored = question(draft, "1.01")
    assert {name: getattr(stored, name) for name in changes} == {
        **changes,
        "weight": Decimal("7.5"),
    }


def test_a_change_leaves_one_event_with_what_changed(draft, lead):
    before = AuditEvent.objects.count()
    authoring.edit_question(question=question(draft, "1.01"), actor=lead, weight="7")
    assert AuditEvent.objects.count() == before + 1
    event = AuditEvent.objects.order_by("seq").last()
    assert '"changes":{"weight":"7"},"question":"1.01"' in event.payload


REFUSED = (
        ({"colour": "red"}, {"colour": "This field is not known here."}),
        ({"kind": "essay"}, {"kind": "Choose how vendors answer."}),
        ({"mode": "gut"}, {"mode": "Choose how the answer counts."}),
        ({"topic": " "}, {"topic": "Give the question a topic of one to three words."}),
        ({"text": ""}, {"text": "Write the question."}),
        ({"text": 5}, {"text": "Write this as text."}),
        ({"weight": "1000"}, {"weight": "Give a weight from 0 to 999, with at most four decimals."}),
        ({"weight": "0"}, {"weight": "Give a scored question points, or make it information."}),
        ({"required": "yes"}, {"required": "Say yes or no."}),
        ({"word_limit": 0}, {"word_limit": "Give a word limit from 1 to 5000, or none."}),
        ({"word_limit": "many"}, {"word_limit": "Give a word limit from 1 to 5000, or none."}),
        ({"domain": "magic"}, {"domain": "Choose a domain of the vendor matrix, or none."}),
        (
            {"kind": "single_choice", "options": ["One"]},
            {"options": "Give two choices or more, each different, one on a line."},
        ),
        (
            {"kind": "single_choice", "options": ["One", "One"]},
            {"options": "Give two choices or more, each different, one on a line."},
        ),
        (
            {"kind": "table", "options": ["Site"]},
            {"options": "Give the table columns, each with a name and a kind."},
        ),
        (
            {"kind": "table", "options": [{"name": "Site", "kind": "file"}]},
            {
                "options": "Use these kinds of column: text_short, text_long, yes_no,"
                " single_choice, number, percent, currency, date, year."
            },
        ),
        (
            {"kind": "file", "options": ["pdf", "exe"]},
            {
                "options": "Ask for kinds of file that can be taken:"
                " csv, docx, jpeg, jpg, mpp, pdf, png, txt, xlsx."
            },
        ),
        (
            {"kind": "table", "options": []},
            {"options": "Give one column or more, each with a name of its own."},
        ),
        ({"options": [{"name": 1.5, "kind": "number"}]},
         {"options": "Write each value as text, for example 72 or 12.5 in quotes."}),
        (
            {"rubric": {**ANCHORS, "3": "", "4": ""}},
            {"rubric": "Write what earns the score: 3, 4."},
        ),
        ({"rubric": ["a"]}, {"rubric": "Give a sentence for each score."}),
        ({"mode": "auto"}, {"auto": "End the rules with the level for every other answer."}),
        ({"mode": "price", "weight": "0"},
         {"mode": "Ask for prices in a commercial section; the others are opened first."}),
        ({"knockout": {"op": "missing"}},
         {"knockout": "Write the reason that an excluded bidder will read."}),
        ({"knockout": "never"}, {"knockout": "Give a rule, or leave it empty."}),
        ({"knockout": {"op": "missing", "reason": "R.", "channels": "Voice"}},
         {"knockout": "Name the channels as a list."}),
        ({"knockout": {"all": [], "reason": "R."}},
         {"knockout": "Give a group at least one test."}),
        ({"knockout": {"all": [], "op": "missing", "reason": "R."}},
         {"knockout": "Give a group one of the names all, any and not, 8 deep at most."}),
        ({"knockout": {"op": ["equals"], "reason": "R."}}, {"knockout": "Write op as text."}),
        ({"condition": {"question": "1.01", "op": "missing"}},
         {"condition": "1.01 is not among the facts and questions of this RFP. Choose another."}),
        ({"condition": {"when": "always"}},
         {"condition": "Give a rule with these names: question, fact, op, value."}),
        ({"condition": {"fact": "crm", "op": "equals", "value": 2.5}},
         {"condition": "Write each value as text, for example 72 or 12.5 in quotes."}),
    )  # fmt: skip


def test_a_change_that_would_not_work_is_refused_with_what_to_do(draft, lead):
    for changes, fields in REFUSED:
        assert (changes, edit(draft, lead, "1.01", **changes)) == (changes, fields)
    assert question(draft, "1.01").weight == 6
    assert question(draft, "1.01").kind == "text_long"


TWO = ["Voice", "Chat"]
KINDS = (
    ({"kind": "table", "options": [{"name": "A", "kind": "single_choice", "options": ["x"]}]},
     {"options": "Give column A two choices or more, each different."}),
    ({"kind": "group", "options": [{"name": "A", "kind": "number", "options": ["x", "y"]}]},
     {"options": "Only a column of one choice has choices; A is none."}),
    ({"kind": "group", "options": [{"name": "A", "kind": "number", "options": "x"}]},
     {"options": "Give the choices of a column as a list."}),
    ({"limits": {"least": "1"}},
     {"limits": "Only numbers, shares, amounts, tables and groups have limits."}),
    ({"kind": "number", "limits": {"least": "3", "most": "2"}},
     {"limits": "Let the lower limit not be above the higher one."}),
    ({"kind": "number", "limits": {"least": "three"}},
     {"limits": "Write each limit as a number with digits only."}),
    ({"kind": "number", "limits": {"whole": "yes"}}, {"limits": "Say yes or no to whole numbers."}),
    ({"kind": "group", "options": [{"name": "A", "kind": "number"}], "limits": {"most": "61"}},
     {"limits": "Limit rows by whole numbers from 0 to 60."}),
    ({"evidence_class": "iso_27001"},
     {"evidence_class": "Name the evidence to attach before saying what it proves."}),
    ({"evidence_class": "diploma"}, {"evidence_class": "Choose what the file proves, or nothing."}),
    ({"evidence_expires": True},
     {"evidence_expires": "Name the evidence to attach before asking when it expires."}),
    ({"allows_na": True, "knockout": {"op": "missing", "reason": "R."}},
     {"allows_na": "A knock-out has to be answered. Take it away, or this."}),
    ({"kind": "multi_choice", "options": TWO, "mode": "auto",
      "auto": [{"op": "points", "value": {"Voice": "3"}}]},
     {"auto": "Give points to each choice of the question, and no other rule."}),
    ({"kind": "multi_choice", "options": TWO, "mode": "auto",
      "auto": [{"op": "points", "value": {"Voice": 3}}]},
     {"auto": "Write this as text."}),
)  # fmt: skip


def test_a_question_of_a_new_kind_that_would_not_work_is_refused(draft, lead):
    for changes, fields in KINDS:
        assert (changes, edit(draft, lead, "1.01", **changes)) == (changes, fields)


def test_a_knock_out_asks_no_question_that_may_be_left_out(draft, lead):
    authoring.edit_question(question=question(draft, "1.02"), actor=lead, allows_na=True)
    rule = {"any": [{"op": "missing"}, {"question": "1.02", "op": "missing"}], "reason": "R."}
    assert edit(draft, lead, "2.01", knockout=rule) == {
        "knockout": "1.02 may be answered as not applicable; a knock-out cannot ask for it."
    }


def test_what_is_new_is_frozen_with_the_rest(draft, lead):
    new = {
        "kind": "number", "limits": {"least": "0", "whole": True}, "commitment": True,
        "evidence": "Report", "evidence_class": "soc2_type2", "evidence_expires": True,
        "condition": {"not": {"question": "1.02", "op": "missing"}}, "allows_na": True,
    }  # fmt: skip
    authoring.edit_question(question=question(draft, "1.03"), actor=lead, options=[], **new)
    draft.refresh_from_db()
    content = content_of(draft)
    found = next(one for one in content["sections"][0]["questions"] if one["code"] == "1.03")
    assert {name: found[name] for name in new} == new
    assert content["award"]["hidden_counts"] == "leaves"


def test_conditions_follow_each_other_but_never_in_a_circle(draft, lead):
    authoring.edit_question(
        question=question(draft, "1.01"),
        actor=lead,
        condition={"not": {"question": "1.03", "op": "missing"}},
    )
    rule = {"any": [{"question": "1.01", "op": "missing"}, {"fact": "cards", "op": "missing"}]}
    fields = edit(draft, lead, "1.03", condition=rule)
    assert fields == {
        "condition": "cards is not among the facts and questions of this RFP. Choose another."
    }
    rule["any"].pop()
    fields = edit(draft, lead, "1.03", condition=rule)
    assert fields == {
        "condition": "The conditions of 1.01, 1.03 wait for each other. Change one of them."
    }
    with pytest.raises(WrongState, match=r"1\.01 depends on 1\.03"):
        authoring.remove_question(question=question(draft, "1.03"), actor=lead)


def test_every_wrong_field_is_named_at_once(draft, lead):
    assert set(edit(draft, lead, "1.01", weight="x", domain="magic", word_limit=-1)) == {
        "weight",
        "domain",
        "word_limit",
    }


def test_a_commercial_question_is_never_scored(draft, lead):
    fields = edit(draft, lead, "3.01", mode="manual", weight="2", rubric=ANCHORS)
    assert fields == {
        "mode": "Commercial answers are opened after quality is scored. Make this question"
        " information or price, or move it to a technical section."
    }


def test_information_carries_no_points(draft, lead):
    fields = edit(draft, lead, "1.03", weight="2")
    assert fields == {"weight": "Only scored questions carry points. Give 0, or let it be scored."}


def test_a_new_question_gets_the_next_free_code_at_the_end(draft, lead):
    section = Section.objects.get(rfp=draft, code="1")
    section.rfp = draft
    authoring.remove_question(question=question(draft, "1.02"), actor=lead)
    made = authoring.add_question(
        section=section,
        actor=lead,
        topic="Hours",
        text="Which hours do you staff?",
        kind="text_short",
        mode="manual",
        weight="2",
        rubric=ANCHORS,
    )
    assert made.code == "1.02"
    order = Question.objects.filter(section=section).order_by("position")
    assert [one.code for one in order] == ["1.01", "1.03", "1.02"]


def test_an_incomplete_new_question_is_refused_as_a_whole(draft, lead):
    section = Section.objects.get(rfp=draft, code="1")
    section.rfp = draft
    fields = refusal(
        authoring.add_question, section=section, actor=lead, text="Why?", kind="text_short"
    )
    assert set(fields) == {"topic", "weight", "rubric"}
    assert Question.objects.filter(section=section).count() == 3


def test_a_question_another_one_depends_on_is_not_removed(draft, lead):
    authoring.edit_question(
        question=question(draft, "1.01"),
        actor=lead,
        condition={"question": "1.02", "op": "greater_than", "value": "0"},
    )
    with pytest.raises(WrongState, match=r"Question 1\.01 depends on 1\.02"):
        authoring.remove_question(question=question(draft, "1.02"), actor=lead)
    assert Question.objects.filter(rfp=draft, code="1.02").exists()


def test_a_fault_from_elsewhere_does_not_hold_up_another_edit(draft, lead):
    authoring.edit_question(
        question=question(draft, "2.02"),
        actor=lead,
        condition={"question": "1.02", "op": "greater_than", "value": "0"},
    )
    Question.objects.filter(rfp=draft, code="1.02").delete()  # as keeping fewer questions does
    authoring.edit_question(question=question(draft, "2.02"), actor=lead, topic="Plan")
    assert question(draft, "2.02").topic == "Plan"


def test_a_published_question_is_not_edited(published, lead):
    with pytest.raises(WrongState, match="its content is frozen"):
        authoring.edit_question(question=question(published, "1.01"), actor=lead, weight="1")
    with pytest.raises(WrongState, match="its content is frozen"):
        authoring.remove_question(question=question(published, "1.01"), actor=lead)
