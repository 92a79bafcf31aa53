"""What can be read by whoever has everything the server stores: rows, files, the broker, keys.

Whatever is encrypted is decrypted with every key there is. That needs no context: without its check
AES-GCM is a plain counter mode. A key that is found inside is tried on everything again.
"""

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import redis
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.conf import settings
from django.db import connection

from apps.core import tenancy
from apps.proof import envelopes

HELD = re.compile(rb"[0-9a-f]{64}")  # a file's key stands in its facts as hexadecimal digits


def rows() -> Iterator[bytes]:
    """Every value of every row of every table, as the invariants' check sees them."""
    with tenancy.acting_as(scope="fsck"), connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = {name for (name,) in cursor.fetchall()}
        for table in sorted(tables):
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                yield from map(as_bytes, row)


def as_bytes(value: object) -> bytes:
    if isinstance(value, bytes | memoryview):
        return bytes(value)
    return value.encode() if isinstance(value, str) else json.dumps(value, default=str).encode()


def broker() -> Iterator[bytes]:
    client = redis.Redis.from_url(settings.CACHES["default"]["LOCATION"])
    for key in client.scan_iter():
        yield key
        yield client.dump(key) or b""
        if client.type(key) == b"list":
            yield from client.lrange(key, 0, -1)


def files(folder: Path) -> Iterator[bytes]:
    for path in folder.rglob("*"):
        if path.is_file():
            yield path.name.encode()
            yield path.read_bytes()


def keys(folder: Path) -> set[bytes]:
    return {path.read_bytes() for path in folder.glob("*")}


def decrypted(blob: bytes, key: bytes) -> bytes:
    """Decrypt without checking anything: counter mode from the second block on."""
    nonce, sealed = envelopes._split(blob[len(envelopes.PREFIX) :])
    counter = nonce + (2).to_bytes(4, "big")
    cipher = Cipher(algorithms.AES(key), modes.CTR(counter)).decryptor()
    return cipher.update(sealed[: -envelopes.TAG_BYTES])


def opened(plain: Iterable[bytes], given: Iterable[bytes]) -> list[bytes]:
    """What is stored, and what comes of it with these keys and those found on the way."""
    found = list(plain)
    blobs = [one for one in found if one.startswith(envelopes.PREFIX)]
    new, known = set(given), set[bytes]()
    while new - known:
        fresh, known = new - known, known | new
        texts = [decrypted(blob, key) for blob in blobs for key in fresh]
        new = {bytes.fromhex(hit.decode()) for text in texts for hit in HELD.findall(text)}
        found += texts
    return found
