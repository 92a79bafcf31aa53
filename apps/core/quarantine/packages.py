"""What is checked about an .xlsx, .ods, .docx or .xls before anybody unpacks it in earnest.

A package is inflated here piece by piece, never as a whole, and against what it claims: sizes in a
zip are the sender's word. Refused are bombs, encryption, macros, links to elsewhere, embedded
documents, and XML that defines entities or hides behind an unusual encoding.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import Final
from xml.parsers import expat

from apps.core.quarantine.refusals import Unreadable

MIB: Final = 1 << 20
LARGEST: Final = 10 * MIB
MOST_PARTS: Final = 200
LARGEST_PART: Final = 64 * MIB
LARGEST_TOTAL: Final = 128 * MIB
STEEPEST: Final = 200  # inflated bytes for one byte of the file
LARGEST_RELATIONS: Final = MIB
PIECE: Final = 64 << 10
ENCRYPTED: Final = 0x1
LOCAL: Final = struct.Struct("<4s5H3I2H")
ZIP: Final = b"PK\x03\x04"
COMPOUND: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # .xls, or .xlsx under a password
MARKUP: Final = (".xml", ".rels", ".vml")
DECLARATIONS: Final = (b"<!DOCTYPE", b"<!ENTITY")
MACROS: Final = ("vbaproject", "xl/macrosheets/", "xl/dialogsheets/", "xl/vbadata")
LINKS: Final = ("xl/externallinks/", "xl/connections.xml", "xl/querytables/", "customui/")
EMBEDDED: Final = ("xl/embeddings/", "xl/activex/", "xl/ctrlprops/")
REQUIRED: Final = ("[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels")
DOCX_MACROS: Final = ("vbaproject", "word/vbadata")
DOCX_EMBEDDED: Final = ("word/embeddings/", "word/activex/")
# What names an outside address and fetches nothing here: an address behind a text, and the template
# that most documents of a company were begun with.
HARMLESS: Final = {"docx": ("/hyperlink", "/attachedTemplate")}
MANIFEST: Final = "META-INF/manifest.xml"
ODS_MACROS: Final = ("basic/", "scripts/")
ODS_EMBEDDED: Final = ("object ", "objectreplacements/")
# Names in the directory of a compound file are UTF-16.
LOCKED: Final = tuple(name.encode("utf-16-le") for name in ("EncryptedPackage", "EncryptionInfo"))
VBA: Final = "_VBA_PROJECT".encode("utf-16-le")


def check(content: bytes, kind: str = "xlsx") -> None:
    """Refuse a workbook that should not be opened; Unreadable carries the sentence."""
    if kind == "xls":
        _check_compound(content)
        return
    _check_whole(content, kind)
    check_names = {"ods": _check_ods_names, "docx": _check_docx_names}.get(kind, _check_names)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = package.infolist()
            _check_directory(parts, len(content))
            names = [part.filename for part in parts]
            check_names(names)
            total = 0
            # a manifest first: it says that the rest is encrypted, which looks like damage
            for part in sorted(parts, key=lambda part: part.filename != MANIFEST):
                total += _check_part(content, part, kind)
                if total > LARGEST_TOTAL:
                    raise Unreadable("inflates")
    except (zipfile.BadZipFile, zlib.error, struct.error, ValueError, NotImplementedError):
        raise Unreadable("broken_package") from None


def check_size(content: bytes, most: int = LARGEST) -> None:
    if not content:
        raise Unreadable("empty")
    if len(content) > most:
        raise Unreadable("large", most=most // MIB)


def _check_whole(content: bytes, kind: str) -> None:
    check_size(content)
    if kind in {"xlsx", "docx"} and content.startswith(COMPOUND):
        raise Unreadable("old_or_locked")
    if not content.startswith(ZIP):
        raise Unreadable(f"not_{kind}")


def _check_compound(content: bytes) -> None:
    """Look at a workbook of Excel 97 to 2003 for what its directory cannot hide."""
    check_size(content)
    if not content.startswith(COMPOUND):
        raise Unreadable("not_xls")
    if any(name in content for name in LOCKED):
        raise Unreadable("encrypted")
    if VBA in content:
        raise Unreadable("macros")


def _check_directory(parts: list[zipfile.ZipInfo], size: int) -> None:
    if len(parts) > MOST_PARTS:
        raise Unreadable("many_parts", most=MOST_PARTS)
    if any(part.flag_bits & ENCRYPTED for part in parts):
        raise Unreadable("encrypted")
    if any(part.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED} for part in parts):
        raise Unreadable("broken_package")
    claimed = [part.file_size for part in parts]
    if max(claimed, default=0) > LARGEST_PART or sum(claimed) > min(LARGEST_TOTAL, STEEPEST * size):
        raise Unreadable("inflates")


def _check_names(names: list[str]) -> None:
    lower = [name.lower() for name in names]
    if len(set(lower)) != len(lower) or any(_strange(name) for name in names):
        raise Unreadable("broken_package")
    for code, starts in (("macros", MACROS), ("external", LINKS), ("embedded", EMBEDDED)):
        if any(start in name for name in lower for start in starts):
            raise Unreadable(code)
    if "xl/workbook.bin" in lower:
        raise Unreadable("binary")
    if not set(REQUIRED) <= set(names):
        raise Unreadable("not_xlsx")


def _check_ods_names(names: list[str]) -> None:
    lower = [name.lower() for name in names]
    if len(set(lower)) != len(lower) or any(_strange(name) for name in names):
        raise Unreadable("broken_package")
    if not {"content.xml", MANIFEST} <= set(names):
        raise Unreadable("not_ods")
    for code, starts in (("macros", ODS_MACROS), ("embedded", ODS_EMBEDDED)):
        if any(name.startswith(starts) for name in lower):
            raise Unreadable(code)


def _check_docx_names(names: list[str]) -> None:
    lower = [name.lower() for name in names]
    if len(set(lower)) != len(lower) or any(_strange(name) for name in names):
        raise Unreadable("broken_package")
    for code, starts in (("macros", DOCX_MACROS), ("embedded", DOCX_EMBEDDED)):
        if any(start in name for name in lower for start in starts):
            raise Unreadable(code)
    if not {REQUIRED[0], "word/document.xml"} <= set(names):
        raise Unreadable("not_docx")


def _strange(name: str) -> bool:
    return name.startswith("/") or "\\" in name or "\x00" in name or ".." in name.split("/")


def _check_part(content: bytes, part: zipfile.ZipInfo, kind: str) -> int:
    """Inflate a part piece by piece; return how long it really is."""
    markup = part.filename.lower().endswith(MARKUP)
    relations = part.filename.lower().endswith(".rels")
    whole = relations or part.filename in {REQUIRED[0], MANIFEST}
    held, tail, length, crc = bytearray(), b"", 0, 0
    for piece in _pieces(content, part):
        length += len(piece)
        crc = zlib.crc32(piece, crc)
        if length > LARGEST_PART or (whole and length > LARGEST_RELATIONS):
            raise Unreadable("inflates")
        if markup and (b"\x00" in piece or (not tail and _unusual(piece))):
            raise Unreadable("encoding")
        if any(word in (tail + piece).upper() for word in DECLARATIONS):
            raise Unreadable("entities")
        tail = piece[-16:]
        if whole:
            held += piece
    if length != part.file_size or crc != part.CRC:
        raise Unreadable("broken_package")
    if whole:
        _check_contents(part.filename, bytes(held), kind)
    return length


def _check_contents(name: str, markup: bytes, kind: str) -> None:
    """Read what the parts say of one another; each of these is small."""
    if name == MANIFEST and b"encryption-data" in markup:
        raise Unreadable("encrypted")
    if name == REQUIRED[0]:
        _check_types(markup)
    elif name != MANIFEST:
        _check_relations(markup, HARMLESS.get(kind, ("/hyperlink",)))


def _pieces(content: bytes, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield a part's bytes from where its own header says, not as long as the directory says."""
    at = part.header_offset
    header = LOCAL.unpack_from(content, at)
    name_length, extra_length = header[9], header[10]
    name = content[at + LOCAL.size : at + LOCAL.size + name_length]
    start = at + LOCAL.size + name_length + extra_length
    packed = memoryview(content)[start : start + part.compress_size]
    agreed = header[3] == part.compress_type and name == part.filename.encode("utf-8")
    if header[0] != ZIP or not agreed or len(packed) != part.compress_size:
        raise Unreadable("broken_package")
    if part.compress_type == zipfile.ZIP_STORED:
        for step in range(0, len(packed), PIECE):
            yield bytes(packed[step : step + PIECE])
        return
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    rest: bytes | memoryview = packed
    while not inflater.eof:
        piece = inflater.decompress(rest, PIECE)
        rest = inflater.unconsumed_tail
        if not piece and not rest and not inflater.eof:
            raise Unreadable("broken_package")
        if piece:
            yield piece


def _unusual(start: bytes) -> bool:
    """Whether markup begins with anything but UTF-8, by its first bytes or its own declaration."""
    text = start.removeprefix(b"\xef\xbb\xbf")
    if not text.lstrip().startswith(b"<"):
        return True
    if not text.startswith(b"<?xml"):
        return False
    declaration = text.partition(b"?>")[0].lower()
    return b"encoding" in declaration and not any(
        name in declaration for name in (b"utf-8", b"us-ascii")
    )


def _check_relations(markup: bytes, harmless: tuple[str, ...]) -> None:
    """Refuse whatever a part would fetch."""
    for one in _elements(markup):
        outside = one.get("TargetMode", "").lower() == "external"
        if outside and not one.get("Type", "").endswith(harmless):
            raise Unreadable("external")


def _check_types(markup: bytes) -> None:
    for one in _elements(markup):
        kind = one.get("ContentType", "").lower()
        if "macroenabled" in kind or "vbaproject" in kind:
            raise Unreadable("macros")


def _elements(markup: bytes) -> list[dict[str, str]]:
    """Return the attributes of every element; a document type was refused before this."""
    found: list[dict[str, str]] = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda _name, attributes: found.append(attributes)
    try:
        parser.Parse(markup, True)  # noqa: FBT003 -- expat takes no names
    except expat.ExpatError:
        raise Unreadable("broken_package") from None
    return found
