import base64
import datetime as dt

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from apps.proof import checkpoints, keys, merkle
from apps.proof.checkpoints import Checkpoint
from apps.proof.errors import UnreadableCheckpoint
from apps.proof.keys import VerifyKey
from tests.proof import vectors

AT = dt.datetime(2026, 11, 22, 7, 30, 43, 120_000, tzinfo=dt.UTC)
ORIGIN = "cceval/test/weir-valley"


@pytest.fixture(scope="module")
def key():
    return keys.SigningKey.generate()


@pytest.fixture(scope="module")
def signed(key):
    return checkpoints.issue(
        Checkpoint(origin=ORIGIN, size=4312, root=b"r" * merkle.SIZE, at=AT), key
    )


def test_the_published_note_is_signed_and_named_as_we_sign_and_name():
    public = base64.b64decode(vectors.NOTE_KEY.split("+", 2)[2])
    assert public[:1] == checkpoints.ED25519
    key = VerifyKey(Ed25519PublicKey.from_public_bytes(public[1:]))
    mark = base64.b64decode(vectors.NOTE_MARK)
    assert checkpoints.key_hash(vectors.NOTE_NAME, key.public) == mark[:4]
    assert checkpoints.verifier_key(vectors.NOTE_NAME, key) == vectors.NOTE_KEY
    assert key.confirms(mark[4:], vectors.NOTE_TEXT.encode())


def test_a_checkpoint_is_five_lines_and_a_signature(signed):
    lines = signed.note.split("\n")
    root = base64.b64encode(b"r" * 32).decode()
    assert lines[:5] == [ORIGIN, "4312", root, "time 2026-11-22T07:30:43.120Z", ""]
    assert lines[5].startswith(f"\u2014 {ORIGIN} ")
    assert lines[6:] == [""]


def test_what_was_issued_is_read_and_confirmed_by_its_key_alone(signed, key):
    found = checkpoints.read(signed.note)
    assert found == signed
    assert found.confirmed_by(key.verify_key)
    assert not found.confirmed_by(keys.SigningKey.generate().verify_key)


def test_another_log_of_the_same_key_is_not_this_one(signed, key):
    moved = signed.note.replace("weir-valley", "harbour")
    assert not checkpoints.read(moved).confirmed_by(key.verify_key)


@pytest.mark.parametrize(
    "change",
    [
        lambda note: note[:-1],
        lambda note: note + "\n",
        lambda note: note.replace("4312", "04312"),
        lambda note: note.replace("4312", "0"),
        lambda note: note.replace("4312", "-4"),
        lambda note: note.replace(".120Z", ".120+00:00"),
        lambda note: note.replace("\u2014", "-"),
        lambda note: note.replace(ORIGIN, "cceval/a name"),
        lambda note: note.replace("time ", ""),
        lambda note: note[:-6] + "\n",
        lambda _note: "",
        lambda note: note * 100,
    ],
)
def test_what_is_not_written_as_we_write_is_no_checkpoint(signed, change):
    with pytest.raises(UnreadableCheckpoint):
        checkpoints.read(change(signed.note))


def test_a_checkpoint_has_a_name_without_spaces():
    with pytest.raises(UnreadableCheckpoint, match="without spaces"):
        Checkpoint(origin="two words", size=1, root=bytes(32), at=AT)
