"""Encrypt content under a key of the service, bound to the place it belongs to.

An envelope is ``length of the algorithm id | algorithm id | nonce | ciphertext and tag``. The id
comes first so that other algorithms (sealing to openers) can stand beside this one, and old
envelopes stay readable. Associated data is the id and the canonical JSON of the context: an
envelope moved to another environment, round, vendor or field does not open. The content is padded
inside the encryption, so that the stored size does not tell a short answer from a long one.

AES-256-GCM with a random 96-bit nonce: at most 2**32 envelopes under one key (NIST SP 800-38D,
8.3), which is why every vendor's draft of a round has a key of its own.
"""

import secrets
from collections.abc import Mapping
from math import isqrt

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from apps.proof import canonical
from apps.proof.errors import KeyRefused, NotAuthentic

ALGORITHM = b"A256GCM.1"
KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16
LENGTH_BYTES = 8
SMALLEST_EXPONENT = 16  # of the square root of two: no envelope is smaller than 256 bytes
REQUIRED = ("environment", "kind")

PREFIX = bytes([len(ALGORITHM)]) + ALGORITHM
OVERHEAD = len(PREFIX) + NONCE_BYTES + LENGTH_BYTES + TAG_BYTES


def encrypt(key: bytes, plaintext: bytes, context: Mapping[str, str]) -> bytes:
    """Return an envelope that opens only with the same key and the same context.

    `context` names at least the environment and the kind of content; for a bid's content also its
    round and its bid or vendor.
    """
    cipher, bound = _cipher(key), _associated(context)
    nonce = secrets.token_bytes(NONCE_BYTES)
    body = len(plaintext).to_bytes(LENGTH_BYTES, "big") + plaintext
    padding = bytes(bucket(len(plaintext) + OVERHEAD) - len(plaintext) - OVERHEAD)
    return PREFIX + nonce + cipher.encrypt(nonce, body + padding, bound)


def decrypt(key: bytes, envelope: bytes, context: Mapping[str, str]) -> bytes:
    """Return the content; raise NotAuthentic for another key, another context or a flipped bit."""
    cipher, bound = _cipher(key), _associated(context)
    if not envelope.startswith(PREFIX):
        raise NotAuthentic("This content was encrypted in a way this version does not know.")
    nonce, sealed = _split(envelope[len(PREFIX) :])
    try:
        body = cipher.decrypt(nonce, sealed, bound)
    except InvalidTag:
        raise NotAuthentic(
            "This content was changed, or it belongs to another key or another place."
        ) from None
    length = int.from_bytes(body[:LENGTH_BYTES], "big")
    return body[LENGTH_BYTES : LENGTH_BYTES + length]


def bucket(size: int) -> int:
    """Return the next size in the series of powers of the square root of two, from 256 bytes.

    >>> [bucket(size) for size in (1, 257, 363, 513)]
    [256, 363, 363, 725]
    """
    exponent = SMALLEST_EXPONENT
    while _power(exponent) < size:
        exponent += 1
    return _power(exponent)


def _power(exponent: int) -> int:
    """Round the square root of two, raised to `exponent`, up to a whole number of bytes."""
    return isqrt(2**exponent - 1) + 1


def _split(rest: bytes) -> tuple[bytes, bytes]:
    if len(rest) < NONCE_BYTES + LENGTH_BYTES + TAG_BYTES:
        raise NotAuthentic("This content is incomplete: bytes are missing at its end.")
    return rest[:NONCE_BYTES], rest[NONCE_BYTES:]


def _cipher(key: bytes) -> AESGCM:
    if len(key) != KEY_BYTES:
        raise KeyRefused(f"An encryption key has {KEY_BYTES} bytes; this one has {len(key)}.")
    return AESGCM(key)


def _associated(context: Mapping[str, str]) -> bytes:
    missing = [name for name in REQUIRED if not context.get(name)]
    if missing:
        raise ValueError(f"the context of an envelope names its {' and its '.join(missing)}")
    if not all(isinstance(value, str) and value for value in context.values()):
        raise ValueError("the context of an envelope holds texts, none of them empty")
    return PREFIX + canonical.encode(context)
