"""Where a file that somebody brought is kept: encrypted under a key of its own, outside the database.

Destroying the key makes every copy of the file unreadable, those of a backup too.
"""

import uuid
import zlib
from typing import Any

from django.utils.translation import gettext as _

from apps.core import files, keystore
from apps.core.errors import NotFound
from apps.proof import canonical
from apps.proof.errors import NotAuthentic

FACTS, FILE, FOUND, LAYOUTS = "facts", "file", "found", "layouts"


def key_of(upload_id: uuid.UUID) -> str:
    return f"upload-{upload_id}"


def protect(content: Any, *, upload_id: uuid.UUID, part: str) -> bytes:
    """Encrypt plain data of an upload, bound to it and to what part of it this is."""
    return _encrypt(canonical.encode(content), upload_id, part)


def reveal(ciphertext: bytes | memoryview, *, upload_id: uuid.UUID, part: str) -> Any:
    return canonical.decode(_decrypt(bytes(ciphertext), upload_id, part))


def keep(content: bytes, *, upload_id: uuid.UUID, part: str) -> str:
    """Store bytes encrypted; returns the name of the blob."""
    return files.store(_encrypt(zlib.compress(content, 1), upload_id, part))


def kept(name: str, *, upload_id: uuid.UUID, part: str) -> bytes:
    return zlib.decompress(_decrypt(files.read(name), upload_id, part))


def forget(upload_id: uuid.UUID, *blobs: str) -> None:
    """Destroy the key first: what is left of the blobs, if anything, nobody reads."""
    keystore.destroy(key_of(upload_id))
    for name in blobs:
        files.remove(name)


def _encrypt(content: bytes, upload_id: uuid.UUID, part: str) -> bytes:
    name = key_of(upload_id)
    keystore.create(name)
    return keystore.encrypt(name, content, {"upload": str(upload_id), "kind": part})


def _decrypt(ciphertext: bytes, upload_id: uuid.UUID, part: str) -> bytes:
    context = {"upload": str(upload_id), "kind": part}
    try:
        return keystore.decrypt(key_of(upload_id), ciphertext, context)
    except (FileNotFoundError, NotAuthentic):
        raise NotFound(_("This file is not kept any more. Upload it again.")) from None
