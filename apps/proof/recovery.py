"""A vendor's own secret: it opens what the vendor submitted, and the service does not keep it.

The secret is 256 random bits, written as an opener's are: 14 groups of four letters with a check.
A key is wrapped under HKDF of the secret and of the place it belongs to, so that one secret may
open several wraps and none of them elsewhere.
"""

import secrets
from collections.abc import Mapping

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from apps.proof import canonical, envelopes
from apps.proof.errors import KeyRefused
from apps.proof.openers import read_code, write_code
from apps.proof.sealing import SECRET_BYTES

PURPOSE = b"cceval vendor copy 1\x00"

__all__ = ["new_secret", "read_code", "unwrap", "wrap", "write_code"]


def new_secret() -> bytes:
    return secrets.token_bytes(SECRET_BYTES)


def wrap(key: bytes, secret: bytes, context: Mapping[str, str]) -> bytes:
    """Return a key as ciphertext that opens with the same secret in the same place alone."""
    return envelopes.encrypt(_derived(secret, context), key, context)


def unwrap(wrapped: bytes, secret: bytes, context: Mapping[str, str]) -> bytes:
    """Undo `wrap`; another secret, another place or a flipped bit raises NotAuthentic."""
    return envelopes.decrypt(_derived(secret, context), wrapped, context)


def _derived(secret: bytes, context: Mapping[str, str]) -> bytes:
    if len(secret) != SECRET_BYTES:
        raise KeyRefused(f"The secret of a vendor has {SECRET_BYTES} bytes.")
    info = PURPOSE + canonical.encode(context)
    return HKDF(algorithm=SHA256(), length=envelopes.KEY_BYTES, salt=None, info=info).derive(secret)
