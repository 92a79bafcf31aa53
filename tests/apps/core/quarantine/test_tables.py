"""Tables of other kinds than .xlsx: read by their cells, refused by the same sentences."""

import pytest

from apps.core.quarantine.reading import kind_of, read_file, understood
from apps.core.quarantine.refusals import Unreadable
from tests.apps.core.quarantine import packages
from tests.apps.core.quarantine.others import ods, ods_cell, ods_row, stream, xls

ROWS = (("No", "Question"), ("1", "Who owns you?"))
ODS = "".join(ods_row(*map(ods_cell, row)) for row in ROWS)
CELLS = {(0, 0): "No", (0, 1): "Question", (1, 0): "1", (1, 1): "Who owns you?"}
MIB = 1 << 20


def cells(content: bytes, kind: str) -> dict:
    [sheet] = understood(read_file(content, kind)).sheets
    return {place: cell.text for place, cell in sheet.cells.items()}


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (ods(ODS), "ods"),
        (xls(ROWS), "xls"),
        (b"No,Question\r\n1,Who owns you?\r\n", "csv"),
        ("\ufeffNo;Question\r\n1;Who owns you?".encode(), "csv"),
        ("No\tQuestion\n1\tWho owns you?\n".encode("utf-16"), "csv"),
        (b'No|Question\n1|"Who owns you?"\n', "csv"),
    ],
    ids=["ods", "xls", "commas", "semicolons", "tabs", "bars"],
)  # fmt: skip
def test_a_table_of_any_kind_gives_the_same_cells(content, kind):
    assert cells(content, kind) == CELLS


def test_text_in_columns_keeps_separators_line_breaks_and_formulas_as_text():
    content = b'No;Question\n1;"First, then; last\nline"\n2;"=cmd|\'/c calc\'!A0"\n'
    assert cells(content, "csv") == {
        (0, 0): "No", (0, 1): "Question", (1, 0): "1", (1, 1): "First, then; last\nline",
        (2, 0): "2", (2, 1): "=cmd|'/c calc'!A0",
    }  # fmt: skip


HOSTILE = {
    "an empty table": (b"", "csv", "empty"),
    "csv with a nul": (b"No\x00;Question", "csv", "not_csv"),
    "csv in a code page": ("Größe;Ärger".encode("cp1252"), "csv", "not_csv"),
    "csv of 11 MiB": (b"a;b\n" * (3 * MIB), "csv", "large"),
    "csv of 40,001 rows": (b"a;b\n" * 40_002, "csv", "far_out"),
    "csv of 201 columns": (b";".join([b"a"] * 201), "csv", "far_out"),
    "csv with a cell of 40,000 characters": (b"a;" + b"x" * 40_000, "csv", "long_cell"),
    "csv with an open quote": (b'a;"' + b"x;y\n" * 50_000, "csv", "far_out"),
    "a workbook that says it is text": (packages.package(), "csv", "not_csv"),
    "ods that is text": (b"hello", "ods", "not_ods"),
    "ods that is a workbook of Excel": (packages.package(), "ods", "not_ods"),
    "ods with macros": (ods(ODS, Basic__a_dot_xml="<a/>"), "ods", "macros"),
    "ods with scripts": (ods(ODS, Scripts__a_dot_py="import os"), "ods", "macros"),
    "ods with an object": (ods(ODS, **{"Object 1__content_dot_xml": "<a/>"}), "ods", "embedded"),
    "ods under a password": (ods(ODS, encrypted=True), "ods", "encrypted"),
    "ods with entities": (
        ods(ODS, before='<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/hostname">]>'), "ods", "entities",
    ),
    "ods that is a bomb": (ods(ODS, a_dot_xml=" " * (5 * MIB)), "ods", "inflates"),
    "ods with a far row": (
        ods(ods_row(ods_cell("a")) + ods_row("<table:table-cell/>", repeated=50_000) + ods_row(ods_cell("b"))),
        "ods",
        "far_out",
    ),
    "ods that repeats a cell 300,000 times": (
        ods(ods_row(ods_cell("a", 100), repeated=3_000)), "ods", "many_cells",
    ),
    "ods that repeats a cell to the end of the sheet": (
        ods(ods_row(ods_cell("a", 16_384), repeated=1_048_576)), "ods", "broken",
    ),
    "ods without an end": (ods(ODS)[:600], "ods", "broken_package"),
    "xls that is text": (b"hello", "xls", "not_xls"),
    "xls that is a workbook of today": (packages.package(), "xls", "not_xls"),
    "xls with macros": (xls(ROWS, other="_VBA_PROJECT"), "xls", "macros"),
    "xls that is a locked workbook of today": (xls(ROWS, other="EncryptedPackage"), "xls", "encrypted"),
    "xls under a password": (xls(ROWS, locked=True), "xls", "broken"),
    "xls of noise": (xls(ROWS)[:512] + bytes(range(256)) * 40, "xls", "broken"),
    "xls with a far row": (xls([*ROWS, *[()] * 50_000, ("x",)]), "xls", "far_out"),
    "xls that breaks off": (xls((), content=stream(ROWS)[:60]), "xls", "broken"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_strange_table_gets_its_verdict(name):
    content, kind, code = HOSTILE[name]
    with pytest.raises(Unreadable) as refused:
        read_file(content, kind)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("name", "found"),
    [("a.XLSX", "xlsx"), ("a.xls", "xls"), ("a.ods", "ods"), ("a.csv", "csv"), ("a.json", "json"),
     ("a.yml", "yaml"), ("a.yaml", "yaml")],
)  # fmt: skip
def test_the_name_says_how_a_file_is_read(name, found):
    assert kind_of(name) == found


@pytest.mark.parametrize(
    ("name", "code"),
    [("a.xlsm", "macros"), ("a.xltm", "macros"), ("a.xlsb", "binary"), ("a.pdf", "kind"), ("a", "kind"),
     ("a.xlsx.exe", "kind")],
)  # fmt: skip
def test_a_name_of_another_kind_is_refused(name, code):
    with pytest.raises(Unreadable) as refused:
        kind_of(name)
    assert refused.value.code == code
