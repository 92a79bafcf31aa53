import datetime as dt
import secrets
from dataclasses import replace

import pytest

from apps.proof import canonical, checkpoints, keys, logs, merkle
from apps.proof.checkpoints import Checkpoint
from apps.proof.errors import UnreadableCheckpoint, UnreadableLog
from apps.proof.logs import Entry, Export, ProvenEntry

AT = dt.datetime(2026, 11, 22, 7, 30, tzinfo=dt.UTC)
ORIGIN = "cceval/test/weir-valley"


def made(size, start=0):
    return [
        Entry(
            index=index,
            salt=secrets.token_bytes(32),
            body=canonical.encode({"action": "scoring.score", "details": {"value": str(index)}}),
        )
        for index in range(start, start + size)
    ]


def signed_at(entries, key, origin=ORIGIN):
    root = merkle.root([entry.leaf for entry in entries])
    return checkpoints.issue(Checkpoint(origin=origin, size=len(entries), root=root, at=AT), key)


@pytest.fixture(scope="module")
def key():
    return keys.SigningKey.generate()


@pytest.fixture(scope="module")
def entries():
    return made(11)


@pytest.fixture
def export(entries, key):
    return Export(
        signed=signed_at(entries, key),
        earlier=(signed_at(entries[:4], key), signed_at(entries[:8], key)),
        leaves=tuple(entry.leaf for entry in entries),
        entries=(entries[2], entries[9]),
    )


@pytest.fixture
def proof(entries, key):
    stored = merkle.grow(0, {}, [entry.leaf for entry in entries])
    path = merkle.hashes_of(merkle.inclusion(6, len(entries)), stored)
    return ProvenEntry(entry=entries[6], path=path, signed=signed_at(entries, key))


def test_a_proof_leads_from_the_entry_to_the_checkpoint(proof):
    assert proof.holds
    assert logs.read_proof(logs.write_proof(proof)) == proof


@pytest.mark.parametrize(
    "other", [{"index": 5}, {"index": 11}, {"salt": bytes(32)}, {"body": b'{"action":"other"}'}]
)
def test_a_changed_entry_is_not_proved(proof, other):
    assert not replace(proof, entry=replace(proof.entry, **other)).holds


def test_a_proof_tells_nothing_of_other_entries_but_hashes(proof, entries):
    written = logs.write_proof(proof)
    for entry in entries:
        if entry != proof.entry:
            assert entry.salt.hex().encode() not in written
            assert entry.body not in written


def test_an_export_is_read_as_it_was_written(export):
    assert logs.read_export(logs.write_export(export)) == export


def test_a_whole_export_has_no_changed_entry_and_continues_its_checkpoints(export):
    assert list(export.changed_entries()) == []
    assert list(export.departs_from(export.all_signed)) == []


def test_a_changed_row_is_named(export, entries):
    forged = replace(entries[9], body=canonical.encode({"action": "scoring.score", "value": "5"}))
    found = replace(export, entries=(entries[2], forged))
    assert [entry.index for entry in found.changed_entries()] == [9]


def test_a_log_cut_short_departs_from_what_was_signed(export):
    cut = replace(export, leaves=export.leaves[:9])
    assert [one.checkpoint.size for one in cut.departs_from(export.all_signed)] == [11]


def test_a_log_rewritten_with_the_stolen_key_departs_from_any_older_checkpoint(export, key):
    again = made(11)
    rewritten = Export(
        signed=signed_at(again, key),
        earlier=(signed_at(again[:4], key),),
        leaves=tuple(entry.leaf for entry in again),
        entries=tuple(again),
    )
    assert list(rewritten.departs_from(rewritten.all_signed)) == []
    for one in export.all_signed:
        assert list(rewritten.departs_from([one])) == [one]


def test_a_checkpoint_of_another_log_says_nothing_about_this_one(export, entries, key):
    other = signed_at(entries[:3], key, origin="cceval/test/harbour")
    assert list(export.departs_from([other])) == []


@pytest.mark.parametrize(
    "change",
    [
        lambda plain: plain | {"format": "cceval log 2"},
        lambda plain: plain | {"more": "unsigned"},
        lambda plain: {name: plain[name] for name in plain if name != "leaves"},
        lambda plain: plain | {"leaves": ["short"]},
        lambda plain: plain | {"entries": [plain["entries"][0] | {"note": "unsigned"}]},
        lambda plain: plain | {"entries": [plain["entries"][0] | {"index": "2"}]},
        lambda plain: plain | {"entries": "none"},
        lambda plain: plain | {"entries": [[]]},
        lambda plain: plain | {"checkpoint": 7},
        lambda _plain: [],
    ],
)
def test_what_is_no_export_is_refused(export, change):
    plain = canonical.decode(logs.write_export(export))
    with pytest.raises(UnreadableLog):
        logs.read_export(canonical.encode(change(plain)))


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff", b'{"format": "cceval log 1"}', b"[1.5]"])
def test_broken_files_are_refused_with_a_sentence(raw):
    for read in (logs.read_export, logs.read_proof):
        with pytest.raises(UnreadableLog, match="log"):
            read(raw)


@pytest.mark.parametrize(
    "change",
    [
        lambda plain: plain | {"proof": plain["proof"] | {"more": "unsigned"}},
        lambda plain: plain | {"more": "unsigned"},
        lambda plain: plain | {"proof": 7},
        lambda plain: plain | {"proof": plain["proof"] | {"path": [7]}},
        lambda plain: plain | {"proof": plain["proof"] | {"index": -1}},
    ],
)
def test_what_is_no_proof_is_refused(proof, change):
    plain = canonical.decode(logs.write_proof(proof))
    with pytest.raises(UnreadableLog):
        logs.read_proof(canonical.encode(change(plain)))


def test_a_file_is_a_checkpoint_by_its_first_two_lines(proof):
    note = proof.signed.note.encode()
    assert logs.is_checkpoint(note)
    assert logs.read_checkpoint(note) == proof.signed
    assert not logs.is_checkpoint(logs.write_proof(proof))
    assert logs.is_checkpoint(note[:60] + b"\xff")
    with pytest.raises(UnreadableCheckpoint):
        logs.read_checkpoint(note[:60] + b"\xff")


def test_a_checkpoint_is_read_as_mail_programs_save_it(proof):
    note = proof.signed.note
    for saved in (note.replace("\n", "\r\n"), f"\n\n{note}\n", note.rstrip("\n")):
        assert logs.is_checkpoint(saved.encode())
        assert logs.read_checkpoint(saved.encode()) == proof.signed
