"""Ed25519 keys of receipts and log: made, kept encrypted, and named by the public half.

Private keys leave this module only as encrypted PKCS#8. There is no default passphrase: it comes
from a file that the operator names.
"""

from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from apps.proof import hashes
from apps.proof.errors import KeyRefused

SHORTEST_PASSPHRASE = 16
PEM = serialization.Encoding.PEM


@dataclass(frozen=True)
class VerifyKey:
    """The public half: whoever holds it can check a signature, and nobody can make one with it."""

    public: Ed25519PublicKey

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
