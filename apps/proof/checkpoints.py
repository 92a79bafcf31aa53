"""Checkpoints: a log's size and root at one moment, signed, short enough to be mailed or printed.

A checkpoint is a signed note (C2SP signed-note and tlog-checkpoint; the format of the Go checksum
database), so that other people's tools can read and witness it::

    cceval/production/0197…          the log: installation and organisation
    4312                             how many entries
    q7Zl…                            their RFC 6962 root, base64
    time 2026-11-22T07:30:43.120Z    when it was signed

    — cceval/production/0197… 3aF9…  the key's id and its Ed25519 signature over the lines above

Whoever keeps one can later tell whether the log still begins as it did then.
"""

import base64
import binascii
import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from apps.proof import merkle
from apps.proof.errors import UnreadableCheckpoint
from apps.proof.keys import SigningKey, VerifyKey

ED25519 = b"\x01"  # signed-note's name for the algorithm
ID_BYTES = 4
SIGNATURE_BYTES = 64
DASH = "\N{EM DASH} "
TIME = "time "
LINES = 6  # origin, size, root, time, a blank one, the signature
LONGEST = 2000  # bytes: a checkpoint is read before anything about it is known


@dataclass(frozen=True, kw_only=True)
class Checkpoint:
    """What is signed: `size` entries of the log `origin` had this `root` at the time `at`."""

    origin: str
    size: int
    root: bytes
    at: datetime

    def __post_init__(self) -> None:
        named = self.origin and not any(c.isspace() or c == "+" for c in self.origin)
        if not named or self.size < 1 or len(self.root) != merkle.SIZE:
            raise UnreadableCheckpoint("A checkpoint has a name without spaces, a size and a root.")

    @property
    def text(self) -> str:
        """The signed part, its last line end included."""
        root = base64.b64encode(self.root).decode()
        return f"{self.origin}\n{self.size}\n{root}\n{TIME}{_written(self.at)}\n"


@dataclass(frozen=True, kw_only=True)
class SignedCheckpoint:
    """A checkpoint as it was read; authentic only once a known key has confirmed it."""

    checkpoint: Checkpoint
    key_hash: bytes
    signature: bytes

    def confirmed_by(self, key: VerifyKey) -> bool:
        known = self.key_hash == key_hash(self.checkpoint.origin, key.public)
        return known and key.confirms(self.signature, self.checkpoint.text.encode())

    def confirmed_in_time_by(self, key: VerifyKey) -> bool:
        """Whether this key signed it, and was in use at the time that it names."""
        return self.confirmed_by(key) and key.signs_at(self.checkpoint.at)

    @property
    def note(self) -> str:
        mark = base64.b64encode(self.key_hash + self.signature).decode()
        return f"{self.checkpoint.text}\n{DASH}{self.checkpoint.origin} {mark}\n"


def issue(checkpoint: Checkpoint, key: SigningKey) -> SignedCheckpoint:
    return SignedCheckpoint(
        checkpoint=checkpoint,
        key_hash=key_hash(checkpoint.origin, key.verify_key.public),
        signature=key.sign(checkpoint.text.encode()),
    )


def read(note: str) -> SignedCheckpoint:
    """Read a note; refuse whatever `issue` would not have written, to the last byte."""
    lines = note.split("\n")
    if len(note) > LONGEST or len(lines) != LINES + 1:
        raise UnreadableCheckpoint("This is not a checkpoint of this service.")
    origin, size, root, time, _blank, mark, _end = lines
    try:
        raw = base64.b64decode(mark.removeprefix(f"{DASH}{origin} "), validate=True)
        found = SignedCheckpoint(
            checkpoint=Checkpoint(
                origin=origin,
                size=int(size),
                root=base64.b64decode(root, validate=True),
                at=datetime.fromisoformat(time.removeprefix(TIME)),
            ),
            key_hash=raw[:ID_BYTES],
            signature=raw[ID_BYTES:],
        )
    except (ValueError, OverflowError, binascii.Error):
        raise UnreadableCheckpoint("This is not a checkpoint of this service.") from None
    if len(found.signature) != SIGNATURE_BYTES or found.note != note:
        raise UnreadableCheckpoint("This checkpoint is not written as this service writes it.")
    return found


def key_hash(name: str, public: Ed25519PublicKey) -> bytes:
    """Return the four bytes by which a signed note names its key."""
    return hashlib.sha256(f"{name}\n".encode() + ED25519 + public.public_bytes_raw()).digest()[
        :ID_BYTES
    ]


def verifier_key(name: str, key: VerifyKey) -> str:
    """Write a key as tools for signed notes take it: name+id+base64."""
    encoded = base64.b64encode(ED25519 + key.public.public_bytes_raw()).decode()
    return f"{name}+{key_hash(name, key.public).hex()}+{encoded}"


def _written(moment: datetime) -> str:
    text = moment.astimezone(UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")
