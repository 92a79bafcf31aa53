"""Undo takes back the last change of a draft, whichever service made it, row by row."""

import datetime as dt
import time

import pytest

from apps.core import clock
from apps.core.errors import Conflict, NotAllowed, WrongState
from apps.core.models import AuditEvent
from apps.rfp.models import Change, OwnCost, Question, Rfp, Round, Section, Workload
from apps.rfp.selectors.changes import undoable
from apps.rfp.selectors.workbook import form_of
from apps.rfp.services import authoring, undoing
from apps.rfp.workbooks.form import to_file
from tests.conftest import acting_for
from tests.factories.rfp import CODES, blank_rfp, publish, question, workload


def undo(rfp, actor):
    return undoing.undo(rfp=rfp, change_id=undoable(rfp).pk, actor=actor)


def plain(rfp):
    return to_file(form_of(rfp))["sections"]


def settings(rfp):
    """Return every setting of a draft as the tables hold it."""
    row = Rfp.objects.filter(pk=rfp.pk).values().get()
    round_ = Round.objects.filter(rfp=rfp).values("closes_at", "grace", "zone").first()
    workload = Workload.objects.filter(rfp=rfp).values("content", "source").first()
    own = OwnCost.objects.filter(rfp=rfp).values("quote").first()
    return [row, round_, workload, own]


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


SETTINGS = {
    "terms": lambda rfp, by: authoring.set_terms(
        rfp=rfp, actor=by, quality_weight="70", price_weight="30", introduction="Welcome."
    ),
    "a preset": lambda rfp, by: authoring.set_preset(
        rfp=rfp, actor=by, preset="public", procedure="open"
    ),
    "a deadline": lambda rfp, by: authoring.set_deadline(
        rfp=rfp, actor=by, closes_at=clock.now() + dt.timedelta(days=40), zone="Europe/Paris"
    ),
    "a workload": lambda rfp, by: authoring.set_workload(
        rfp=rfp, actor=by, content=workload(), in_house=None, source="Elsewhere"
    ),
    "a pack": lambda rfp, by: authoring.add_pack(rfp=rfp, actor=by, pack="healthcare"),
}


@pytest.mark.parametrize("what", SETTINGS)
def test_settings_of_a_draft_are_undone_as_its_questions_are(draft, lead, what):
    before, questions = settings(draft), plain(draft)
    SETTINGS[what](draft, lead)
    assert settings(draft) != before
    undo(draft, lead)
    assert (settings(draft), plain(draft)) == (before, questions)


def test_a_deadline_set_for_the_first_time_is_taken_away_again(lead, procurement):
    rfp = blank_rfp(procurement, lead)
    authoring.set_deadline(
        rfp=rfp, actor=lead, closes_at=clock.now() + dt.timedelta(days=40), zone="Europe/Paris"
    )
    undo(rfp, lead)
    assert not Round.objects.filter(rfp=rfp).exists()


def test_a_deadline_that_has_passed_does_not_come_back(draft, lead):
    soon = Round.objects.get(rfp=draft).closes_at - dt.timedelta(hours=1)
    authoring.set_deadline(
        rfp=draft, actor=lead, closes_at=clock.now() + dt.timedelta(seconds=1), zone="UTC"
    )
    authoring.set_deadline(rfp=draft, actor=lead, closes_at=soon, zone="UTC")
    time.sleep(1.1)
    with pytest.raises(Conflict, match="has passed"):
        undo(draft, lead)
    assert Round.objects.get(rfp=draft).closes_at == soon


def test_settings_that_stay_as_they_are_leave_nothing_to_undo(draft, lead):
    before = undoable(draft)
    authoring.set_terms(rfp=draft, actor=lead, term_months=draft.term_months)
    assert undoable(draft) == before


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
    assert undoable(draft).words == "deadline set"


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
