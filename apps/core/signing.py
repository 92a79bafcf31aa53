"""The installation's Ed25519 key: it signs the receipts of vendors and the checkpoints of the record.

The folder holds the private half, encrypted, the passphrase file it is locked with, and the public
half, which anybody may have.
"""

import os
from pathlib import Path

from django.conf import settings

from apps.proof import keys
from apps.proof.errors import KeyRefused

PRIVATE = "receipts.key"
PUBLIC = "receipts.pem"
PASSPHRASE = "passphrase"  # noqa: S105 -- the name of a file


def make_key(folder: Path) -> None:
    """Make the key unless there is one; the public half lies beside it.

    The passphrase is read from the file `passphrase` in the same folder: there is no default.
    """
    if (folder / PRIVATE).exists():
        return
    passphrase = keys.read_passphrase(folder / PASSPHRASE)
    key = keys.SigningKey.generate()
    _keep(folder / PUBLIC, key.verify_key.to_pem(), 0o644)
    _keep(folder / PRIVATE, key.to_pem(passphrase), 0o600)


def read_key() -> keys.SigningKey:
    """Read the key that signs; KeyRefused when it is missing or locked."""
    folder = Path(settings.SIGNING_DIR)
    return keys.SigningKey.from_pem(
        _read(folder / PRIVATE), keys.read_passphrase(folder / PASSPHRASE)
    )


def read_public() -> keys.VerifyKey:
    """Read the public half; KeyRefused when it is missing."""
    return keys.VerifyKey.from_pem(_read(Path(settings.SIGNING_DIR) / PUBLIC))


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
