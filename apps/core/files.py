"""Uploads that never touch a disk in the clear, and blobs that are on disk before they are named."""

import hashlib
import os
import secrets
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.utils.translation import gettext as _

from apps.core.errors import NotFound, TooLarge

KINDS = {
    ".pdf": (b"%PDF-",),
    ".docx": (b"PK\x03\x04",),
    ".xlsx": (b"PK\x03\x04",),
    ".mpp": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    ),  # a plan of Microsoft Project: OLE2 compound file
    ".png": (b"\x89PNG\r\n\x1a\n",),
    ".jpg": (b"\xff\xd8\xff",),
    ".jpeg": (b"\xff\xd8\xff",),
    ".csv": (),
    ".txt": (),
}


class MemoryOnlyUploadHandler(FileUploadHandler):
    """Keep an upload in memory and refuse what is too large: Django's own handlers spool to disk."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.buffer = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if start + len(raw_data) > settings.UPLOAD_LIMIT:
            raise TooLarge(too_large())
        self.buffer.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        self.buffer.seek(0)
        return InMemoryUploadedFile(
            self.buffer,
            self.field_name,
            self.file_name or "",
            self.content_type or "",
            file_size,
            self.charset,
            self.content_type_extra,
        )


def too_large() -> str:
    """Return the one sentence about size, with the limit in it."""
    limit = settings.UPLOAD_LIMIT // 2**20
    return _(
        "The file is larger than {limit} MB. Split it, or save it in a smaller format."
    ).format(limit=limit)


def refusal(name: str, content: bytes) -> str | None:
    """Return why a file is not taken, or None: by size, by extension and by its first bytes."""
    suffix = Path(name).suffix.lower()
    if not content:
        return _("The file is empty. Choose another one.")
    if len(content) > settings.UPLOAD_LIMIT:
        return too_large()
    if wrong := name_refusal(name):
        return wrong
    starts = KINDS[suffix]
    if starts and not content.startswith(starts):
        return _("The file is not what its name says. Save it again as {kind}.").format(
            kind=suffix[1:]
        )
    if not starts and b"\x00" in content:
        return _("The file is not plain text. Save it again as {kind}.").format(kind=suffix[1:])
    return None


def name_refusal(name: str) -> str | None:
    """Return why a file of this name is not taken, or None: by its extension alone."""
    if Path(name).suffix.lower() in KINDS:
        return None
    kinds = ", ".join(sorted(kind[1:] for kind in KINDS))
    return _("Files of this kind are not taken. Upload one of: {kinds}.").format(kinds=kinds)


def clean_name(name: str) -> str:
    """Return a file name without folders, control or direction characters, at most 150 long."""
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(
        c for c in base if c.isprintable() and c not in "\u202a\u202b\u202c\u202d\u202e\"'<>|:*?"
    )
    stem, dot, suffix = kept.strip(" .").rpartition(".")
    return f"{stem[:140]}{dot}{suffix[:9]}" if stem else (kept.strip(" .")[:150] or "file")


def store(content: bytes) -> str:
    """Write a blob under a random name; written, synced and read back before the name returns."""
    name = secrets.token_hex(24)
    path = _path(name)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    with draft.open("xb") as handle:
        handle.write(content)
        handle.flush()
        os.fsync(handle.fileno())
    if hashlib.sha256(draft.read_bytes()).digest() != hashlib.sha256(content).digest():
        raise OSError("the stored bytes differ from the given ones")
    draft.rename(path)
    handle_folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(handle_folder)
    os.close(handle_folder)
    return name


def read(name: str) -> bytes:
    """Return a stored blob; NotFound when the storage has lost it."""
    try:
        return _path(name).read_bytes()
    except FileNotFoundError:
        raise NotFound(
            _("This file is not in the storage any more. Tell the administrator.")
        ) from None


def remove(name: str) -> None:
    """Delete a stored blob; one that is gone already is no mistake."""
    _path(name).unlink(missing_ok=True)


def _path(name: str) -> Path:
    if len(name) != 48 or not name.isalnum():  # noqa: PLR2004 -- 24 random bytes in hexadecimal
        raise ValueError("not the name of a stored file")
    return Path(settings.FILES_DIR) / name[:2] / name
