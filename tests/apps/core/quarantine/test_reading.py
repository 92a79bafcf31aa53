"""Values come through as they stand, and the child can do nothing but read."""

import io
import subprocess
import sys
from pathlib import Path

import pytest
import xlsxwriter

from apps.core.errors import Incomplete
from apps.core.quarantine import child, running, scanning
from apps.core.quarantine.reading import read_plain, read_workbook
from apps.core.quarantine.refusals import SENTENCES, Unreadable
from apps.core.quarantine.values import Cell, CellKind, Visibility, workbook_of
from tests.apps.core.quarantine import packages as p
from tests.apps.core.quarantine.hostile import dated
from tests.apps.core.quarantine.packages import row, text_cell, worksheet

FOLDER = Path(child.__file__).parents[3]


def confined(program: str) -> str:
    """What a program prints that is run in the child's confinement."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.append({str(FOLDER)!r})\n{program}"],
        capture_output=True, text=True, env={}, check=False, timeout=60,
    )  # fmt: skip
    return done.stdout.strip()


def first_sheet(sheet: str):
    return read_workbook(p.with_sheet(sheet)).sheets[0]


def test_cells_keep_their_kind_and_their_digits():
    cells = (
        text_cell("A1", " two  words "),
        '<c r="B1"><v>0.1</v></c><c r="C1"><v>12</v></c><c r="D1"><v>1e308</v></c>',
        '<c r="E1" t="b"><v>1</v></c><c r="F1" t="e"><v>#DIV/0!</v></c>',
        '<c r="G1" t="str"><f>A1&amp;"?"</f><v>made?</v></c><c r="H1"><v>1234567890123456</v></c>',
    )
    sheet = first_sheet(worksheet(row(1, *cells)))
    assert [(one.kind, one.text) for one in sheet.cells.values()] == [
        (CellKind.TEXT, "two  words"),
        (CellKind.NUMBER, "0.1"),
        (CellKind.NUMBER, "12"),
        (CellKind.NUMBER, "1e+308"),
        (CellKind.YES_NO, "true"),
        (CellKind.TEXT, "made?"),
        (CellKind.NUMBER, "1234567890123456"),
        (CellKind.ERROR, "#ERROR"),
    ]
    assert sheet.formulas == {(0, 6)}


def test_hidden_rows_and_columns_and_merged_ranges_are_told():
    sheet = first_sheet(
        worksheet(
            '<row r="1"/><row r="2" hidden="1"><c r="C2"><v>1</v></c></row>',
            '<mergeCells><mergeCell ref="A1:C2"/></mergeCells>',
            '<cols><col min="2" max="3" hidden="1"/></cols>',
        )
    )
    assert sheet.hidden_rows == {1}
    assert sheet.hidden_columns == {1, 2}
    assert sheet.merged == (((0, 0), (1, 2)),)
    assert sheet.cells == {(1, 2): Cell(CellKind.NUMBER, "1")}


@pytest.mark.parametrize(("workbook", "day"), [(None, "1900-02-28"), ("1904", "1904-02-29")])
def test_a_date_counts_from_the_year_the_workbook_says(workbook, day):
    raw = dated("59")() if workbook is None else dated("59", f'<workbookPr date1904="1"/>{ONE}')()
    cell = read_workbook(raw).sheets[0].cells[0, 0]
    assert (cell.kind, cell.text[:10]) == (CellKind.DATE, day)


ONE = '<sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets>'


def test_sheets_say_whether_people_see_them():
    held = io.BytesIO()
    book = xlsxwriter.Workbook(held)
    for name in ("Seen", "Hidden", "Never"):
        book.add_worksheet(name).write_string(0, 0, name)
    book.get_worksheet_by_name("Hidden").hide()
    book.get_worksheet_by_name("Never").very_hidden()
    book.close()
    assert [(one.name, one.visibility) for one in read_workbook(held.getvalue()).sheets] == [
        ("Seen", Visibility.VISIBLE),
        ("Hidden", Visibility.HIDDEN),
        ("Never", Visibility.VERY_HIDDEN),
    ]


@pytest.mark.parametrize(
    ("place", "name"), [((0, 0), "A1"), ((0, 25), "Z1"), ((9, 26), "AA10"), ((1048575, 16383), "XFD1048576")]
)  # fmt: skip
def test_a_cell_is_called_as_a_spreadsheet_calls_it(place, name):
    assert scanning.name_of(*place) == name
    assert scanning.place_of(name) == place


def test_the_child_opens_no_file_and_no_socket():
    printed = confined(
        "import socket\nfrom apps.core.quarantine import child\nchild.confine()\n"
        "for act in (lambda: open('/etc/hostname'), socket.socket):\n"
        "    try: act(); print('open')\n"
        "    except OSError as error: print(error.errno)"
    )
    assert printed.split() == ["24", "24"]  # EMFILE: no descriptor is left to give


def test_the_child_has_half_a_gibibyte_and_no_more():
    printed = confined(
        "from apps.core.quarantine import child\nchild.confine()\nbytearray(300 << 20)\n"
        "try: bytearray(600 << 20); print('given')\n"
        "except MemoryError: print('refused')"
    )
    assert printed == "refused"


def test_the_child_is_given_neither_environment_nor_packages():
    answer, _usage = running.run("json", b"{}")
    assert answer == {"plain": {}}
    printed = confined(
        "import os, apps.core.quarantine.child; print(dict(os.environ).keys() - {'LC_CTYPE'}, 'django' in sys.modules)"
    )
    assert printed == "set() False"


def test_a_child_that_takes_too_long_is_ended(monkeypatch):
    monkeypatch.setattr(running, "WALL_SECONDS", 0.001)
    with pytest.raises(Unreadable) as refused:
        read_workbook(p.package())
    assert refused.value.code == "time"


def test_a_child_that_says_too_much_is_not_listened_to(monkeypatch):
    monkeypatch.setattr(running, "LARGEST_ANSWER", 100)
    with pytest.raises(Unreadable) as refused:
        read_workbook(p.package())
    assert refused.value.code == "memory"


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"sheets": [{}]},
        {"sheets": [{"name": 1, "visible": "Visible", "cells": []}]},
        {"sheets": [{"name": "a", "visible": "Seen", "cells": []}]},
        {"sheets": [{"name": "a", "visible": "Visible", "cells": [[-1, 0, "text", "x"]]}]},
        {"sheets": [{"name": "a", "visible": "Visible", "cells": [[0, 0, "code", "x"]]}]},
    ],
)
def test_nothing_a_child_says_is_taken_on_trust(answer):
    with pytest.raises((KeyError, TypeError, ValueError)):
        workbook_of(answer)


def test_yaml_stays_the_text_it_is():
    assert read_plain(b"a: No\nb: [1.10, 2020-01-01, null]\n", "yaml") == {
        "a": "No",
        "b": ["1.10", "2020-01-01", "null"],
    }


@pytest.mark.parametrize(
    ("content", "kind", "code"),
    [
        (b"", "json", "empty"),
        (b" " * (3 << 20), "json", "large"),
        (b"{", "json", "no_json"),
        (b"\xff\xfe{}", "json", "no_json"),
        (b'{"a": 1, "a": 2}', "json", "twins"),
        (b"[" * 200_000, "json", "deep"),
        (b"a: [", "yaml", "no_yaml"),
        (b"a: &x [1]\nb: [*x, *x]\n", "yaml", "aliases"),
        (b"[" * 50 + b"]" * 50, "yaml", "deep"),
        (b"\x00", "yaml", "no_yaml"),
    ],
)
def test_a_broken_question_set_is_refused_with_a_sentence(content, kind, code):
    with pytest.raises(Unreadable) as refused:
        read_plain(content, kind)
    assert refused.value.code == code


def test_a_tag_of_yaml_makes_no_object():
    assert read_plain(b"!!python/object/apply:os.system [ls]", "yaml") == ["ls"]


def test_every_refusal_is_one_sentence_beside_the_field():
    for code in SENTENCES:
        refused = Unreadable(code, "Sheet1", "B2", most=1)
        assert isinstance(refused, Incomplete)
        assert refused.fields == {"file": refused.sentence}
        assert refused.sentence.startswith("Sheet “Sheet1”, cell B2: ")
