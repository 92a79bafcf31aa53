"""The corpus: what a stranger may send instead of a workbook, and what has to come of it.

Each entry is a name, what makes the file, and the code of the refusal with the cell it names; None
where the file is odd but harmless and has to be read.
"""

import zipfile
from collections.abc import Callable
from functools import cache, partial
from typing import TypeAlias

from tests.apps.core.quarantine import packages as p
from tests.apps.core.quarantine.packages import HEAD, MIB, SHEETS, row, text_cell, worksheet

Case: TypeAlias = tuple[Callable[[], bytes], str | None, str]
SHEET = b"xl/worksheets/sheet1.xml"
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 9))
LEVEL = f'<!DOCTYPE worksheet [<!ENTITY l0 "ha">{LAUGHS}]>'


def sheet(rows: str, after: str = "", before: str = "") -> Callable[[], bytes]:
    return lambda: p.with_sheet(worksheet(rows, after, before))


def cell(inside: str) -> Callable[[], bytes]:
    return sheet(f'<row r="1">{inside}</row>')


def declared(before: str, body: str = "&e;") -> Callable[[], bytes]:
    """A sheet with a document type before its root."""
    text = worksheet(row(1, text_cell("A1", body))).removeprefix(HEAD)
    return lambda: p.with_sheet(f"{HEAD}{before}{text}")


def extra(**named: str | bytes) -> Callable[[], bytes]:
    return lambda: p.package(**named)


def typed(kind: str) -> Callable[[], bytes]:
    return lambda: p.package(p.parts(types=p.TYPES.replace("sheet.main+xml", kind)))


def related(kind: str, target: str) -> Callable[[], bytes]:
    markup = p.relations(p.relation("rId1", kind, target, outside=True))
    return extra(xl__worksheets___rels__sheet1_dot_xml_dot_rels=markup)


@cache
def spaces(mebibytes: int) -> str:
    return "<a/>" + " " * (mebibytes * MIB)


def many_cells(count: int, one: str, in_row: int) -> bytes:
    line = one * in_row
    rows = "".join(f'<row r="{n}">{line}</row>' for n in range(1, count // in_row + 2))
    return p.padded(p.parts(sheet=worksheet(rows)), 1500)


def styles(count: int) -> bytes:
    rows = '<xf numFmtId="0" fontId="0"/>' * count
    markup = (
        f'{HEAD}<styleSheet xmlns="{SHEETS}"><cellXfs count="{count}">{rows}</cellXfs></styleSheet>'
    )
    return p.padded({**p.parts(), "xl/styles.xml": markup})


def merged(count: int) -> Callable[[], bytes]:
    ranges = "".join(f'<mergeCell ref="A{n}:B{n}"/>' for n in range(1, count + 1))
    return lambda: p.padded(
        p.parts(sheet=worksheet(row(1, text_cell("A1", "x")), f"<mergeCells>{ranges}</mergeCells>"))
    )


def long_text(length: int) -> Callable[[], bytes]:
    return lambda: p.padded(p.parts(sheet=worksheet(row(1, text_cell("A1", "a" * length)))))


def much_text() -> bytes:
    text = "ab " * 10_000
    rows = "".join(row(n, text_cell(f"A{n}", text)) for n in range(1, 301))
    return p.padded(p.parts(sheet=worksheet(rows)))


def targets(target: str) -> Callable[[], bytes]:
    markup = p.relations(p.relation("rId1", "worksheet", target))
    return lambda: p.package(p.parts(targets=markup))


def workbook(inside: str) -> Callable[[], bytes]:
    markup = f'{HEAD}<workbook xmlns="{SHEETS}" xmlns:r="{p.RELATIONS}">{inside}</workbook>'
    return lambda: p.package(p.parts(workbook=markup))


ONE_SHEET = '<sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets>'
DATES = (
    f'{HEAD}<styleSheet xmlns="{SHEETS}"><cellXfs count="2"><xf numFmtId="0"/>'
    '<xf numFmtId="14"/></cellXfs></styleSheet>'
)


def dated(value: str, inside: str = ONE_SHEET) -> Callable[[], bytes]:
    """A date by style; `inside` may say that the workbook counts from 1904."""
    book = f'{HEAD}<workbook xmlns="{SHEETS}" xmlns:r="{p.RELATIONS}">{inside}</workbook>'
    held = p.parts(sheet=worksheet(row(1, f'<c r="A1" s="1"><v>{value}</v></c>')), workbook=book)
    held["xl/_rels/workbook.xml.rels"] = p.relations(
        p.relation("rId1", "worksheet", "worksheets/sheet1.xml"),
        p.relation("rId2", "styles", "styles.xml"),
    )
    return lambda: p.package({**held, "xl/styles.xml": DATES})


CORPUS: dict[str, Case] = {
    # no workbook at all
    "nothing": (lambda: b"", "empty", ""),
    "eleven megabytes": (lambda: b"PK\x03\x04" + bytes(11 * MIB), "large", ""),
    "an old or locked workbook": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old_or_locked", ""),
    "a line of text": (lambda: b"hello", "not_xlsx", ""),
    "csv with a byte order mark": (lambda: b"\xef\xbb\xbfNo;Question\r\n", "not_xlsx", ""),
    "csv in utf-16": (lambda: "No;Question".encode("utf-16"), "not_xlsx", ""),
    "csv with a nul": (lambda: b"No\x00;Question", "not_xlsx", ""),
    "a pdf": (lambda: b"%PDF-1.7\n", "not_xlsx", ""),
    "magic and noise": (lambda: b"PK\x03\x04" + bytes(range(256)) * 40, "broken_package", ""),
    "half a workbook": (lambda: p.package()[:700], "broken_package", ""),
    "a zip of something else": (lambda: p.package({"word/document.xml": HEAD}), "not_xlsx", ""),
    "a zip without parts": (lambda: p.package({}), "not_xlsx", ""),
    "a binary workbook": (extra(xl__workbook_dot_bin=b"\x83\x01"), "binary", ""),
    # sizes
    "too many parts": (
        lambda: p.package({**p.parts(), **{f"x/{n}.xml": "<a/>" for n in range(200)}}),
        "many_parts",
        "",
    ),
    "one part of 65 MiB": (
        lambda: p.padded({**p.parts(), "x/a.xml": spaces(65)}), "inflates", "",
    ),
    "three parts of 60 MiB": (
        lambda: p.padded({**p.parts(), **{f"x/{n}.xml": spaces(60) for n in range(3)}}),
        "inflates",
        "",
    ),
    "a steep part": (lambda: p.package({**p.parts(), "x/a.xml": spaces(5)}), "inflates", ""),
    "a size that lies low": (
        lambda: p.with_size(p.package({**p.parts(), SHEET.decode(): spaces(65)}), SHEET, 100),
        "inflates",
        "",
    ),
    "a size that lies a little": (
        lambda: p.with_size(p.package(), SHEET, 100), "broken_package", "",
    ),
    "a size that lies high": (lambda: p.with_size(p.package(), SHEET, 9000), "broken_package", ""),
    "a size of 4 GiB": (lambda: p.with_size(p.package(), SHEET, 0xFFFFFFFE), "inflates", ""),
    "a zip64 size that is not there": (
        lambda: p.with_size(p.package(), SHEET, 0xFFFFFFFF), "inflates", "",
    ),
    "a wrong checksum": (lambda: p.with_crc(p.package(), SHEET), "broken_package", ""),
    "relations of 2 MiB": (
        lambda: p.padded({**p.parts(), "xl/_rels/a.rels": spaces(2)}), "inflates", "",
    ),
    # the package
    "an encrypted part": (lambda: p.with_flag(p.package(), SHEET, 1), "encrypted", ""),
    "bzip2": (partial(p.package, method=zipfile.ZIP_BZIP2), "broken_package", ""),
    "lzma": (partial(p.package, method=zipfile.ZIP_LZMA), "broken_package", ""),
    "a part twice": (
        partial(p.twice, SHEET.decode(), "xl/worksheets/sheet1.xml"), "broken_package", "",
    ),
    "a part twice by case": (
        partial(p.twice, SHEET.decode(), "xl/worksheets/SHEET1.xml"), "broken_package", "",
    ),
    "a name that climbs": (
        lambda: p.renamed(p.package(x__aaaaa_dot_xml="<a/>"), b"x/aaaaa.xml", b"../aaaa.xml"),
        "broken_package",
        "",
    ),
    "a name from the root": (
        lambda: p.renamed(p.package(x__aaaaa_dot_xml="<a/>"), b"x/aaaaa.xml", b"/xaaaaa.xml"),
        "broken_package",
        "",
    ),
    "a name of another system": (
        lambda: p.renamed(p.package(x__aaaaa_dot_xml="<a/>"), b"x/aaaaa.xml", b"x\\aaaaa.xml"),
        "broken_package",
        "",
    ),
    "two names for one part": (
        lambda: p.renamed(p.package(), SHEET, SHEET.replace(b"1", b"2"), first=True),
        "broken_package",
        "",
    ),
    "something before the zip": (lambda: b"MZ" + p.package(), "not_xlsx", ""),
    # what runs or fetches
    "a macro": (extra(xl__vbaProject_dot_bin=b"\xd0\xcf"), "macros", ""),
    "a macro by type": (typed("sheet.macroEnabled.main+xml"), "macros", ""),
    "a macro sheet": (extra(xl__macrosheets__sheet1_dot_xml="<a/>"), "macros", ""),
    "a dialogue sheet": (extra(xl__dialogsheets__sheet1_dot_xml="<a/>"), "macros", ""),
    "a link to a workbook": (extra(xl__externalLinks__externalLink1_dot_xml="<a/>"), "external", ""),
    "a database": (extra(xl__connections_dot_xml="<a/>"), "external", ""),
    "a query": (extra(xl__queryTables__queryTable1_dot_xml="<a/>"), "external", ""),
    "a ribbon": (extra(customUI__customUI_dot_xml="<a/>"), "external", ""),
    "a picture from elsewhere": (related("image", "http://host.example/a.png"), "external", ""),
    "a template from elsewhere": (related("attachedTemplate", "file:///a.xlt"), "external", ""),
    "an object from elsewhere": (related("oleObject", "\\\\host.example\\a"), "external", ""),
    "an embedded document": (extra(xl__embeddings__a_dot_docx=b"PK"), "embedded", ""),
    "an embedded control": (extra(xl__activeX__activeX1_dot_bin=b"x"), "embedded", ""),
    "dde": (cell("<c r=\"A1\"><f>cmd|'/c calc'!A0</f><v>1</v></c>"), "dde", "A1"),
    "dde by another name": (
        cell("<c r=\"C1\"><f>DDE(\"cmd\";\"/c calc\";\"a\")+MSEXCEL|'\\..\\cmd.exe'!''</f></c>"),
        "dde",
        "C1",
    ),
    # markup
    "a document type": (declared("<!DOCTYPE worksheet>", "x"), "entities", ""),
    "a document type in small letters": (declared("<!doctype worksheet>", "x"), "entities", ""),
    "a billion laughs": (declared(LEVEL, "&l8;"), "entities", ""),
    "a file as an entity": (
        declared('<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/hostname">]>'), "entities", "",
    ),
    "an address as an entity": (
        declared('<!DOCTYPE a [<!ENTITY e SYSTEM "http://host.example/">]>'), "entities", "",
    ),
    "a document type from elsewhere": (
        declared('<!DOCTYPE a SYSTEM "http://host.example/a.dtd">'), "entities", "",
    ),
    "a document type across two pieces": (
        lambda: p.padded(p.parts(sheet=HEAD + " " * (65_536 - len(HEAD) - 4) + "<!DOCTYPE a>")),
        "entities",
        "",
    ),
    "a document type behind another name": (
        lambda: p.package({**p.parts(), "xl/media/a.png": "<!DOCTYPE a>"}), "entities", "",
    ),
    "utf-16": (lambda: p.with_sheet(p.ONE_CELL.encode("utf-16")), "encoding", ""),
    "utf-16 without a mark": (lambda: p.with_sheet(p.ONE_CELL.encode("utf-16-le")), "encoding", ""),
    "utf-7 by declaration": (
        lambda: p.with_sheet(p.ONE_CELL.replace("UTF-8", "UTF-7")), "encoding", "",
    ),
    "a code page by declaration": (
        lambda: p.with_sheet(p.ONE_CELL.replace("UTF-8", "cp037")), "encoding", "",
    ),
    "a nul in markup": (
        lambda: p.with_sheet(p.ONE_CELL.replace("Question", "Que\x00stion")), "encoding", "",
    ),
    "markup that breaks off": (lambda: p.with_sheet(p.ONE_CELL[:-20]), "broken", ""),
    "markup out of order": (lambda: p.with_sheet(f"{HEAD}<a><b></a></b>"), "broken", ""),
    "no markup": (lambda: p.with_sheet("Question?"), "encoding", ""),
    # cells
    "two far corners": (
        sheet(row(1, text_cell("A1", "a")) + row(1048576, text_cell("XFD1048576", "b"))),
        "far_out",
        "XFD1048576",
    ),
    "a far row": (sheet(row(40_001, text_cell("A40001", "a"))), "far_out", "A40001"),
    "a far column": (cell('<c r="GS1"><v>1</v></c>'), "far_out", "GS1"),
    "three million cells": (lambda: many_cells(3_000_000, "<c/>", 100), "many_cells", ""),
    "too many filled cells": (
        lambda: many_cells(200_100, "<c><v>1</v></c>", 100), "many_cells", "",
    ),
    "a cell with 32,768 characters": (long_text(32_768), "long_cell", "A1"),
    "a cell with 30 MiB": (long_text(30 * MIB), "long_cell", "A1"),
    "nine million characters": (much_text, "much_text", ""),
    "20,001 merged ranges": (merged(20_001), "many_merged", ""),
    "merged ranges over each other": (
        sheet(
            row(1, text_cell("A1", "a")),
            "<mergeCells>" + '<mergeCell ref="A1:GR10000"/>' * 21 + "</mergeCells>",
        ),
        "many_merged",
        "",
    ),
    "a merged range that is none": (
        sheet(row(1, text_cell("A1", "a")), '<mergeCells><mergeCell ref="A1:"/></mergeCells>'),
        "broken",
        "",
    ),
    "a cell of row 0": (cell('<c r="A0"><v>1</v></c>'), "broken", ""),
    "a cell of four letters": (cell('<c r="AAAA1"><v>1</v></c>'), "broken", ""),
    "a text that is not in the table": (cell('<c r="A1" t="s"><v>7</v></c>'), "broken", ""),
    "a sheet that is not there": (targets("worksheets/sheet9.xml"), "broken", ""),
    "a sheet outside": (targets("../../../etc/passwd"), "broken", ""),
    "a workbook without sheets": (workbook("<sheets/>"), None, ""),
    # odd, and harmless
    "an address behind a cell": (related("hyperlink", "https://buyer.example/"), None, ""),
    "10,000 merged ranges": (merged(10_000), None, ""),
    "the whole sheet merged": (
        sheet(
            row(1, text_cell("A1", "a")), '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
        ),
        None,
        "",
    ),
    "100,000 styles": (lambda: styles(100_000), None, ""),
    "a dimension that lies": (
        sheet(row(1, text_cell("A1", "a")), before='<dimension ref="A1:XFD1048576"/>'), None, "",
    ),
    "styled cells far out": (
        sheet(row(1, text_cell("A1", "a"), '<c r="AMQ1" s="0"/>') + row(900_000, '<c r="A900000"/>')),
        None,
        "",
    ),
    "cells without names": (sheet("<row><c><v>1</v></c><c><v>2</v></c></row>"), None, ""),
    "a number that is none": (cell('<c r="A1"><v>12,5</v></c>'), None, ""),
    "1e308": (cell('<c r="A1"><v>1e308</v></c>'), None, ""),
    "not a number": (cell('<c r="A1"><v>NaN</v></c>'), None, ""),
    "a date from 1900": (dated("60"), None, ""),
    "a date from 1904": (dated("60", '<workbookPr date1904="1"/>' + ONE_SHEET), None, ""),
    "a date beyond time": (dated("1e300"), None, ""),
    "a very deep element": (
        sheet(row(1, text_cell("A1", "a")), "<x>" * 20_000 + "</x>" * 20_000), None, "",
    ),
}  # fmt: skip
