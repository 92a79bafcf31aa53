"""An outside authority stamps checkpoints: asked by the outbox, never waited for, checked offline."""

import datetime as dt

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from apps.core import audit, clock, jobs, ledger, soundness
from apps.core.models import AuditEvent, Job, JobState, LogCheckpoint, LogStamp
from apps.proof import hashes, logs, stamps
from apps.proof.verifier import cli
from tests.conftest import acting_for
from tests.factories.authority import Authority

pytestmark = pytest.mark.usefixtures("log_key")


@pytest.fixture(scope="module")
def authority():
    with Authority().served() as found:
        yield found


@pytest.fixture(autouse=True)
def stamping(authority, settings):
    authority.up, authority.asked = True, 0
    settings.TIME_STAMPING = authority.url


def happen(buyer):
    with acting_for(buyer.lead):
        audit.record(action="test.act", actor=buyer.lead, subject=buyer.procurement)
        return ledger.checkpoint()


def waiting(buyer):
    with acting_for(buyer.lead):
        return list(Job.objects.filter(kind=ledger.STAMP, state=JobState.QUEUED))


def run(buyer):
    return [jobs.run(job.pk) for job in waiting(buyer)]


def held(buyer):
    with acting_for(buyer.lead):
        return list(LogStamp.objects.select_related("checkpoint"))


def test_a_checkpoint_is_stamped_by_the_outbox(
    buyer, authority, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        made = happen(buyer)
        assert run(buyer) == ["done"]
    (stamp,) = held(buyer)
    said = stamps.confirm(bytes(stamp.token), made.note.encode(), [authority.certificate])
    assert stamp.checkpoint == made
    assert said.imprint.hex() == hashes.of_bytes(made.note.encode())
    assert abs(said.at - clock.now()) < dt.timedelta(minutes=1)
    assert said.authority == "Test stamps"
    assert ledger.witness_of(made).with_suffix(".tst").read_bytes() == bytes(stamp.token)


def test_without_an_authority_nobody_is_asked(buyer, settings, authority):
    settings.TIME_STAMPING = ""
    happen(buyer)
    assert waiting(buyer) == []
    assert authority.asked == 0


def test_while_the_authority_is_away_everything_else_goes_on_and_it_is_asked_again(
    buyer, authority, set_clock
):
    authority.up = False
    made = happen(buyer)
    for _attempt in range(5):
        assert run(buyer) == ["failed"]
        set_clock(clock.now() + dt.timedelta(minutes=1))
    (later,) = waiting(buyer)
    assert later.run_after > clock.now() + dt.timedelta(minutes=10)
    assert run(buyer) == ["skipped"]  # not yet due
    authority.up = True
    set_clock(later.run_after + dt.timedelta(seconds=1))
    assert run(buyer) == ["done"]
    assert [one.checkpoint for one in held(buyer)] == [made]


def test_only_the_newest_checkpoint_is_stamped_since_it_covers_those_before(buyer, authority):
    authority.up = False
    happen(buyer)
    newest = happen(buyer)
    authority.up = True
    assert sorted(run(buyer)) == ["done", "done"]
    assert authority.asked == 1
    assert [one.checkpoint for one in held(buyer)] == [newest]


@pytest.mark.parametrize("wrong", ["imprint", "garbage"])
def test_an_authority_that_stamps_something_else_is_not_believed(
    buyer, authority, monkeypatch, wrong
):
    answer = authority.answer
    other = Authority(at=clock.now())
    forged = {
        "imprint": lambda asked: answer(asked.replace(asked[-60:-40], bytes(20))),
        "garbage": lambda _asked: other.pem(),
    }[wrong]
    monkeypatch.setattr(authority, "answer", forged)
    happen(buyer)
    assert run(buyer) == ["failed"]
    assert held(buyer) == []


def verified(buyer, tmp_path, capsys, log_key, *options, files):
    folder = tmp_path / "evidence"
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    key = tmp_path / "key.pem"
    key.write_bytes(log_key.verify_key.to_pem())
    status = cli.main([str(folder), "--key", str(key), *options])
    return status, capsys.readouterr().out


@pytest.fixture
def stamped(buyer):
    """A log of two checkpoints, the second one stamped: its export, checkpoint and stamp."""
    happen(buyer)
    made = happen(buyer)
    run(buyer)
    with acting_for(buyer.lead):
        export = logs.write_export(ledger.export(AuditEvent.objects.all()))
    (stamp,) = held(buyer)
    return {
        "record.json": export,
        "new.checkpoint": made.note.encode(),
        "new.tst": bytes(stamp.token),
    }


@pytest.fixture
def certificate(authority, tmp_path):
    path = tmp_path / "authority.pem"
    path.write_bytes(authority.pem())
    return str(path)


def test_the_verifier_checks_record_and_stamp_offline(
    buyer, stamped, certificate, tmp_path, capsys, log_key
):
    status, said = verified(
        buyer, tmp_path, capsys, log_key, "--authority", certificate, files=stamped
    )
    assert status == 0, said
    assert said.count("Yes: the checkpoint of 2 entries existed on ") == 2
    assert "says Test stamps." in said


def test_without_the_authoritys_certificate_the_question_stays_open(
    buyer, stamped, tmp_path, capsys, log_key
):
    status, said = verified(buyer, tmp_path, capsys, log_key, files=stamped)
    assert status == 2
    assert "certificate with --authority." in said


def test_another_authority_of_the_same_name_vouches_for_nothing(
    buyer, stamped, tmp_path, capsys, log_key
):
    path = tmp_path / "other.pem"
    path.write_bytes(Authority().pem())
    status, said = verified(
        buyer, tmp_path, capsys, log_key, "--authority", str(path), files=stamped
    )
    assert status == 1
    assert said.count("No: the stamp was changed, or another authority made it.") == 2


def test_a_stamp_of_a_checkpoint_that_is_not_there_proves_nothing_here(
    buyer, stamped, certificate, tmp_path, capsys, log_key
):
    files = {"new.tst": stamped["new.tst"]}
    status, said = verified(
        buyer, tmp_path, capsys, log_key, "--authority", certificate, files=files
    )
    assert status == 2
    assert "It stamps a checkpoint that was not given." in said


def test_no_flipped_bit_of_what_a_stamp_says_or_signs_is_accepted(stamped, authority):
    token, note = stamped["new.tst"], stamped["new.checkpoint"]
    assert stamps.confirm(token, note, [authority.certificate])
    for place in range(0, len(token) * 8, 97):
        flipped = bytearray(token)
        flipped[place // 8] ^= 1 << place % 8
        try:
            said = stamps.confirm(bytes(flipped), note, [authority.certificate])
        except stamps.NotAuthentic:
            continue
        # What no signature covers: unsigned certificates that came along, digests named twice.
        assert (said.at, said.imprint) == (stamps.read(token).at, stamps.read(token).imprint)


def test_a_stamp_holds_after_the_certificate_behind_it_has_expired():
    old = Authority(at=dt.datetime(2020, 3, 1, tzinfo=dt.UTC))
    with old.served():
        token = stamps.ask(old.url, b"content", seconds=5)
    said = stamps.confirm(token, b"content", [old.certificate])
    assert said.at.year == 2020
    with pytest.raises(stamps.NotAuthentic):
        stamps.confirm(token, b"other content", [old.certificate])


def test_a_checkpoint_dated_after_its_stamp_is_told(buyer, tmp_path, capsys, log_key, settings):
    old = Authority(at=clock.now() - dt.timedelta(hours=1))
    certificate = tmp_path / "old.pem"
    certificate.write_bytes(old.pem())
    with old.served():
        settings.TIME_STAMPING = old.url
        made = happen(buyer)
        run(buyer)
    (stamp,) = held(buyer)
    files = {"a.checkpoint": made.note.encode(), "a.tst": bytes(stamp.token)}
    status, said = verified(
        buyer, tmp_path, capsys, log_key, "--authority", str(certificate), files=files
    )
    assert status == 1
    assert "before the time that the checkpoint names." in said


def test_a_stored_stamp_of_something_else_is_told_and_none_is_changed(buyer, stamped):
    with acting_for(buyer.lead):
        first = LogCheckpoint.objects.order_by("size")[0]
        ledger.keep_stamp(first, stamped["new.tst"])
        faults = soundness.check(buyer.organisation.pk).faults
        assert faults == ("The time stamp of checkpoint 1 is of something else.",)
        for statement in ("UPDATE core_logstamp SET at = now()", "DELETE FROM core_logstamp"):
            with (
                pytest.raises(DatabaseError),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(statement)


def test_each_log_has_its_own_stamps(buyer, other_buyer, stamped):
    assert held(other_buyer) == []


def test_the_page_of_the_record_says_until_where_the_authority_saw_it(buyer, stamped, client_for):
    page = client_for(buyer.auditor).get(reverse("workspace:record", args=[buyer.procurement.pk]))
    assert "2 entries, seen by an outside authority on " in page.content.decode()
