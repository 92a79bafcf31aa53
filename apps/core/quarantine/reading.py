"""Files of strangers as plain values: checked here, parsed in a child with limits."""

from collections.abc import Mapping
from pathlib import PurePath
from types import MappingProxyType
from typing import Any, Final

from apps.core.quarantine import packages, running
from apps.core.quarantine.refusals import SENTENCES, Unreadable, Usage
from apps.core.quarantine.values import Workbook, workbook_of

LARGEST_TEXT: Final = 2 << 20
TABLES: Final = frozenset({"xlsx", "xls", "ods", "csv"})
PLAIN: Final = frozenset({"json", "yaml"})
# What the name of a file says it is; the content is held to it.
KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {**{f".{kind}": kind for kind in TABLES | PLAIN}, ".yml": "yaml"}
)
MACROS: Final = frozenset({".xlsm", ".xltm", ".xlam", ".xla"})
DOCUMENT: Final = "docx"


def kind_of(name: str) -> str:
    """Return what a file of this name is read as; Unreadable for a kind that is not taken."""
    suffix = PurePath(name).suffix.lower()
    if suffix in MACROS:
        raise Unreadable("macros")
    if suffix == ".xlsb":
        raise Unreadable("binary")
    if suffix not in KINDS:
        raise Unreadable("kind")
    return KINDS[suffix]


def kind_of_answers(name: str) -> str:
    """Return what a file of earlier answers is read as: a table, or a document of Word."""
    suffix = PurePath(name).suffix.lower()
    if suffix == ".docm":
        raise Unreadable("docx_macros")
    if suffix == f".{DOCUMENT}":
        return DOCUMENT
    if suffix not in MACROS and KINDS.get(suffix) not in TABLES:
        raise Unreadable("no_answers")
    return kind_of(name)


def kind_of_counts(name: str) -> str:
    """Return what a file of recorded intervals is read as: a table of some kind."""
    suffix = PurePath(name).suffix.lower()
    if suffix not in MACROS and KINDS.get(suffix) not in TABLES:
        raise Unreadable("no_counts")
    return kind_of(name)


def read_document(content: bytes) -> dict[str, Any]:
    """Read a .docx as `read_file` reads a workbook: its refusals speak of a document."""
    try:
        return read_file(content, DOCUMENT)
    except Unreadable as refused:
        code = f"{DOCUMENT}_{refused.code}"
        if code not in SENTENCES:
            raise
        raise Unreadable(code) from None


def read_file(content: bytes, kind: str) -> dict[str, Any]:
    """Read a file of a kind of KINDS; what comes back can be kept as JSON and understood later."""
    if kind in {"xlsx", "xls", "ods", DOCUMENT}:
        packages.check(content, kind)
    else:
        packages.check_size(content, LARGEST_TEXT if kind in PLAIN else packages.LARGEST)
    answer, _usage = running.run(kind, content)
    if ("plain" if kind in PLAIN else "sheets") not in answer:
        raise Unreadable("broken")
    return answer


def understood(answer: Mapping[str, Any]) -> Workbook:
    """Return the workbook that `read_file` found; Unreadable when the answer is none."""
    try:
        return workbook_of(answer)
    except (KeyError, TypeError, ValueError):
        raise Unreadable("broken") from None


def read_workbook(content: bytes) -> Workbook:
    """Read an .xlsx; Unreadable with one sentence when it is broken, hostile or too large."""
    return measured_workbook(content)[0]


def measured_workbook(content: bytes) -> tuple[Workbook, Usage]:
    """Read an .xlsx and say what the child took."""
    packages.check(content)
    answer, usage = running.run("xlsx", content)
    return understood(answer), usage


def read_plain(content: bytes, kind: str) -> Any:
    """Read `json` or `yaml` as plain data. Every scalar of YAML stays the text it is."""
    return read_file(content, kind)["plain"]
