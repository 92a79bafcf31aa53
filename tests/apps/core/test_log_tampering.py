"""T-LOG-TAMPER and T-LOG-REWRITE: a superuser changes the log behind the product's back."""

import secrets
import shutil

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from apps.core import audit, ledger, soundness, tenancy
from apps.core.errors import WrongState
from apps.core.models import AuditEvent, LogCheckpoint, LogNode
from apps.proof import canonical, checkpoints, hashes, merkle
from apps.proof.checkpoints import Checkpoint
from apps.workspace.models import Organisation
from apps.workspace.states import Side
from tests.plugin import cluster

ENTRIES = 40
ROWS = 200  # the size that the catalogue asks for
COLUMNS = (
    "action = 'forged'",
    "refused = NOT refused",
    "at = at + interval '1 millisecond'",
    "subject_id = 'forged'",
    "procurement_id = '00000000-0000-0000-0000-000000000001'",
    "payload = replace(payload, '\"number\":', '\"numbre\":')",
    "salt = sha256(salt)",
    "leaf_hash = sha256(leaf_hash)",
)
INSERTED = (
    "DELETE FROM core_logpending; INSERT INTO core_auditevent SELECT gen_random_uuid(),"
    " nextval('cceval_leaf'), organisation_id, procurement_id, action, refused,"
    " subject_type, subject_id, at, payload, salt, leaf_hash, actor_id"
    " FROM core_auditevent LIMIT 1"
)


@pytest.fixture
def log(committed, log_key):
    """A log of 40 events with checkpoints at 10, 20, 30 and 40, all committed; its organisation."""
    organisation = Organisation(name="Weir Valley Homes", side=Side.BUYER)
    with tenancy.acting_as(organisation=organisation.pk):
        organisation.save(force_insert=True)
    for start in range(0, ENTRIES, 10):
        with tenancy.acting_as(organisation=organisation.pk):
            for number in range(start, start + 10):
                audit.record(
                    action="test", actor=None, subject=organisation, payload={"number": number}
                )
        with tenancy.acting_as(organisation=organisation.pk):
            ledger.checkpoint()
    return organisation.pk


@pytest.fixture
def superuser(log, committed):
    """The superuser's own connection, with every trigger of the log switched off."""
    folder = str(cluster().folder)
    with psycopg.connect(host=folder, user="postgres", dbname=committed, autocommit=True) as open_:
        for table in ("core_auditevent", "core_lognode", "core_logcheckpoint"):
            open_.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        yield open_


def faults(organisation):
    with tenancy.acting_as(scope="fsck"):
        return soundness.check(organisation).faults


def at(place):
    return f"id = (SELECT event_id FROM core_lognode WHERE level = 0 AND place = {place})"


def test_every_changed_row_is_named(log, superuser):
    assert faults(log) == ()
    for round_ in range(ROWS):
        change, place = COLUMNS[round_ % len(COLUMNS)], secrets.randbelow(ENTRIES)
        superuser.execute(
            f"CREATE TEMP TABLE kept AS SELECT * FROM core_auditevent WHERE {at(place)}"
        )
        superuser.execute(f"UPDATE core_auditevent SET {change} WHERE {at(place)}")
        told = faults(log)
        assert told, change
        assert f"Entry {place + 1} was changed" in told[0], change
        names = "action, refused, at, subject_id, procurement_id, payload, salt, leaf_hash"
        kept = ", ".join(f"kept.{name.strip()}" for name in names.split(","))
        superuser.execute(
            f"UPDATE core_auditevent e SET ({names}) = ROW({kept}) FROM kept WHERE e.id = kept.id"
        )
        superuser.execute("DROP TABLE kept")
    assert faults(log) == ()


@pytest.mark.parametrize(
    ("forgery", "told"),
    [
        ("DELETE FROM core_lognode WHERE level = 0 AND place = 17", "Entry 18 is missing."),
        (
            "DELETE FROM core_lognode WHERE level = 0 AND place >= 37",
            "3 events neither stand in the log nor wait for it.",
        ),
        (
            INSERTED,
            "1 events neither stand in the log nor wait for it.",
        ),
        (
            "UPDATE core_lognode SET place = 57 - place WHERE level = 0 AND place IN (28, 29)",
            "The tree over the entries from 29 on was changed.",
        ),
        (
            "UPDATE core_lognode SET digest = sha256(digest) WHERE level = 2 AND place = 3",
            "The tree over the entries from 13 on was changed.",
        ),
        (
            "DELETE FROM core_lognode WHERE level = 3 AND place = 2",
            "The tree over the entries from 17 on was changed.",
        ),
        (
            "UPDATE core_logcheckpoint SET note = replace(note, E'\\n20\\n', E'\\n21\\n')",
            "checkpoint 20 is not signed by this installation for this log.",
        ),
    ],
)
def test_removing_inserting_swapping_and_truncating_are_told(log, superuser, forgery, told):
    superuser.execute("ALTER TABLE core_lognode DROP CONSTRAINT IF EXISTS one_node_per_place")
    superuser.execute(forgery)
    assert told in " ".join(faults(log))


def test_the_application_login_changes_nothing(log):
    for table in ("core_auditevent", "core_lognode", "core_logcheckpoint"):
        for statement in (
            f"UPDATE {table} SET id = id",
            f"DELETE FROM {table}",
            f"TRUNCATE {table}",
        ):
            with (
                tenancy.acting_as(organisation=log),
                pytest.raises(DatabaseError),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(statement)


def test_nothing_is_signed_on_top_of_a_changed_tree(log, superuser):
    superuser.execute(
        "UPDATE core_lognode SET digest = sha256(digest) WHERE level = 5 AND place = 0"
    )
    superuser.execute("ALTER TABLE core_auditevent ENABLE TRIGGER event_waits")
    with tenancy.acting_as(organisation=log):
        audit.record(action="test", actor=None, subject=Organisation.objects.get())
    with tenancy.acting_as(organisation=log), pytest.raises(WrongState, match="does not continue"):
        ledger.checkpoint()
    with tenancy.acting_as(organisation=log):
        assert LogCheckpoint.objects.count() == 4


def test_an_event_changed_before_it_got_its_place_is_told(log, superuser):
    superuser.execute("ALTER TABLE core_auditevent ENABLE TRIGGER event_waits")
    with tenancy.acting_as(organisation=log):
        waits = audit.record(action="test", actor=None, subject=Organisation.objects.get())
    superuser.execute("UPDATE core_auditevent SET action = 'x' WHERE id = %s", [waits.pk])
    assert faults(log) == (f"Event {waits.pk} was changed while it waits for its place.",)


@pytest.mark.parametrize("place", [0, 9, 23, 39])
def test_a_log_rewritten_whole_with_the_stolen_key_is_caught_by_one_older_witness(
    log, superuser, log_key, settings, place
):
    with tenancy.acting_as(organisation=log):
        older = {one.size: one for one in LogCheckpoint.objects.all()}
        _rewrite(superuser, log, log_key, place)
    shutil.rmtree(settings.WITNESS_DIR)
    assert faults(log) == ()  # nothing on this machine contradicts the forger …
    for size, one in older.items():
        path = ledger.bear_witness(one)
        told = faults(log)
        path.unlink()
        if size > place:  # … and any checkpoint that left it does
            assert told == (
                f"The log does not continue witness {size}: it was rewritten or cut since.",
            )


def _rewrite(superuser, organisation, key, place):
    """Change one entry and recompute leaf, tree and every checkpoint consistently."""
    event = AuditEvent.objects.get(leaf__place=place)
    body = canonical.encode(
        {**canonical.decode(event.payload.encode()), "details": {"number": 999}}
    )
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
