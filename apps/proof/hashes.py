"""Content hashes: SHA-256 of bytes, files and records, in lower-case hexadecimal."""

import hashlib
import re
from io import BufferedIOBase

from apps.proof import canonical

DIGEST = re.compile(r"[0-9a-f]{64}")


def of_bytes(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def of_stream(stream: BufferedIOBase) -> str:
    """Hash a file without holding it in memory."""
    return hashlib.file_digest(stream, "sha256").hexdigest()


def of_value(value: object) -> str:
    """Hash plain data by its canonical JSON."""
    return of_bytes(canonical.encode(value))


def is_digest(text: str) -> bool:
    return DIGEST.fullmatch(text) is not None


def leaf(salt: bytes, body: bytes) -> bytes:
    """Hash one entry of the log: SHA-256(0x00, 32-byte salt, canonical JSON); RFC 6962, 2.1.

    The salt keeps a rival from guessing an entry and checking the guess against the log.
    """
    if len(salt) != hashlib.sha256().digest_size:
        raise ValueError("the salt of a leaf has 32 bytes")
    return hashlib.sha256(b"\x00" + salt + body).digest()
