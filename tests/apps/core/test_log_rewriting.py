"""T-LOG-REWRITE: the whole log is recomputed with the stolen signing key, and one paper tells it."""

import datetime as dt
import shutil

from apps.core import ledger, tenancy
from apps.core.models import AuditEvent, LogCheckpoint, LogNode
from apps.proof import canonical, checkpoints, hashes, logs, merkle, receipts
from apps.proof.checkpoints import Checkpoint
from tests.apps.core.forging import ENTRIES, SUBMITTED, asked_outside, faults, put_back
from tests.sizes import size

REWRITES = size(20, 40)
ARRIVED = dt.datetime.fromisoformat(SUBMITTED["arrived_at"])
CONTINUES = "Does the log continue every checkpoint of it?"


def test_a_log_rewritten_whole_is_caught_by_any_one_older_checkpoint_or_receipt(
    log, superuser, log_key, settings, tmp_path
):
    with tenancy.acting_as(organisation=log):
        older = {one.size: one for one in LogCheckpoint.objects.order_by("size")}
        papers = {made: receipt_over(made, log_key) for made in older}
    shutil.rmtree(settings.WITNESS_DIR)
    for number in range(REWRITES):
        place = number * ENTRIES // REWRITES
        with tenancy.acting_as(organisation=log):
            rewrite(superuser, log_key, place)
        assert faults(log) == ()  # nothing on this machine contradicts the forger …
        with tenancy.acting_as(organisation=log):
            export = logs.write_export(ledger.export(AuditEvent.objects.all()))
        assert asked_outside(tmp_path, log_key, {"record.json": export})[0] == 0
        for made, one in older.items():
            caught = made > place  # … and any paper that left it does
            witness = ledger.bear_witness(one)
            assert faults(log) == (
                (f"The log does not continue witness {made}: it was rewritten or cut since.",)
                if caught
                else ()
            )
            witness.unlink()
            for paper in (one.note.encode(), papers[made]):
                files = {"record.json": export, "kept": paper}
                status, answers = asked_outside(tmp_path, log_key, files)
                assert (status, answers[CONTINUES][0]) == (
                    (1, "failed") if caught else (0, "passed")
                ), (place, made)
        put_back(superuser)


def receipt_over(made, key):
    """A vendor's receipt whose entry is the last one under the checkpoint of this size."""
    event = AuditEvent.objects.get(leaf__place=made - 1)
    proof = ledger.proof_of(event)
    short = receipts.Short(
        environment="test",
        round="r",
        vendor="v",
        submission=SUBMITTED["submission"],
        version=1,
        digest=SUBMITTED["manifest_digest"],
    )
    receipt = receipts.Receipt(manifest=short, arrived_at=ARRIVED, committed_at=ARRIVED, log=proof)
    return receipts.issue(receipt, key)


def rewrite(superuser, key, place):
    """Change one entry and recompute leaf, tree and every checkpoint consistently."""
    event = AuditEvent.objects.get(leaf__place=place)
    content = canonical.decode(event.payload.encode())
    body = canonical.encode({**content, "details": {"number": 999}})
    digest = hashes.leaf(bytes(event.salt), body)
    superuser.execute(
        "UPDATE core_auditevent SET payload = %s, leaf_hash = %s WHERE id = %s",
        [body.decode(), digest, event.pk],
    )
    nodes = LogNode.objects.filter(level=0).order_by("place")
    leaves = [bytes(node.digest) for node in nodes]
    leaves[place] = digest
    for node, value in merkle.grow(0, {}, leaves).items():
        superuser.execute(
            "UPDATE core_lognode SET digest = %s WHERE level = %s AND place = %s",
            [value, node.level, node.place],
        )
    for one in LogCheckpoint.objects.all():
        before = checkpoints.read(one.note).checkpoint
        again = Checkpoint(
            origin=before.origin,
            size=before.size,
            root=merkle.root(leaves[: before.size]),
            at=before.at,
        )
        note = checkpoints.issue(again, key).note
        superuser.execute("UPDATE core_logcheckpoint SET note = %s WHERE id = %s", [note, one.pk])
