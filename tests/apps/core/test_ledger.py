"""The log: events get their places after the commit, and what is signed leaves the machine."""

import json

import pytest
from django.core import mail as outbox
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from apps.core import audit, ledger, signing, soundness, tasks
from apps.core.errors import WrongState
from apps.core.models import AuditEvent, LogCheckpoint, LogNode, LogPending, Mail
from apps.proof import checkpoints, logs
from tests.conftest import acting_for

pytestmark = pytest.mark.usefixtures("log_key")


def happen(buyer, *numbers, action="test.act"):
    return [
        audit.record(
            action=action,
            actor=buyer.lead,
            subject=buyer.procurement,
            procurement_id=buyer.procurement.pk,
            payload={"number": number},
        )
        for number in numbers
    ]


def places():
    leaves = LogNode.objects.filter(level=0).order_by("place")
    return [(node.place, node.event_id) for node in leaves]


def test_events_get_places_without_a_gap_in_their_order(buyer):
    with acting_for(buyer.lead):
        first = happen(buyer, 1, 2, 3)
        with transaction.atomic():
            happen(buyer, 4)
            transaction.set_rollback(True)
        ledger.checkpoint()
        later = happen(buyer, 5, 6)
        ledger.checkpoint()
        assert places() == list(enumerate(event.pk for event in [*first, *later]))
        assert not LogPending.objects.exists()


def test_events_of_one_act_are_written_at_once_and_stand_in_the_log_as_single_ones_do(buyer):
    with acting_for(buyer.lead):
        alone = happen(buyer, 1)
        with CaptureQueriesContext(connection) as seen:
            audit.record_each(
                action="test.act",
                actor=buyer.lead,
                procurement_id=buyer.procurement.pk,
                about=[(buyer.procurement, {"number": number}) for number in (2, 3, 4)],
            )
        assert len(seen) == 1
        ledger.checkpoint()
        held = list(AuditEvent.objects.filter(action="test.act").order_by("seq"))
        assert [json.loads(one.payload)["details"] for one in held] == [
            {"number": number} for number in (1, 2, 3, 4)
        ]
        assert held[0] == alone[0]
        assert [event for _place, event in places()] == [one.pk for one in held]
        first, last = json.loads(held[0].payload), json.loads(held[-1].payload)
        changed = {"at": last["at"], "details": last["details"]}
        assert {**first, **changed} == last
        assert soundness.check(buyer.organisation.pk).sound


def test_an_event_waits_until_a_checkpoint_is_made(buyer):
    with acting_for(buyer.lead):
        happen(buyer, 1, 2)
        assert ledger.standing().waiting == 2
        assert ledger.standing().signed is None
        ledger.checkpoint()
        assert ledger.standing().waiting == 0


def test_a_checkpoint_is_signed_for_this_installation_and_organisation(buyer, log_key):
    with acting_for(buyer.lead):
        happen(buyer, 1, 2, 3)
        signed = checkpoints.read(ledger.checkpoint().note)
    assert signed.confirmed_by(log_key.verify_key)
    assert signed.checkpoint.origin == f"cceval/test/{buyer.organisation.pk}"
    assert signed.checkpoint.size == 3


def test_a_log_that_did_not_grow_gets_no_second_checkpoint(buyer):
    with acting_for(buyer.lead):
        assert ledger.checkpoint() is None
        happen(buyer, 1)
        assert ledger.checkpoint() == ledger.checkpoint()
        assert LogCheckpoint.objects.count() == 1


def test_each_organisation_has_a_log_of_its_own(buyer, other_buyer):
    for people in (buyer, other_buyer):
        with acting_for(people.lead):
            happen(people, 1, 2)
            ledger.checkpoint()
    with acting_for(other_buyer.lead):
        assert [place for place, _event in places()] == [0, 1]
        assert LogCheckpoint.objects.get().organisation_id == other_buyer.organisation.pk


def test_a_checkpoint_leaves_for_the_witness_folder_after_the_commit(
    buyer, settings, django_capture_on_commit_callbacks
):
    with acting_for(buyer.lead), django_capture_on_commit_callbacks(execute=True):
        happen(buyer, 1)
        made = ledger.checkpoint()
        assert not settings.WITNESS_DIR.exists()
    path = ledger.witness_of(made)
    assert path.read_text() == made.note
    assert path.is_relative_to(settings.WITNESS_DIR / str(buyer.organisation.pk))


def test_a_milestone_is_mailed_to_the_auditor_and_other_acts_are_not(buyer):
    with acting_for(buyer.lead):
        happen(buyer, 1)
        ledger.checkpoint()
        assert not Mail.objects.exists()
        happen(buyer, 2, action="rfp.publish")
        made = ledger.checkpoint()
        mail = Mail.objects.get()
    assert mail.recipient == buyer.auditor.email
    assert mail.subject == "Checkpoint of the record at 2 entries"
    assert made.note in mail.text
    assert not outbox.outbox


def test_a_proof_holds_and_is_the_same_however_often_it_is_asked_for(buyer):
    with acting_for(buyer.lead):
        events = happen(buyer, *range(9))
        before = ledger.proof_of(events[4])
        happen(buyer, *range(20))
        ledger.checkpoint()
        for event in AuditEvent.objects.all():
            assert ledger.proof_of(event).holds
        assert ledger.proof_of(events[4]) == before
        assert before.signed.checkpoint.size == 9


def test_an_export_holds_the_content_of_the_given_events_alone(buyer):
    with acting_for(buyer.lead):
        events = happen(buyer, *range(7))
        ledger.checkpoint()
        happen(buyer, *range(3))
        export = ledger.export(AuditEvent.objects.filter(pk__in=[events[1].pk, events[5].pk]))
        written = logs.write_export(export)
        others = AuditEvent.objects.exclude(pk__in=[events[1].pk, events[5].pk])
        salts = [bytes(event.salt).hex() for event in others]
    assert [entry.index for entry in export.entries] == [1, 5]
    assert len(export.leaves) == 10
    assert [one.checkpoint.size for one in export.all_signed] == [7, 10]
    assert list(export.changed_entries()) == []
    assert list(export.departs_from(export.all_signed)) == []
    assert not any(salt.encode() in written for salt in salts)


def test_the_round_signs_every_log_that_grew(buyer, other_buyer):
    for people in (buyer, other_buyer):
        with acting_for(people.lead):
            happen(people, 1)
    tasks.checkpoints()
    for people in (buyer, other_buyer):
        with acting_for(people.lead):
            assert LogCheckpoint.objects.count() == 1


def test_a_milestone_is_signed_before_the_round(buyer, other_buyer):
    with acting_for(buyer.lead):
        happen(buyer, 1, action="bids.opened")
    with acting_for(other_buyer.lead):
        happen(other_buyer, 1)
    tasks.milestones()
    with acting_for(buyer.lead):
        assert LogCheckpoint.objects.count() == 1
    with acting_for(other_buyer.lead):
        assert not LogCheckpoint.objects.exists()


def test_without_a_key_nothing_is_signed_and_the_events_keep_waiting(buyer, settings, tmp_path):
    settings.SIGNING_DIR = tmp_path
    with acting_for(buyer.lead):
        happen(buyer, 1)
        with pytest.raises(WrongState, match="signing key of this installation"):
            ledger.checkpoint()
        assert ledger.standing().waiting == 1
    tasks.checkpoints()
    with acting_for(buyer.lead):
        assert ledger.standing().waiting == 1


def test_a_sound_log_is_said_to_be_sound(buyer, django_capture_on_commit_callbacks):
    with acting_for(buyer.lead), django_capture_on_commit_callbacks(execute=True):
        happen(buyer, *range(5))
        ledger.checkpoint()
        happen(buyer, *range(8))
        ledger.checkpoint()
    with acting_for(buyer.lead):
        found = soundness.check(buyer.organisation.pk)
    assert (found.entries, found.checkpoints, found.witnessed) == (13, 2, 2)
    assert found.sound


def test_a_log_checked_without_the_public_key_is_not_called_sound(buyer, settings, tmp_path):
    with acting_for(buyer.lead):
        happen(buyer, 1)
        ledger.checkpoint()
        settings.SIGNING_DIR = tmp_path
        found = soundness.check(buyer.organisation.pk)
    assert found.faults == ("The public key of the checkpoints is missing.",)


def test_a_witness_from_elsewhere_is_told(buyer, settings):
    with acting_for(buyer.lead):
        happen(buyer, 1)
        made = ledger.checkpoint()
        path = ledger.witness_of(made)
        path.parent.mkdir(parents=True)
        path.write_text(made.note.replace("cceval/test", "cceval/staging"))
        found = soundness.check(buyer.organisation.pk)
        path.write_text("scribble")
        broken = soundness.check(buyer.organisation.pk)
    assert found.faults == ("witness 1 is not signed by this installation for this log.",)
    assert broken.faults == ("witness 1: This is not a checkpoint of this service.",)


def test_the_key_files_have_their_names(settings, log_key):
    assert [key.key_id for key in signing.published()] == [log_key.key_id]
