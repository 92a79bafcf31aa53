"""The installation's Ed25519 key: it signs the receipts of vendors and the checkpoints of the record.

The folder holds the private half, encrypted, the passphrase file it is locked with, and the public
halves of this key and of those before it, which anybody may have: what an earlier key signed in its
time stays true.
"""

import datetime as dt
import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from django.conf import settings

from apps.proof import keys
from apps.proof.errors import KeyRefused

PRIVATE = "receipts.key"
NEXT = "receipts.key.next"
PUBLIC = "receipts.pem"
SLACK = dt.timedelta(minutes=5)  # clocks of several machines, and what is being signed right now
PASSPHRASE = "passphrase"  # noqa: S105 -- the name of a file


def make_key(folder: Path, *, at: dt.datetime) -> None:
    """Make the key unless there is one; the public half lies beside it.

    The passphrase is read from the file `passphrase` in the same folder: there is no default.
    """
    if (folder / PRIVATE).exists():
        return
    passphrase = keys.read_passphrase(folder / PASSPHRASE)
    key = keys.SigningKey.generate()
    _publish(folder, [replace(key.verify_key, since=at - SLACK)])
    _keep(folder / PRIVATE, key.to_pem(passphrase), 0o600)


def rotate_key(folder: Path, *, at: dt.datetime) -> tuple[keys.VerifyKey, ...]:
    """Make a new key and retire the one before; returns the published keys, the new one first.

    Where an earlier run died, this one ends what it began. The old private half is not kept.
    """
    passphrase = keys.read_passphrase(folder / PASSPHRASE)
    if not (folder / NEXT).exists():
        _keep(folder / NEXT, keys.SigningKey.generate().to_pem(passphrase), 0o600)
    new = keys.SigningKey.from_pem(_read(folder / NEXT), passphrase).verify_key
    held = keys.read_published(_read(folder / PUBLIC))
    if held[0].key_id != new.key_id:
        held = (replace(new, since=at - SLACK), replace(held[0], until=at + SLACK), *held[1:])
        _publish(folder, held)
    (folder / NEXT).replace(folder / PRIVATE)
    _sync(folder)
    return held


def read_key() -> keys.SigningKey:
    """Read the key that signs; KeyRefused when it is missing or locked."""
    folder = Path(settings.SIGNING_DIR)
    return keys.SigningKey.from_pem(
        _read(folder / PRIVATE), keys.read_passphrase(folder / PASSPHRASE)
    )


def published() -> tuple[keys.VerifyKey, ...]:
    """Read the public halves, the one in use first; KeyRefused when they are missing."""
    return keys.read_published(_read(Path(settings.SIGNING_DIR) / PUBLIC))


def _publish(folder: Path, published: Iterable[keys.VerifyKey]) -> None:
    """Replace the file in one step: nobody ever reads half of it."""
    draft = folder / f"{PUBLIC}.new"
    _keep(draft, keys.write_published(published), 0o644)
    draft.replace(folder / PUBLIC)
    _sync(folder)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise KeyRefused(f"The key file {path} cannot be read: {error.strerror}.") from None


def _keep(path: Path, content: bytes, mode: int) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
