"""Workbooks written part by part, so that each can be wrong in exactly one way."""

import io
import random
import struct
import zipfile
from collections.abc import Mapping

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
SHEETS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
MIB = 1 << 20
TYPES = (
    f'{HEAD}<Types xmlns="{PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/'
    'vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)


def relations(*rows: str) -> str:
    return f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{"".join(rows)}</Relationships>'


def relation(name: str, kind: str, target: str, *, outside: bool = False) -> str:
    mode = ' TargetMode="External"' if outside else ""
    return f'<Relationship Id="{name}" Type="{RELATIONS}/{kind}" Target="{target}"{mode}/>'


def worksheet(rows: str, after: str = "", before: str = "") -> str:
    return f'{HEAD}<worksheet xmlns="{SHEETS}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'


def text_cell(name: str, text: str) -> str:
    return f'<c r="{name}" t="inlineStr"><is><t>{text}</t></is></c>'


def row(number: int, *cells: str) -> str:
    return f'<row r="{number}">{"".join(cells)}</row>'


ONE_CELL = worksheet(row(1, text_cell("A1", "Question?")))


def parts(**changes: str | bytes) -> dict[str, str | bytes]:
    """The parts of a sound workbook of one sheet; `sheet`, `workbook`, `types`, `targets` change them."""
    book = (
        f'{HEAD}<workbook xmlns="{SHEETS}" xmlns:r="{RELATIONS}"><sheets>'
        '<sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )
    return {
        "[Content_Types].xml": changes.get("types", TYPES),
        "_rels/.rels": relations(relation("rId1", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": changes.get("workbook", book),
        "xl/_rels/workbook.xml.rels": changes.get(
            "targets", relations(relation("rId1", "worksheet", "worksheets/sheet1.xml"))
        ),
        "xl/worksheets/sheet1.xml": changes.get("sheet", ONE_CELL),
    }


def package(
    held: Mapping[str, str | bytes] | None = None,
    *,
    method: int = zipfile.ZIP_DEFLATED,
    **extra: str | bytes,
) -> bytes:
    """Zip the parts; names of `extra` are written with __ for a slash and _dot_ for a point."""
    found = io.BytesIO()
    named = {name.replace("__", "/").replace("_dot_", "."): one for name, one in extra.items()}
    with zipfile.ZipFile(found, "w", method, compresslevel=1) as file:
        for name, content in {**(parts() if held is None else held), **named}.items():
            file.writestr(name, content)
    return found.getvalue()


def padded(held: Mapping[str, str | bytes], kilobytes: int = 900) -> bytes:
    """Zip the parts with a picture of noise, so that what unpacks steeply does not stand out."""
    noise = random.Random(4).randbytes(kilobytes << 10)  # noqa: S311 -- noise, not a secret
    return package({**held, "xl/media/image1.jpeg": noise})


def with_sheet(sheet: str | bytes) -> bytes:
    return package(parts(sheet=sheet))


def renamed(raw: bytes, old: bytes, new: bytes, *, first: bool = False) -> bytes:
    """Exchange a name of the same length: everywhere, or in its local header alone."""
    assert len(old) == len(new)
    return raw.replace(old, new, 1) if first else raw.replace(old, new)


def _entry(raw: bytes, name: bytes) -> int:
    """Return where the directory's entry of a part begins."""
    return raw.index(b"PK\x01\x02", raw.rindex(name) - 46)


def with_size(raw: bytes, name: bytes, size: int) -> bytes:
    """Let the directory claim another size for a part."""
    at = _entry(raw, name) + 24
    return raw[:at] + struct.pack("<I", size) + raw[at + 4 :]


def with_flag(raw: bytes, name: bytes, flag: int) -> bytes:
    at = _entry(raw, name) + 8
    return raw[:at] + struct.pack("<H", flag) + raw[at + 2 :]


def with_crc(raw: bytes, name: bytes) -> bytes:
    at = _entry(raw, name) + 16
    return raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]


def twice(name: str, other: str) -> bytes:
    """A workbook with a part under a second name, which may be the same one."""
    found = io.BytesIO(package())
    with zipfile.ZipFile(found, "a") as file:
        info = zipfile.ZipInfo("placeholder".ljust(len(other), "_")[: len(other)])
        file.writestr(info, parts()[name])
    return found.getvalue().replace(info.filename.encode(), other.encode())
