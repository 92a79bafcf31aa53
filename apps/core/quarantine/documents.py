"""A Word document in the child: its tables, and what stands under its headings, as rows of text.

Like the child, this knows nothing of the project: no Django, no settings, no translation. Only the
text is read: no picture, no link, no field, nothing that was deleted or is hidden.
"""

import io
import zipfile
from collections.abc import Callable
from typing import Any, Final
from xml.parsers import expat

from apps.core.quarantine.scanning import LONGEST_CELL, MOST_ROWS, Budget, Refused
from apps.core.quarantine.tables import plain_sheet

DOCUMENT: Final = "word/document.xml"
STYLES: Final = "word/styles.xml"
NARROWEST: Final = 2  # columns: a table of one is a frame around text
# Twice the same text: for readers that do not know the newer drawing. Deleted, moved away, a note.
PASSED_OVER: Final = frozenset({"Fallback", "del", "moveFrom", "instrText", "delText"})
MOST_DEPTH: Final = 200


def read_docx(raw: bytes) -> dict[str, Any]:
    """Return each table as a sheet, and the paragraphs under headings as one of three columns.

    A document without either is one sheet of its paragraphs.
    """
    package = zipfile.ZipFile(io.BytesIO(raw))
    styles = _Styles()
    if STYLES in package.namelist():
        _parse(package, STYLES, styles.start, lambda _name: None, lambda _text: None)
    found = _Document(styles.headings)
    _parse(package, DOCUMENT, found.start, found.end, found.text)
    budget = Budget()
    sheets = [
        _sheet(f"Table {number}", rows, budget)
        for number, rows in enumerate(found.tables, start=1)
        if max(map(len, rows), default=0) >= NARROWEST
    ]
    answered = _under_headings(found.paragraphs)
    if answered:
        sheets.append(_sheet("Headings", [["Question", "Answer", "Under"], *answered], budget))
    if not sheets:
        sheets.append(_sheet("Text", [[text] for _level, text in found.paragraphs], budget))
    return {"sheets": sheets}


def _sheet(name: str, rows: list[list[str]], budget: Budget) -> dict[str, Any]:
    if len(rows) > MOST_ROWS:
        raise Refused("much_text", name)
    return plain_sheet(name, {at: (0, row) for at, row in enumerate(rows)}, budget)


def _under_headings(paragraphs: list[tuple[int, str]]) -> list[list[str]]:
    """Return heading, what follows it, and the heading above; one with nothing under it is no row."""
    rows: list[list[str]] = []
    above: dict[int, str] = {}  # by level, the headings that stand over what follows
    for level, text in paragraphs:
        if level:
            above = {at: one for at, one in above.items() if at < level}
            rows.append([text, "", next(reversed(above.values()), "")])
            above[level] = text
        elif rows:
            rows[-1][1] = f"{rows[-1][1]}\n{text}".strip()
    return [row for row in rows if row[1]]


def _parse(
    package: zipfile.ZipFile,
    part: str,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None],
    text: Callable[[str], None],
) -> None:
    def doctype(*_names: object) -> None:
        raise Refused("entities")

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = doctype
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    with package.open(part) as stream:
        parser.ParseFile(stream)


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


def _value(given: dict[str, str]) -> str:
    return next((text for name, text in given.items() if _local(name) == "val"), "")


class _Styles:
    """Which styles are headings, and of which level: their names are English in every language."""

    def __init__(self) -> None:
        self.headings: dict[str, int] = {}
        self._style = ""

    def start(self, name: str, given: dict[str, str]) -> None:
        if _local(name) == "style":
            self._style = next((v for k, v in given.items() if _local(k) == "styleId"), "")
        elif _local(name) == "name":
            word, _space, level = _value(given).lower().rpartition(" ")
            if word == "heading" and level.isdecimal() and len(level) == 1:
                self.headings[self._style] = int(level)


class _Document:
    """One pass over the body: paragraphs with the level of their heading, and outer tables."""

    def __init__(self, headings: dict[str, int]) -> None:
        self.headings = headings
        self.paragraphs: list[tuple[int, str]] = []  # 0 for what is no heading
        self.tables: list[list[list[str]]] = []
        self.level = 0
        self.passed_over = 0  # how deep inside something that is not read
        self.depth = 0
        self.tables_open = 0
        self.hidden = self.in_text = False
        self.said: list[str] = []
        self.cell: list[str] = []
        self.length = 0

    def start(self, name: str, given: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > MOST_DEPTH:
            raise Refused("deep")
        local = _local(name)
        if self.passed_over or local in PASSED_OVER:
            self.passed_over += 1
            return
        act = STARTS.get(local)
        if act is not None:
            act(self, given)

    def end(self, name: str) -> None:
        self.depth -= 1
        if self.passed_over:
            self.passed_over -= 1
            return
        act = ENDS.get(_local(name))
        if act is not None:
            act(self)

    def text(self, text: str) -> None:
        if self.in_text and not self.hidden and not self.passed_over:
            self.say(text)

    def say(self, text: str) -> None:
        self.length += len(text)
        if self.length > LONGEST_CELL:
            raise Refused("long_cell")
        self.said.append(text)

    def start_table(self, _given: dict[str, str]) -> None:
        self.tables_open += 1
        if self.tables_open == 1:
            self.tables.append([])

    def start_row(self, _given: dict[str, str]) -> None:
        if self.tables_open == 1:
            self.tables[-1].append([])

    def start_cell(self, _given: dict[str, str]) -> None:
        if self.tables_open == 1:
            self.cell, self.length = [], 0

    def start_style(self, given: dict[str, str]) -> None:
        self.level = self.headings.get(_value(given), 0)

    def start_run(self, _given: dict[str, str]) -> None:
        self.hidden = False

    def start_hidden(self, given: dict[str, str]) -> None:
        self.hidden = _value(given) not in {"0", "false", "off"}

    def start_text(self, _given: dict[str, str]) -> None:
        self.in_text = True

    def end_text(self) -> None:
        self.in_text = False

    def start_gap(self, _given: dict[str, str]) -> None:
        if not self.hidden:
            self.say(" ")

    def end_paragraph(self) -> None:
        said = " ".join("".join(self.said).split())
        level, self.level, self.said = self.level, 0, []
        if not said:
            return
        if self.tables_open:
            self.cell.append(said)
        else:
            self.paragraphs.append((level, said))
            self.length = 0

    def end_cell(self) -> None:
        if self.tables_open == 1 and self.tables[-1]:
            self.tables[-1][-1].append("\n".join(self.cell))

    def end_table(self) -> None:
        self.tables_open -= 1


STARTS: Final[dict[str, Callable[[_Document, dict[str, str]], None]]] = {
    "tbl": _Document.start_table,
    "tr": _Document.start_row,
    "tc": _Document.start_cell,
    "pStyle": _Document.start_style,
    "r": _Document.start_run,
    "vanish": _Document.start_hidden,
    "t": _Document.start_text,
    "tab": _Document.start_gap,
    "br": _Document.start_gap,
}
ENDS: Final[dict[str, Callable[[_Document], None]]] = {
    "t": _Document.end_text,
    "p": _Document.end_paragraph,
    "tc": _Document.end_cell,
    "tbl": _Document.end_table,
}
