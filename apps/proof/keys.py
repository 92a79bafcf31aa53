"""Ed25519 keys of receipts and log: made, kept encrypted, and named by the public half.

Private keys leave this module only as encrypted PKCS#8. There is no default passphrase: it comes
from a file that the operator names.

Public halves are published together, the one in use first: each as PEM under lines that say from
when to when it signs (RFC 7468 lets such lines stand before a key)::

    Key: ed25519:3f1c9a7e5b2d8046
    From: 2026-11-22T07:30:43.120Z
    Until: 2027-11-22T07:35:43.120Z
    -----BEGIN PUBLIC KEY-----
"""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from apps.proof import hashes
from apps.proof.errors import KeyRefused

SHORTEST_PASSPHRASE = 16
PEM = serialization.Encoding.PEM
TIMES = {"From": "since", "Until": "until"}
BLOCK = re.compile(
    rb"(?P<lines>(?:^[A-Z][a-z]+: [^\n]*\n)*)"
    rb"(?P<pem>^-----BEGIN [A-Z ]+-----$.*?^-----END [A-Z ]+-----$)",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True)
class VerifyKey:
    """The public half: whoever holds it can check a signature, and nobody can make one with it.

    `since` and `until` bound the time in which it signs; None where nothing is said of it.
    """

    public: Ed25519PublicKey
    since: dt.datetime | None = None
    until: dt.datetime | None = None

    @classmethod
    def from_pem(cls, pem: bytes) -> "VerifyKey":
        try:
            public = serialization.load_pem_public_key(pem)
        except (ValueError, UnsupportedAlgorithm):
            raise KeyRefused("This is not a public key in PEM text.") from None
        if not isinstance(public, Ed25519PublicKey):
            raise KeyRefused("This public key is not an Ed25519 key.")
        return cls(public)

    def to_pem(self) -> bytes:
        return self.public.public_bytes(PEM, serialization.PublicFormat.SubjectPublicKeyInfo)

    @property
    def key_id(self) -> str:
        """Name the key by the first 16 digits of the SHA-256 of its 32 public bytes."""
        return f"ed25519:{hashes.of_bytes(self.public.public_bytes_raw())[:16]}"

    def signs_at(self, moment: dt.datetime) -> bool:
        """Say whether this key was in use then."""
        return (self.since is None or self.since <= moment) and self.ends_after(moment)

    def ends_after(self, moment: dt.datetime) -> bool:
        """Say whether this key was not yet retired then."""
        return self.until is None or moment < self.until

    def confirms(self, signature: bytes, message: bytes) -> bool:
        """Say whether this key's owner signed exactly this message."""
        try:
            self.public.verify(signature, message)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True)
class SigningKey:
    """The private half, held in memory by the process that signs."""

    private: Ed25519PrivateKey

    @classmethod
    def generate(cls) -> "SigningKey":
        return cls(Ed25519PrivateKey.generate())

    @classmethod
    def from_pem(cls, pem: bytes, passphrase: bytes) -> "SigningKey":
        try:
            private = serialization.load_pem_private_key(pem, passphrase)
        except (ValueError, TypeError, UnsupportedAlgorithm):
            raise KeyRefused(
                "The signing key cannot be read: it is not an encrypted key, or the passphrase "
                "is another one."
            ) from None
        if not isinstance(private, Ed25519PrivateKey):
            raise KeyRefused("This signing key is not an Ed25519 key.")
        return cls(private)

    def to_pem(self, passphrase: bytes) -> bytes:
        encryption = serialization.BestAvailableEncryption(passphrase)
        return self.private.private_bytes(PEM, serialization.PrivateFormat.PKCS8, encryption)

    @property
    def verify_key(self) -> VerifyKey:
        return VerifyKey(self.private.public_key())

    @property
    def key_id(self) -> str:
        return self.verify_key.key_id

    def sign(self, message: bytes) -> bytes:
        return self.private.sign(message)


def write_published(keys: Iterable[VerifyKey]) -> bytes:
    """Write the public halves with their times, in the order given: the one in use comes first."""
    return b"".join(_block(key) for key in keys)


def read_published(raw: bytes) -> tuple[VerifyKey, ...]:
    """Read what `write_published` wrote, or one plain PEM; KeyRefused for anything else."""
    text = raw.replace(b"\r\n", b"\n")
    found = tuple(_from_block(block) for block in BLOCK.finditer(text))
    return found or (VerifyKey.from_pem(text),)


def _block(key: VerifyKey) -> bytes:
    lines = [f"Key: {key.key_id}"]
    lines += [f"From: {_written(key.since)}"] if key.since else []
    lines += [f"Until: {_written(key.until)}"] if key.until else []
    return "".join(f"{line}\n" for line in lines).encode() + key.to_pem()


def _from_block(block: re.Match[bytes]) -> VerifyKey:
    key = VerifyKey.from_pem(block["pem"])
    said = dict(
        line.split(": ", 1) for line in block["lines"].decode(errors="replace").splitlines()
    )
    if said.get("Key", key.key_id) != key.key_id:
        raise KeyRefused("This file names a public key that is not the one under the name.")
    try:
        times = {name: _moment(said[line]) for line, name in TIMES.items() if line in said}
    except ValueError:
        raise KeyRefused("This file says the time of a public key in a way nobody reads.") from None
    return VerifyKey(key.public, **times)


def _moment(text: str) -> dt.datetime:
    found = dt.datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError("a time has its zone here")
    return found


def _written(moment: dt.datetime) -> str:
    text = moment.astimezone(dt.UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


def read_passphrase(path: Path) -> bytes:
    """Read a passphrase from a secret file; the line end after it is no part of it."""
    try:
        passphrase = path.read_bytes().rstrip(b"\r\n")
    except OSError as error:
        raise KeyRefused(f"The passphrase file {path} cannot be read: {error.strerror}.") from None
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise KeyRefused(
            f"The passphrase in {path} has {len(passphrase)} characters; "
            f"use {SHORTEST_PASSPHRASE} or more."
        )
    return passphrase
