"""Undo takes back the last change of a draft, whichever service made it, row by row."""

import pytest

from apps.core.errors import Conflict, NotAllowed, WrongState
from apps.core.models import AuditEvent
from apps.rfp.models import Change, Question, Section
from apps.rfp.selectors.changes import undoable
from apps.rfp.selectors.workbook import form_of
from apps.rfp.services import authoring, undoing
from apps.rfp.workbooks.form import to_file
from tests.conftest import acting_for
from tests.factories.rfp import CODES, publish, question


def undo(rfp, actor):
    return undoing.undo(rfp=rfp, change_id=undoable(rfp).pk, actor=actor)


def plain(rfp):
    return to_file(form_of(rfp))["sections"]


ACTS = {
    "a text": lambda rfp, by: authoring.edit_question(
        question=question(rfp, "1.01"), actor=by, text="Describe the first year.", weight="7"
    ),
    "weights": lambda rfp, by: authoring.weigh_sections(
        rfp=rfp, weights={"1": "35.5", "2": "64.5"}, actor=by
    ),
    "the order": lambda rfp, by: authoring.move_question(
        question=question(rfp, "1.02"), up=True, actor=by
    ),
    "the order of sections": lambda rfp, by: authoring.move_section(
        rfp=rfp, section=Section.objects.get(rfp=rfp, code="2"), up=True, actor=by
    ),
    "a removal": lambda rfp, by: authoring.remove_question(
        question=question(rfp, "2.01"), actor=by
    ),
    "a removed section": lambda rfp, by: authoring.remove_section(
        rfp=rfp, section=Section.objects.get(rfp=rfp, code="1"), actor=by
    ),
    "an added section": lambda rfp, by: authoring.add_section(rfp=rfp, title="Training", actor=by),
    "a choice": lambda rfp, by: authoring.keep_questions(rfp=rfp, codes=["1.01", "4.08"], actor=by),
}


@pytest.mark.parametrize("what", ACTS)
def test_undo_puts_everything_back_as_it_was(draft, lead, what):
    before = plain(draft)
    ACTS[what](draft, lead)
    assert plain(draft) != before
    undo(draft, lead)
    assert plain(draft) == before


def test_changes_are_undone_from_the_last_to_the_first(draft, lead):
    states = [plain(draft)]
    for act in ("a text", "weights", "a removal", "a removed section"):
        ACTS[act](draft, lead)
        states.append(plain(draft))
    for expected in reversed(states[:-1]):
        undo(draft, lead)
        assert plain(draft) == expected


def test_the_change_is_named_and_the_undo_is_on_record(draft, lead):
    ACTS["a text"](draft, lead)
    assert undoable(draft).words == "question 1.01 edited"
    undo(draft, lead)
    event = AuditEvent.objects.get(action="rfp.undo")
    assert '"change":"edit_question"' in event.payload
    assert undoable(draft).words == "question 3.01 added"


def test_a_change_that_came_meanwhile_is_not_undone_blindly(draft, lead):
    ACTS["a text"](draft, lead)
    seen = undoable(draft).pk
    ACTS["weights"](draft, lead)
    with pytest.raises(Conflict, match="meanwhile"):
        undoing.undo(rfp=draft, change_id=seen, actor=lead)


def test_a_row_that_moved_on_without_a_note_refuses_the_whole_undo(draft, lead):
    authoring.weigh_sections(rfp=draft, weights={"1": "50", "2": "50"}, actor=lead)
    pk = undoable(draft).pk
    undoing.journal.pause()
    Section.objects.filter(rfp=draft, code="1").update(weight=12)
    with pytest.raises(Conflict, match="Nothing was undone"):
        undoing.undo(rfp=draft, change_id=pk, actor=lead)
    assert Section.objects.get(rfp=draft, code="2").weight == 50


def test_a_refused_change_leaves_nothing_to_undo(draft, lead):
    before = undoable(draft)
    with pytest.raises(Exception, match="another look"):
        authoring.edit_question(question=question(draft, "1.01"), actor=lead, weight="lots")
    assert undoable(draft) == before


def test_the_last_fifty_changes_are_kept(draft, lead):
    for at in range(60):
        authoring.weigh_sections(rfp=draft, weights={"1": str(at)}, actor=lead)
    assert Change.objects.filter(rfp=draft).count() == 50


def test_a_published_rfp_has_nothing_to_undo(draft, lead):
    ACTS["a text"](draft, lead)
    pk = undoable(draft).pk
    publish(draft, lead)
    with pytest.raises(WrongState):
        undoing.undo(rfp=draft, change_id=pk, actor=lead)
    assert sorted(Question.objects.filter(rfp=draft).values_list("code", flat=True)) == list(CODES)


def test_only_the_lead_undoes_and_strangers_see_no_change(buyer, other_buyer, draft, lead):
    ACTS["a text"](draft, lead)
    with acting_for(buyer.evaluator) as evaluator, pytest.raises(NotAllowed):
        undo(draft, evaluator)
    with acting_for(other_buyer.lead):
        assert not Change.objects.exists()
