"""The signing key of receipts and checkpoints is replaced; what the old one signed stays true."""

import datetime as dt
import io
import stat

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from apps.bids.services import submitting
from apps.core import audit, clock, ledger, signing, soundness
from apps.core.models import AuditEvent, LogCheckpoint
from apps.proof import checkpoints, keys, logs
from apps.proof.verifier import cli
from tests.conftest import acting_for
from tests.factories import bids as make

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def folder(tmp_path, settings):
    settings.SIGNING_DIR = tmp_path / "signing"
    settings.WITNESS_DIR = tmp_path / "witness"
    settings.SIGNING_DIR.mkdir()
    (settings.SIGNING_DIR / signing.PASSPHRASE).write_text("a passphrase of this test alone")
    signing.make_key(settings.SIGNING_DIR, at=clock.now())
    return settings.SIGNING_DIR


@pytest.fixture
def submitted(folder, buyer, vendor_a):
    tender = make.tender(buyer)
    bid = make.bid_in(tender.rfp, vendor_a)
    make.fill(bid, tender, vendor_a)
    return make.submit(bid, vendor_a)


def rotate():
    said = io.StringIO()
    call_command("rotate_receipt_key", stdout=said)
    return said.getvalue()


def receipt_of(submission, vendor):
    with acting_for(vendor.owner):
        return submitting.receipt(submission=submission, actor=vendor.owner)


def verify(tmp_path, client, files, capsys):
    """Ask `cceval-verify` with the keys as anybody downloads them."""
    folder = tmp_path / "evidence"
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    key = tmp_path / "cceval-receipts.pem"
    key.write_bytes(client.get(reverse("reports:receipt_key")).content)
    return cli.main([str(folder), "--key", str(key)]), capsys.readouterr().out


def test_receipts_and_checkpoints_from_before_verify_afterwards_beside_new_ones(
    submitted, vendor_a, client, tmp_path, capsys
):
    before = receipt_of(submitted, vendor_a)
    said = rotate()
    with acting_for(vendor_a.owner) as owner:
        audit.record(action="test", actor=owner, subject=submitted)
        ledger.checkpoint()
        export = logs.write_export(ledger.export(AuditEvent.objects.all()))
        sound = soundness.check(vendor_a.organisation.pk)
        signed = {checkpoints.read(one.note).key_hash.hex() for one in LogCheckpoint.objects.all()}
    again = receipt_of(submitted, vendor_a)
    assert again != before  # signed anew, over the same entry and the same old checkpoint
    assert len(signed) == 2
    assert sound.sound
    new, old = signing.published()
    assert f"{new.key_id} signs from now on; {old.key_id} is retired" in said
    files = {"before.json": before, "again.json": again, "record.json": export}
    status, told = verify(tmp_path, client, files, capsys)
    assert status == 0, told
    assert f"Yes, by {old.key_id}." in told
    assert f"Yes, by {new.key_id}." in told


def test_what_a_retired_key_signs_is_refused(submitted, vendor_a, folder, client, tmp_path, capsys):
    """Whoever took the old key dates a checkpoint after its time, or a receipt."""
    receipt_of(submitted, vendor_a)
    stolen = signing.read_key()
    rotate()
    with acting_for(vendor_a.owner):
        last = LogCheckpoint.objects.latest("size")
        unsigned = checkpoints.read(last.note).checkpoint
    later = clock.now() + DAY
    forged = checkpoints.issue(
        checkpoints.Checkpoint(
            origin=unsigned.origin, size=unsigned.size, root=unsigned.root, at=later
        ),
        stolen,
    )
    status, told = verify(tmp_path, client, {"forged.checkpoint": forged.note.encode()}, capsys)
    assert status == 1
    assert "is dated outside the time of the key that signed it." in told


def test_a_new_key_signs_nothing_of_the_time_before_it(
    submitted, vendor_a, client, tmp_path, capsys
):
    receipt_of(submitted, vendor_a)
    rotate()
    with acting_for(vendor_a.owner):
        unsigned = checkpoints.read(LogCheckpoint.objects.latest("size").note).checkpoint
    early = checkpoints.Checkpoint(
        origin=unsigned.origin,
        size=unsigned.size,
        root=unsigned.root,
        at=clock.now() - signing.SLACK - dt.timedelta(minutes=1),
    )
    note = checkpoints.issue(early, signing.read_key()).note
    status, told = verify(tmp_path, client, {"early.checkpoint": note.encode()}, capsys)
    assert status == 1
    assert "is dated outside the time" in told


def test_the_machine_itself_tells_a_checkpoint_out_of_time(submitted, vendor_a, settings):
    receipt_of(submitted, vendor_a)
    stolen = signing.read_key()
    rotate()
    with acting_for(vendor_a.owner):
        made = LogCheckpoint.objects.latest("size")
        good = checkpoints.read(made.note).checkpoint
        late = checkpoints.Checkpoint(
            origin=good.origin, size=good.size, root=good.root, at=clock.now() + DAY
        )
        path = ledger.witness_of(made)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(checkpoints.issue(late, stolen).note)
        faults = soundness.check(vendor_a.organisation.pk).faults
    assert faults == (f"witness {made.size} is dated outside the time of the key that signed it.",)


def test_rotations_add_up_and_the_file_is_readable_by_other_tools(folder):
    first = signing.published()[0]
    rotate()
    rotate()
    published = signing.published()
    assert [key.until is None for key in published] == [True, False, False]
    assert published[2].key_id == first.key_id
    assert published[0].key_id == signing.read_key().key_id
    text = (folder / signing.PUBLIC).read_bytes()
    assert text.count(b"-----BEGIN PUBLIC KEY-----") == 3
    assert keys.VerifyKey.from_pem(text).key_id == published[0].key_id
    assert stat.S_IMODE((folder / signing.PRIVATE).stat().st_mode) == 0o600


@pytest.mark.parametrize("died", ["before the new key was published", "before it was put in use"])
def test_a_rotation_that_died_is_ended_by_the_next_run(folder, died):
    old = signing.read_key()
    passphrase = keys.read_passphrase(folder / signing.PASSPHRASE)
    new = keys.SigningKey.generate()
    (folder / signing.NEXT).write_bytes(new.to_pem(passphrase))
    if died == "before it was put in use":
        held = (new.verify_key, *signing.published())
        (folder / signing.PUBLIC).write_bytes(keys.write_published(held))
    assert signing.read_key().key_id == old.key_id
    rotate()
    assert signing.read_key().key_id == new.key_id
    assert [key.key_id for key in signing.published()] == [new.key_id, old.key_id]
    assert not (folder / signing.NEXT).exists()


def test_without_a_key_there_is_nothing_to_rotate(folder):
    (folder / signing.PUBLIC).unlink()
    with pytest.raises(CommandError, match=r"cannot be read: .* Nothing was changed\."):
        rotate()
    assert signing.read_key()
