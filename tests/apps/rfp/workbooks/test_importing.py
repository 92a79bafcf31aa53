"""A confirmed import becomes the draft, whole or not at all."""

import json
from dataclasses import replace

import pytest

from apps.core.audit import AuditEvent
from apps.core.errors import Incomplete, NotAllowed, WrongState
from apps.core.quarantine.reading import read_workbook
from apps.rfp.models import Question, Section
from apps.rfp.selectors.workbook import form_of
from apps.rfp.services import authoring
from apps.rfp.services.importing import import_form, review
from apps.rfp.workbooks import export, reading
from apps.rfp.workbooks.comparing import Change, compare, differences
from apps.rfp.workbooks.form import Form, Item, Part, digest_of, open_weights
from apps.rfp.workbooks.numbering import joined
from tests.conftest import acting_for
from tests.factories.rfp import ANCHORS, question


def changed(form: Form, code: str, **fields) -> Form:
    return replace(
        form,
        parts=tuple(
            replace(
                part,
                items=tuple(
                    replace(one, **fields) if one.code == code else one for one in part.items
                ),
            )
            for part in form.parts
        ),
    )


def save(rfp, target: Form, actor) -> None:
    import_form(rfp=rfp, target=target, seen=digest_of(form_of(rfp)), actor=actor)


def test_a_draft_goes_out_and_comes_back_without_a_difference(draft, lead):
    before = form_of(draft)
    found = compare(before, reading.read(read_workbook(export.write(before))))
    assert (found.differences, found.stale, found.other) == ((), False, False)
    save(draft, found.target, lead)
    assert form_of(draft) == before


def test_what_was_confirmed_is_what_the_draft_becomes(draft, lead):
    before = form_of(draft)
    first, second, third = before.parts
    target = replace(
        before,
        parts=(
            replace(
                second, weight="45.5", items=(*second.items, replace(first.items[0], code="2.03"))
            ),
            replace(first, title="People", items=(first.items[1], first.items[2])),
            Part(code="9", title="More", items=(Item(code="9.01", topic="A", text="B?", kind="date"),)),
        ),
    )  # fmt: skip
    told = differences(before, target)
    save(draft, target, lead)
    assert form_of(draft).parts == target.parts
    assert {(one.change, one.code) for one in told} == {
        (Change.REMOVED, "3"), (Change.REMOVED, "1.01"), (Change.REMOVED, "3.01"),
        (Change.ADDED, "9"), (Change.ADDED, "9.01"), (Change.ADDED, "2.03"),
        (Change.CHANGED, "1"), (Change.CHANGED, "2"), (Change.MOVED, "2"),
    }  # fmt: skip
    assert third.code not in {part.code for part in form_of(draft).parts}


def test_an_import_is_one_event_with_what_it_did(draft, lead):
    before = form_of(draft)
    save(draft, changed(before, "1.02", topic="Leavers"), lead)
    event = AuditEvent.objects.filter(action="rfp.import_workbook").get()
    assert json.loads(event.payload)["details"] == {
        "before": digest_of(before),
        "after": digest_of(form_of(draft)),
        "added": [],
        "removed": [],
        "removed_sections": [],
        "changed": {"1.02": ["topic"]},
    }


def test_only_the_fields_that_differ_are_written(draft, lead):
    held = question(draft, "1.01")
    Question.objects.filter(pk=held.pk).update(text="  Kept as it is.  ")
    save(draft, changed(form_of(draft), "1.01", topic="New"), lead)
    held.refresh_from_db()
    assert (held.topic, held.text) == ("New", "  Kept as it is.  ")


def test_weights_that_miss_100_are_taken_and_shown(draft, lead):
    before = form_of(draft)
    target = replace(before, parts=(replace(before.parts[0], weight="70"), *before.parts[1:]))
    save(draft, target, lead)
    assert dict(open_weights(form_of(draft))) == {"": "110", "1": "10", "2": "10", "3": "0"}
    assert str(Section.objects.get(rfp=draft, code="1").weight) == "70.0000"


@pytest.mark.parametrize(
    ("code", "fields", "where", "sentence"),
    [
        ("1.01", {"topic": "x" * 121}, "1.01.topic", "1.01: Shorten this to 120 characters"),
        ("1.01", {"text": ""}, "1.01.text", "1.01: Write the question."),
        ("1.01", {"rubric": {}}, "1.01.rubric", "1.01: Write what earns the score"),
        ("1.01", {"weight": "1000"}, "1.01.weight", "1.01: Give a weight from 0 to 999"),
        ("1.02", {"auto": ()}, "1.02.auto", "1.02: End the rules with the level"),
        ("1.02", {"options": (1,)}, "1.02.options", "1.02: Give a rule with these names"),
        ("1.03", {"condition": {"question": "8.88", "op": "missing"}}, "1.03.condition", "1.03: 8.88 is not"),
        ("1.03", {"condition": {"any": []}}, "1.03.condition", "1.03: Give a group at least one test"),
        ("2.01", {"knockout": {"op": "missing"}}, "2.01.knockout", "2.01: Write the reason"),
        ("2.01", {"scale": ("0", "10")}, "2.01.scale", "2.01: The scale of a question stays"),
        ("3.01", {"mode": "manual"}, "3.01.mode", "3.01: Commercial answers are opened"),
    ],
)  # fmt: skip
def test_what_does_not_work_is_refused_by_field_and_nothing_is_saved(
    draft, lead, code, fields, where, sentence
):
    before = form_of(draft)
    target = changed(changed(before, "2.02", topic="Would change"), code, **fields)
    with pytest.raises(Incomplete) as refused:
        save(draft, target, lead)
    assert refused.value.fields[where].startswith(sentence)
    assert form_of(draft) == before
    assert review(rfp=draft, target=target, actor=lead).refused == refused.value.fields


def test_a_question_that_another_one_needs_cannot_go(draft, lead):
    save(
        draft,
        changed(form_of(draft), "1.03", condition={"question": "2.01", "op": "missing"}),
        lead,
    )
    before = form_of(draft)
    second = replace(before.parts[1], items=before.parts[1].items[1:])
    with pytest.raises(Incomplete) as refused:
        save(draft, replace(before, parts=(before.parts[0], second, before.parts[2])), lead)
    assert list(refused.value.fields) == ["1.03.condition"]


def test_questions_of_one_import_may_depend_on_each_other(draft, lead):
    before = form_of(draft)
    added = (
        Item(code="1.04", topic="A", text="A?", kind="yes_no"),
        Item(
            code="1.05", topic="B", text="B?", kind="date",
            condition={"question": "1.04", "op": "equals", "value": "Yes"},
        ),
    )  # fmt: skip
    first = replace(before.parts[0], items=(*before.parts[0].items, *added))
    save(draft, replace(before, parts=(first, *before.parts[1:])), lead)
    assert form_of(draft).parts[0].items[-2:] == added


def test_a_fault_from_before_holds_up_no_other_question(draft, lead):
    Question.objects.filter(rfp=draft, code="1.01").update(rubric={})
    save(draft, changed(form_of(draft), "1.02", topic="New"), lead)
    assert question(draft, "1.02").topic == "New"


def test_a_draft_that_changed_since_it_was_compared_is_not_overwritten(draft, lead):
    seen = digest_of(form_of(draft))
    target = changed(form_of(draft), "1.02", topic="Mine")
    authoring.edit_question(question=question(draft, "1.01"), actor=lead, topic="Theirs")
    with pytest.raises(WrongState, match="has changed since you compared it"):
        import_form(rfp=draft, target=target, seen=seen, actor=lead)
    assert question(draft, "1.02").topic == "Attrition"


def test_a_published_questionnaire_takes_no_import(published, lead):
    with pytest.raises(WrongState):
        save(published, form_of(published), lead)


def test_only_the_lead_imports(draft, buyer):
    with acting_for(buyer.evaluator) as evaluator:
        target = changed(form_of(draft), "1.02", topic="New")
        for act in (lambda: review(rfp=draft, target=target, actor=evaluator),
                    lambda: save(draft, target, evaluator)):  # fmt: skip
            with pytest.raises(NotAllowed):
                act()


def test_a_questionnaire_with_too_many_questions_is_refused(draft, lead):
    before = form_of(draft)
    many = tuple(Item(code=f"1.{n}", topic="A", text="A?", kind="date") for n in range(1000, 3000))
    first = replace(before.parts[0], items=(*before.parts[0].items, *many))
    found = review(rfp=draft, target=replace(before, parts=(first, *before.parts[1:])), actor=lead)
    assert "questions at most" in found.refused["questions"]


def test_a_proposal_comes_behind_the_draft_under_numbers_of_its_own(draft, lead):
    proposal = Form(
        parts=(
            Part(
                code="s1",
                title="From elsewhere",
                items=(
                    Item(code="a", topic="A", text="A?", kind="yes_no"),
                    Item(
                        code="b", topic="B", text="B?", kind="text_long", mode="manual", weight="3",
                        condition={"question": "a", "op": "equals", "value": "No"},
                    ),
                ),
            ),
        )
    )  # fmt: skip
    target = joined(form_of(draft), proposal)
    plan = import_form(rfp=draft, target=target, seen=digest_of(form_of(draft)), actor=lead)
    last = form_of(draft).parts[-1]
    assert (last.code, [one.code for one in last.items]) == ("4", ["4.01", "4.02"])
    assert last.items[1].condition == {"question": "4.01", "op": "equals", "value": "No"}
    assert list(plan.to_mend) == ["4.02.rubric"]
    assert ANCHORS.keys() == {"0", "1", "2", "3", "4", "5"}


def test_the_number_of_queries_does_not_grow_with_the_questionnaire(
    draft, lead, django_assert_num_queries
):
    def enlarged(count: int) -> Form:
        before = form_of(draft)
        items = tuple(
            Item(code=f"1.{n}", topic="A", text="A?", kind="date") for n in range(100, 100 + count)
        )
        first = replace(before.parts[0], items=(*before.parts[0].items, *items))
        return replace(before, parts=(first, *before.parts[1:]))

    small, large = enlarged(1), enlarged(200)
    for target in (small, large):
        with django_assert_num_queries(3):
            assert review(rfp=draft, target=target, actor=lead).refused == {}
