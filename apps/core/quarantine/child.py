"""The program that reads a stranger's file, in a process of its own that can do nothing else.

Started by START with a kind and folders to import from: the file is on standard input, plain JSON
goes to standard output. Before the first byte is read the process gives up files, sockets, children and
most of its memory and time, so that a fault in a parser ends this process and no other.

It answers `{"sheets": [...]}`, `{"plain": ...}`, or `{"refused": code, "sheet", "cell"}`. It
imports no Django and nothing that does: it has no environment and no right to open a file.
"""

import datetime as dt
import io
import json
import resource
import signal
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from xml.parsers import expat

from apps.core.quarantine.documents import read_docx
from apps.core.quarantine.scanning import ERROR, Budget, Refused, Scan, name_of
from apps.core.quarantine.tables import read_csv, read_table, typed

MIB: Final = 1 << 20
MEMORY: Final = 512 * MIB  # address space, the interpreter included
CPU_SECONDS: Final = 15
WALL_SECONDS: Final = 20  # the parent's limit is shorter; this one holds when the parent is gone
# `-I -S` gives a bare interpreter: the folders of the project and of one package are named to it.
START: Final = (
    "import sys; sys.path += sys.argv[2:]; from apps.core.quarantine.child import main; main()"
)
DEEPEST: Final = 40


def confine() -> None:
    """Give up whatever reading a file does not need, for good."""
    signal.alarm(WALL_SECONDS)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    # 0, 1 and 2 stay open; nothing else can be opened, neither a file nor a socket.
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))


def sheet_parts(package: zipfile.ZipFile) -> dict[str, str]:
    """Return the part of each sheet by the sheet's name."""
    targets: dict[str, str] = {}
    sheets: list[tuple[str, str]] = []

    def relation(name: str, given: dict[str, str]) -> None:
        if name.rpartition(" ")[2] == "Relationship":
            target = given.get("Target", "")
            path = target[1:] if target.startswith("/") else f"xl/{target}"
            targets[given.get("Id", "")] = path

    def sheet(name: str, given: dict[str, str]) -> None:
        if name.rpartition(" ")[2] == "sheet":
            key = next((v for k, v in given.items() if k.endswith(" id")), "")
            sheets.append((given.get("name", ""), key))

    for part, handler in (("xl/_rels/workbook.xml.rels", relation), ("xl/workbook.xml", sheet)):
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = handler
        parser.Parse(package.read(part), True)  # noqa: FBT003 -- expat takes no names
    return {name: targets.get(key, "") for name, key in sheets}


def cells_of(rows: Any, scan: Scan, budget: Budget) -> Iterator[list[Any]]:
    for row, values in enumerate(rows):
        for column, value in enumerate(values):
            if value == "" and isinstance(value, str):
                continue
            kind, text = typed(value)
            budget.write(text, scan.sheet, name_of(row, column))
            yield [row, column, kind, text]
    for row, column in sorted(scan.errors):  # the reader leaves these cells empty
        yield [row, column, "error", ERROR]


def read_xlsx(raw: bytes) -> dict[str, Any]:
    import python_calamine as calamine  # noqa: PLC0415 -- a slow import of one kind alone

    package = zipfile.ZipFile(io.BytesIO(raw))
    parts = sheet_parts(package)
    budget = Budget()
    scans: dict[str, Scan] = {}
    for name, part in parts.items():
        scans[name] = Scan(name, budget)
        if part.startswith("xl/worksheets/"):
            with package.open(part) as stream:
                scans[name].read(stream)
    book = calamine.load_workbook(io.BytesIO(raw))
    return {
        "sheets": [
            _sheet(book, about, scans[about.name], budget)
            for about in book.sheets_metadata
            if about.typ == calamine.SheetTypeEnum.WorkSheet
        ]
    }


def _sheet(book: Any, about: Any, scan: Scan, budget: Budget) -> dict[str, Any]:
    rows = book.get_sheet_by_name(about.name).to_python(skip_empty_area=False)
    return {
        "name": about.name,
        "visible": str(about.visible).rpartition(".")[2],
        "cells": list(cells_of(rows, scan, budget)),
        "merged": scan.merged,
        "hidden_rows": scan.hidden_rows,
        "hidden_columns": scan.hidden_columns,
        "formulas": scan.formulas,
    }


def read_json(raw: bytes) -> dict[str, Any]:
    def without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            raise Refused("twins")
        return found

    try:
        plain = json.loads(raw.decode("utf-8-sig"), object_pairs_hook=without_twins)
    except ValueError:
        raise Refused("no_json") from None
    return {"plain": plain}


def read_yaml(raw: bytes) -> dict[str, Any]:
    """Read YAML with every scalar as the text it is: `No` stays No, 1.10 stays 1.10."""
    import yaml  # noqa: PLC0415 -- a slow import of one kind alone

    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    depth = 0
    try:
        text = raw.decode("utf-8-sig")
        for event in yaml.parse(text, Loader=loader):
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if isinstance(event, yaml.AliasEvent):
                raise Refused("aliases")
            if depth > DEEPEST:
                raise Refused("deep")
        return {"plain": yaml.load(text, Loader=loader)}  # noqa: S506 -- the base loader knows text alone
    except (ValueError, yaml.YAMLError):
        raise Refused("no_yaml") from None


READERS: Final = {
    "xlsx": read_xlsx,
    "xls": read_table,
    "ods": read_table,
    "csv": read_csv,
    "docx": read_docx,
    "json": read_json,
    "yaml": read_yaml,
}


def prepare(kind: str) -> None:
    """Load what the reader needs while files may still be opened."""
    if kind in {"xlsx", "xls", "ods"}:
        import python_calamine  # noqa: F401, PLC0415 -- while files may still be opened
    if kind == "yaml":
        import yaml  # noqa: F401, PLC0415 -- while files may still be opened
    b"x\x00".decode("utf-16-le"), "x".encode("utf-16").decode("utf-16")
    "x".encode("ascii"), b"x".decode("utf-8-sig"), "x".encode("cp437")
    dt.datetime(2020, 1, 1, tzinfo=dt.UTC).isoformat()


def answer(kind: str, raw: bytes) -> dict[str, Any]:
    try:
        return READERS[kind](raw)
    except Refused as refused:
        return refused.answer
    except MemoryError:
        return {"refused": "memory"}
    except RecursionError:
        return {"refused": "deep"}
    except Exception as error:  # noqa: BLE001 -- a parser may raise anything about a broken file
        return {"refused": "broken", "because": type(error).__name__}


def peak_of(status: str) -> int:
    """Return the most memory the process ever held, in KiB; `getrusage` counts the parent's too."""
    return int(status.partition("VmHWM:")[2].split(maxsplit=1)[0])


def main() -> None:
    kind = sys.argv[1]
    prepare(kind)
    status = Path("/proc/self/status").open(encoding="ascii")  # noqa: SIM115 -- open before no file can be
    confine()
    found = answer(kind, sys.stdin.buffer.read())
    sys.stdout.write(json.dumps({**found, "peak_kib": peak_of(status.read())}))
    sys.stdout.flush()
