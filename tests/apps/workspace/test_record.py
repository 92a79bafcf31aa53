"""The record: read by lead and auditor, taken away with its proofs, checked on the page."""

import html

import pytest
from django.urls import reverse

from apps.core import audit, ledger
from apps.core.models import AuditEvent
from apps.proof import checkpoints, logs
from apps.proof.keys import VerifyKey
from tests.conftest import acting_for
from tests.factories.bids import queries

pytestmark = pytest.mark.usefixtures("log_key")


def url(people, name="record"):
    return reverse(f"workspace:{name}", args=[people.procurement.pk])


def happen(people, count=1, *, action="procurement.tender", **details):
    with acting_for(people.lead):
        return [
            audit.record(
                action=action,
                actor=people.lead,
                subject=people.procurement,
                procurement_id=people.procurement.pk,
                payload={"from": "preparing", "to": "tendering", **details},
            )
            for _number in range(count)
        ]


def sign(people):
    with acting_for(people.lead):
        return ledger.checkpoint()


def read(answer):
    return html.unescape(answer.content.decode())


def test_an_entry_says_who_did_what_from_where_to_where_and_its_place(buyer, client_for):
    happen(buyer, 2)
    sign(buyer)
    happen(buyer)
    shown = read(client_for(buyer.auditor).get(url(buyer)))
    assert shown.count("preparing → tendering") == 6  # three entries, in the wide and narrow form
    assert "Out to tender" in shown
    assert buyer.lead.name in shown
    assert '<td class="num wide-only">2</td>' in shown
    assert "Entries 1 to 2 of your organisation's log are under the checkpoint" in shown
    assert "1 newer entry waits for the next one." in shown


def test_before_the_first_checkpoint_the_page_says_so(buyer, client_for):
    happen(buyer)
    client = client_for(buyer.lead)
    assert "No checkpoint was made yet." in read(client.get(url(buyer)))
    assert client.get(url(buyer, "checkpoint")).status_code == 404


def test_only_lead_and_auditor_read_take_and_check(buyer, other_buyer, vendor_a, client_for):
    happen(buyer)
    sign(buyer)
    for name in ("record", "record_file", "checkpoint"):
        for person in (buyer.lead, buyer.auditor):
            assert client_for(person).get(url(buyer, name)).status_code == 200, name
        for person in (buyer.evaluator, buyer.opener, buyer.executive, buyer.approver):
            assert client_for(person).get(url(buyer, name)).status_code == 403, name
        for person in (other_buyer.auditor, vendor_a.owner):
            assert client_for(person).get(url(buyer, name)).status_code == 404, name
    path = url(buyer, "check_record")
    assert client_for(buyer.auditor).get(path).status_code == 405
    assert client_for(buyer.executive).post(path).status_code == 403
    assert client_for(vendor_a.owner).post(path).status_code == 404


def test_the_file_proves_this_procurement_and_tells_nothing_of_another(buyer, client_for, log_key):
    with acting_for(buyer.lead):
        hidden = audit.record(
            action="procurement.open",
            actor=buyer.lead,
            subject=buyer.procurement,
            procurement_id=buyer.organisation.pk,  # another case of the same organisation
            payload={"title": "A SECRET MERGER"},
        )
    mine = happen(buyer, 3)
    answer = client_for(buyer.auditor).get(url(buyer, "record_file"))
    assert answer["Content-Disposition"].startswith("attachment; filename=")
    export = logs.read_export(answer.content)
    assert export.signed.confirmed_by(log_key.verify_key)
    assert list(export.changed_entries()) == []
    assert list(export.departs_from(export.all_signed)) == []
    acts = [entry.content["action"] for entry in export.entries]
    assert acts == ["procurement.tender"] * 3 + ["procurement.take record"]
    assert [entry.salt for entry in export.entries[:3]] == [bytes(one.salt) for one in mine]
    assert len(export.leaves) == 5
    assert b"SECRET" not in answer.content
    assert bytes(hidden.salt).hex().encode() not in answer.content


def test_taking_the_record_is_recorded(buyer, client_for):
    client_for(buyer.auditor).get(url(buyer, "record_file"))
    with acting_for(buyer.lead):
        event = AuditEvent.objects.get(action="procurement.take record")
    assert event.actor == buyer.auditor


def test_the_checkpoint_and_its_key_can_be_taken_away(buyer, client_for, client, db):
    happen(buyer)
    made = sign(buyer)
    note = client_for(buyer.lead).get(url(buyer, "checkpoint")).content.decode()
    key = VerifyKey.from_pem(client.get(reverse("reports:receipt_key")).content)
    assert note == made.note
    assert checkpoints.read(note).confirmed_by(key)


def test_checking_on_the_page_says_what_was_recomputed(
    buyer, client_for, django_capture_on_commit_callbacks
):
    happen(buyer, 4)
    with django_capture_on_commit_callbacks(execute=True):
        sign(buyer)
    shown = read(client_for(buyer.auditor).post(url(buyer, "check_record")))
    assert "All 4 entries were recomputed just now; the log continues its one checkpoint." in shown
    assert "One checkpoint in the witness folder agrees." in shown


def test_a_check_that_fails_says_what_is_wrong_and_what_to_do(buyer, client_for):
    happen(buyer, 2)
    made = sign(buyer)
    ledger.witness_of(made).parent.mkdir(parents=True)
    ledger.witness_of(made).write_text(made.note.replace("\n2\n", "\n1\n"))
    shown = read(client_for(buyer.auditor).post(url(buyer, "check_record")))
    assert "The log is not what was signed" in shown
    assert "witness 2 is not signed by this installation for this log." in shown
    assert "Tell the auditor, keep every checkpoint" in shown


def test_without_a_key_the_public_one_is_not_found(client, db, settings, tmp_path):
    settings.SIGNING_DIR = tmp_path
    assert client.get(reverse("reports:receipt_key")).status_code == 404


def test_the_page_costs_the_same_queries_for_one_entry_and_for_three(buyer, client_for):
    happen(buyer)
    sign(buyer)
    client = client_for(buyer.lead)
    count = queries(client, url(buyer))
    happen(buyer, 2)
    sign(buyer)
    assert queries(client, url(buyer)) == count
