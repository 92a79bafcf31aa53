"""A vendor's answers and files as one signed package that another installation can check.

A passport is a zip with `passport.json`, canonical JSON ``{body, format, key, signature}``, and the
files that its body lists by path, size and SHA-256. The signature (Ed25519) covers the format and
the body. The key is inside, so that a package is checked against itself; whether that key is to be
trusted is decided by its fingerprint, which people compare.
"""

import base64
import binascii
import io
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from apps.proof import canonical, hashes
from apps.proof.errors import BrokenPassport, NotCanonical
from apps.proof.keys import SigningKey, VerifyKey

FORMAT = "cceval passport 1"
STATEMENT = "passport.json"
FOLDER = "files/"
MOST_FILES = 200
LARGEST_FILE = 10 << 20
LARGEST_STATEMENT = 2 << 20
LARGEST_TOTAL = 64 << 20
FIXED_TIME = (1980, 1, 1, 0, 0, 0)  # the same content is the same file


@dataclass(frozen=True)
class Passport:
    """A package whose signature and files fit together; `fingerprint` names who signed it."""

    body: Mapping[str, Any]
    fingerprint: str
    files: Mapping[str, bytes]  # by SHA-256


def fingerprint_of(key: VerifyKey) -> str:
    """Return the SHA-256 of the 32 public bytes, for people to compare."""
    return hashes.of_bytes(key.public.public_bytes_raw())


def issue(body: Mapping[str, Any], files: Mapping[str, bytes], key: SigningKey) -> bytes:
    """Sign a body and pack it with the files it lists, by their SHA-256."""
    statement = {
        "body": body,
        "format": FORMAT,
        "key": base64.b64encode(key.verify_key.public.public_bytes_raw()).decode(),
        "signature": base64.b64encode(key.sign(_message(body))).decode(),
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as package:
        package.writestr(zipfile.ZipInfo(STATEMENT, FIXED_TIME), canonical.encode(statement))
        for digest, content in sorted(files.items()):
            package.writestr(zipfile.ZipInfo(FOLDER + digest, FIXED_TIME), content)
    return packed.getvalue()


def unpack(raw: bytes) -> tuple[bytes, dict[str, bytes]]:
    """Return the statement and the files of a package, inflated within limits and no further."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as package:
            parts = package.infolist()
            names = [part.filename for part in parts]
            if len(parts) > MOST_FILES + 1 or len(set(names)) != len(names):
                raise BrokenPassport("package", "It holds too many parts, or one name twice.")
            if sum(part.file_size for part in parts) > LARGEST_TOTAL:
                raise BrokenPassport("package", "It unpacks to more than 64 MB.")
            held = {part.filename: _inflated(package, part) for part in parts}
    except (
        zipfile.BadZipFile,
        zlib.error,
        ValueError,
        EOFError,
        NotImplementedError,
        RuntimeError,
    ):
        raise BrokenPassport("package", "It is no zip file, or it is damaged.") from None
    statement = held.pop(STATEMENT, None)
    if statement is None:
        raise BrokenPassport("package", "There is no passport.json in it.")
    strange = [n for n in held if not n.startswith(FOLDER) or not hashes.is_digest(n[6:])]
    if strange:
        raise BrokenPassport("package", f"It holds a part that no passport has: {strange[0][:60]}")
    return statement, {name.removeprefix(FOLDER): content for name, content in held.items()}


def _inflated(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    """Read one part and never more than it may hold, whatever its header says."""
    most = LARGEST_STATEMENT if part.filename == STATEMENT else LARGEST_FILE
    with package.open(part) as stream:
        content = stream.read(most + 1)
    if len(content) > most:
        raise BrokenPassport("package", f"A part of it is too large: {part.filename[:60]}")
    return content


def verify(statement: object, files: Mapping[str, bytes]) -> Passport:
    """Check a statement that was read as plain data: signature first, then every file.

    Raises BrokenPassport with the check that failed: `statement`, `signature` or `files`.
    """
    body, key, signature = _parts(statement)
    try:
        signed = key.confirms(signature, _message(body))
    except NotCanonical as error:
        raise BrokenPassport("statement", error.sentence) from None
    if not signed:
        raise BrokenPassport("signature", "The content was changed after it was signed.")
    _check_files(_listed(body), files)
    return Passport(body, fingerprint_of(key), files)


def _parts(statement: object) -> tuple[dict[str, Any], VerifyKey, bytes]:
    try:
        if not isinstance(statement, dict) or statement["format"] != FORMAT:
            raise BrokenPassport("statement", "Its passport.json has another format.")
        raw = base64.b64decode(statement["key"], validate=True)
        signature = base64.b64decode(statement["signature"], validate=True)
        key = VerifyKey(Ed25519PublicKey.from_public_bytes(raw))
        body = statement["body"]
    except (KeyError, TypeError, ValueError, binascii.Error):
        raise BrokenPassport("statement", "Its passport.json lacks a part.") from None
    if not isinstance(body, dict):
        raise BrokenPassport("statement", "Its passport.json lacks a part.")
    return body, key, signature


def _listed(body: Mapping[str, Any]) -> Sequence[tuple[str, str, int]]:
    """Return name, SHA-256 and size of each file that the body lists."""
    try:
        listed = [(one["name"], one["sha256"], one["size"]) for one in body["evidence"]]
    except (KeyError, TypeError):
        raise BrokenPassport("statement", "Its list of files cannot be read.") from None
    for name, digest, size in listed:
        if not isinstance(name, str) or not isinstance(digest, str) or type(size) is not int:
            raise BrokenPassport("statement", "Its list of files cannot be read.")
    return listed


def _check_files(listed: Sequence[tuple[str, str, int]], files: Mapping[str, bytes]) -> None:
    for name, digest, size in listed:
        content = files.get(digest)
        if content is None:
            raise BrokenPassport("files", f"A file is missing: {name[:120]}")
        if len(content) != size or hashes.of_bytes(content) != digest:
            raise BrokenPassport("files", f"A file was changed: {name[:120]}")
    if set(files) - {digest for _name, digest, _size in listed}:
        raise BrokenPassport("files", "It holds a file that is not on its list.")


def _message(body: Mapping[str, Any]) -> bytes:
    """What the signature covers; the format keeps it apart from all else this key may sign."""
    return FORMAT.encode() + b"\x00" + canonical.encode(body)
