"""Keys outside the database, and the one codec for everything a vendor has not submitted yet.

A key is a file of 32 random bytes in a folder all web nodes share. The folder is no part of the
database or its backups; destroying a key makes every copy of its ciphertext unreadable.
"""

import hmac
import os
import re
import secrets
from collections.abc import Mapping
from pathlib import Path

from django.conf import settings

from apps.proof import envelopes

SERVICE = "service"
EVALUATION = "evaluation"
NAME = re.compile(r"[a-z]+(-[0-9a-f-]{36})?")


def _path(name: str) -> Path:
    if not NAME.fullmatch(name):
        raise ValueError(f"not the name of a key: {name!r}")
    return Path(settings.KEY_STORE) / name


def create(name: str) -> None:
    """Make a key unless it exists; the file is on disk before this returns."""
    put(name, secrets.token_bytes(envelopes.KEY_BYTES))


def put(name: str, key: bytes) -> None:
    """Keep a key under a name unless one is there; the file is on disk before this returns."""
    path = _path(name)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f"{name}.{secrets.token_hex(8)}.new")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(handle, key)
        os.fsync(handle)
    finally:
        os.close(handle)
    try:
        os.link(draft, path)  # atomic, and never over an existing key
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    _sync_folder(path.parent)


def destroy(name: str) -> None:
    """Overwrite and remove a key; what it encrypted is gone with it. Two at once do it together."""
    path = _path(name)
    try:
        with path.open("r+b") as handle:
            handle.write(secrets.token_bytes(32))
            handle.flush()
            os.fsync(handle.fileno())
    except FileNotFoundError:
        return
    path.unlink(missing_ok=True)
    _sync_folder(path.parent)


def exists(name: str) -> bool:
    return _path(name).exists()


def read(name: str) -> bytes:
    """Return a key; FileNotFoundError where it was never made, or is destroyed."""
    return _path(name).read_bytes()


def encrypt(name: str, plaintext: bytes, context: Mapping[str, str]) -> bytes:
    """Encrypt under the key `name`, bound to this installation and to `context`."""
    return encrypt_under(read(name), plaintext, context)


def decrypt(name: str, ciphertext: bytes, context: Mapping[str, str]) -> bytes:
    """Undo `encrypt`; another context, key or a flipped bit raises `proof.errors.NotAuthentic`."""
    return decrypt_under(read(name), ciphertext, context)


def encrypt_under(key: bytes, plaintext: bytes, context: Mapping[str, str]) -> bytes:
    """Encrypt under a key that is in memory alone, bound as `encrypt` binds."""
    return envelopes.encrypt(key, plaintext, _bound(context))


def decrypt_under(key: bytes, ciphertext: bytes, context: Mapping[str, str]) -> bytes:
    return envelopes.decrypt(key, bytes(ciphertext), _bound(context))


def fingerprint(name: str, content: bytes) -> str:
    """Return a name for content that only the holder of the key `name` can find out."""
    return hmac.new(_path(name).read_bytes(), b"fingerprint\0" + content, "sha256").hexdigest()


def _bound(context: Mapping[str, str]) -> dict[str, str]:
    return {"environment": settings.ENVIRONMENT, **context}


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
