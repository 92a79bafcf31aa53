"""T-LOG-TAMPER: a superuser changes the log behind the product's back, and is told where."""

import secrets

import pytest
from django.db import DatabaseError, connection, transaction

from apps.core import audit, ledger, tenancy
from apps.core.errors import WrongState
from apps.core.models import AuditEvent, LogCheckpoint
from apps.proof import logs
from apps.workspace.models import Organisation
from tests.apps.core.forging import ENTRIES, asked_outside, at, faults, put_back
from tests.sizes import size

ROWS = size(200, 2000)
EXPORTS = size(10, 100)
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
COPIED = (
    "INSERT INTO core_auditevent SELECT '{new}', nextval('cceval_leaf'), organisation_id,"
    " procurement_id, action, refused, subject_type, subject_id, at, payload, salt, leaf_hash,"
    " actor_id FROM core_auditevent WHERE {where}"
)
NEW = "00000000-0000-0000-0000-00000000f0f0"


def edited(place, change):
    return [f"UPDATE core_auditevent SET {change} WHERE {at(place)}"], {
        f"Entry {place + 1} was changed"
    }


def deleted(place):
    return [f"DELETE FROM core_auditevent WHERE {at(place)}"], {f"Entry {place + 1} is missing."}


def unplaced(place):
    """The event stays, its place goes: of the last one no gap is left, and the event tells it."""
    told = {f"Entry {place + 1} is missing."} if place < ENTRIES - 1 else {"1 events neither"}
    return [f"DELETE FROM core_lognode WHERE level = 0 AND place = {place}"], told


def inserted(place):
    return [COPIED.format(new=NEW, where=at(place))], {f"the first is {NEW}"}


def squeezed_in(place):
    """A forged event with a place of its own; those behind it move up."""
    moved = "WHERE level = 0 AND place >"
    return [
        COPIED.format(new=NEW, where=at(place)),
        f"UPDATE core_lognode SET place = place + 1 {moved} {place}",
        (
            "INSERT INTO core_lognode SELECT gen_random_uuid(), organisation_id, 0, place + 1, digest,"
            f" '{NEW}' FROM core_lognode WHERE level = 0 AND place = {place}"
        ),
    ], from_pair(place + 1) if place < ENTRIES - 1 else {f"The entries from {ENTRIES + 1} on"}


def swapped(place):
    other = (place + 1) % ENTRIES
    first = min(place, other)
    return [
        (
            f"UPDATE core_lognode SET place = {place} + {other} - place"
            f" WHERE level = 0 AND place IN ({place}, {other})"
        )
    ], from_pair(first)


def cut(place):
    """Everything from here on is gone, checkpoints and all: what left the machine tells it."""
    place = max(place, 10)
    return [
        (
            "DELETE FROM core_auditevent WHERE id IN"
            f" (SELECT event_id FROM core_lognode WHERE level = 0 AND place >= {place})"
        ),
        f"DELETE FROM core_lognode WHERE (place + 1) << level > {place}",
        f"DELETE FROM core_logcheckpoint WHERE size > {place}",
    ], {"The log does not continue witness "}


def from_pair(place):
    """What is told of a place by the smallest stored subtree, which holds two entries."""
    return {f"The tree over the entries from {place // 2 * 2 + 1} on was changed."}


OTHERS = (deleted, unplaced, inserted, squeezed_in, swapped, cut)


def forgery(round_):
    place, kind = secrets.randbelow(ENTRIES), round_ % (len(COLUMNS) + len(OTHERS))
    if kind < len(COLUMNS):
        return edited(place, COLUMNS[kind])
    return OTHERS[kind - len(COLUMNS)](place)


def test_of_every_forgery_the_first_bad_row_is_named(log, superuser):
    """Edited, deleted, inserted, swapped, cut: each on its own, then the log as it was.

    At the first and the last row each, then at random ones.
    """
    assert faults(log) == ()
    ends = [kind(place) for kind in OTHERS for place in (0, ENTRIES - 1)]
    for statements, wanted in (*ends, *(forgery(round_) for round_ in range(ROWS))):
        for statement in statements:
            superuser.execute(statement)
        told = faults(log)
        assert any(one in sentence for one in wanted for sentence in told), (statements, told)
        put_back(superuser)
    assert faults(log) == ()


def test_who_was_given_the_record_names_the_row_as_well(log, superuser, log_key, tmp_path):
    """`cceval-verify` on an export of the forged log: the entry is told by its number."""
    for _again in range(EXPORTS):
        place = secrets.randbelow(ENTRIES)
        superuser.execute(edited(place, COLUMNS[5])[0][0])
        with tenancy.acting_as(organisation=log):
            export = ledger.export(AuditEvent.objects.all())
        status, answers = asked_outside(
            tmp_path, log_key, {"record.json": logs.write_export(export)}
        )
        assert (status, answers["Is every entry what the log holds at its place?"]) == (
            1,
            ("failed", f"No: 1 changed, the first at {place + 1}."),
        )
        put_back(superuser)


@pytest.mark.parametrize(
    ("statement", "told"),
    [
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
def test_a_changed_tree_or_checkpoint_is_told(log, superuser, statement, told):
    superuser.execute(statement)
    assert told in " ".join(faults(log))


TABLES = ("core_auditevent", "core_lognode", "core_logcheckpoint")
CHANGES = ("UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE")
REPLICA = "SET session_replication_role = replica"
WAYS_ROUND = ("ALTER TABLE {} DISABLE TRIGGER ALL", "DROP TRIGGER append_only ON {}")


def test_the_application_login_changes_nothing_and_switches_nothing_off(log):
    tried = [one.format(table) for table in TABLES for one in (*CHANGES, *WAYS_ROUND)]
    for statement in (*tried, REPLICA):
        with (
            tenancy.acting_as(organisation=log),
            pytest.raises(DatabaseError, match=r"denied|owner"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_a_superuser_who_calls_the_session_a_replica_is_stopped_as_well(log, as_postgres):
    """Ordinary triggers are skipped then; these are enabled always."""
    as_postgres.execute(REPLICA)
    for table in TABLES:
        for statement in CHANGES:
            with pytest.raises(as_postgres.Error, match="append-only"):
                as_postgres.execute(statement.format(table))


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
