"""Workbooks that are no .xlsx, written byte by byte: .ods as a zip, .xls as a compound file."""

import io
import struct
import zipfile
from collections.abc import Sequence

OFFICE = "urn:oasis:names:tc:opendocument:xmlns"
MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    f'<manifest:manifest xmlns:manifest="{OFFICE}:manifest:1.0">'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml">{}'
    "</manifest:file-entry></manifest:manifest>"
)
CONTENT = (
    '<?xml version="1.0" encoding="UTF-8"?>{before}'
    f'<office:document-content xmlns:office="{OFFICE}:office:1.0" xmlns:table="{OFFICE}:table:1.0"'
    f' xmlns:text="{OFFICE}:text:1.0" office:version="1.2"><office:body><office:spreadsheet>'
    '<table:table table:name="Sheet1">{rows}</table:table>'
    "</office:spreadsheet></office:body></office:document-content>"
)
SECTOR = 512
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def ods_cell(text: str, repeated: int = 1) -> str:
    return (
        f'<table:table-cell office:value-type="string" table:number-columns-repeated="{repeated}">'
        f"<text:p>{text}</text:p></table:table-cell>"
    )


def ods_row(*cells: str, repeated: int = 1) -> str:
    return f'<table:table-row table:number-rows-repeated="{repeated}">{"".join(cells)}</table:table-row>'


def ods(rows: str, *, before: str = "", encrypted: bool = False, **extra: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        file.writestr("content.xml", CONTENT.format(before=before, rows=rows))
        inside = "<manifest:encryption-data/>" if encrypted else ""
        file.writestr("META-INF/manifest.xml", MANIFEST.format(inside))
        for name, content in extra.items():
            file.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return held.getvalue()


def record(kind: int, content: bytes) -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def label(row: int, column: int, text: str) -> bytes:
    """A cell of text as Excel 97 writes it into the sheet itself."""
    return record(
        0x0204, struct.pack("<HHHHB", row, column, 0, len(text), 0) + text.encode("latin-1")
    )


def stream(rows: Sequence[Sequence[str]], *, locked: bool = False) -> bytes:
    """The records of a workbook of one sheet."""
    begin = struct.pack("<HHHHII", 0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 6)
    sheet_begin = struct.pack("<HHHHII", 0x0600, 0x0010, 0x0DBB, 0x07CC, 0, 6)
    lock = record(0x002F, b"\x01\x00" + bytes(52)) if locked else b""
    name = b"Sheet1"

    def globals_of(at: int) -> bytes:
        bound = struct.pack("<IBBBB", at, 0, 0, len(name), 0) + name
        return record(0x0809, begin) + lock + record(0x0085, bound) + record(0x000A, b"")

    head = globals_of(len(globals_of(0)))
    height, width = len(rows), max((len(one) for one in rows), default=0)
    size = record(0x0200, struct.pack("<IIHHH", 0, height, 0, width, 0))
    cells = b"".join(
        label(row, column, text)
        for row, texts in enumerate(rows)
        for column, text in enumerate(texts)
        if text
    )
    return head + record(0x0809, sheet_begin) + size + cells + record(0x000A, b"")


def entry(name: str, kind: int, start: int, size: int, child: int = FREE) -> bytes:
    encoded = (name + "\0").encode("utf-16-le")
    return (
        encoded.ljust(64, b"\0")
        + struct.pack("<HBB", len(encoded), kind, 1)
        + struct.pack("<III", FREE, FREE, child)
        + bytes(16 + 4 + 16)
        + struct.pack("<IQ", start, size)
    )


def xls(
    rows: Sequence[Sequence[str]], *, other: str = "", locked: bool = False, content: bytes = b""
) -> bytes:
    """A compound file with one workbook in it; `other` names a further, empty stream."""
    body = (content or stream(rows, locked=locked)).ljust(4096, b"\0")
    body += bytes(-len(body) % SECTOR)
    count = len(body) // SECTOR
    chain = [FAT, END, *range(3, 2 + count), END]
    table = struct.pack(f"<{len(chain)}I", *chain).ljust(SECTOR, b"\xff")
    assert len(table) == SECTOR
    directory = (
        entry("Root Entry", 5, END, 0, 1)
        + entry("Workbook", 2, 2, len(body))
        + (entry(other, 2, END, 0) if other else bytes(128))
        + bytes(128)
    )
    head = (
        MAGIC
        + bytes(16)
        + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
        + bytes(6)
        + struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, END, 0, END, 0)
        + struct.pack("<I", 0)
        + b"\xff" * (108 * 4)
    )
    assert len(head) == SECTOR
    return head + table + directory + body
