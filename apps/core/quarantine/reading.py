"""Files of strangers as plain values: checked here, parsed in a child with limits."""

from typing import Any, Final

from apps.core.quarantine import packages, running
from apps.core.quarantine.refusals import Unreadable, Usage
from apps.core.quarantine.values import Workbook, workbook_of

LARGEST_TEXT: Final = 2 << 20


def read_workbook(content: bytes) -> Workbook:
    """Read an .xlsx; Unreadable with one sentence when it is broken, hostile or too large."""
    return measured_workbook(content)[0]


def measured_workbook(content: bytes) -> tuple[Workbook, Usage]:
    """Read an .xlsx and say what the child took."""
    packages.check(content)
    answer, usage = running.run("xlsx", content)
    try:
        return workbook_of(answer), usage
    except (KeyError, TypeError, ValueError):
        raise Unreadable("broken") from None


def read_plain(content: bytes, kind: str) -> Any:
    """Read `json` or `yaml` as plain data. Every scalar of YAML stays the text it is."""
    if not content:
        raise Unreadable("empty")
    if len(content) > LARGEST_TEXT:
        raise Unreadable("large", most=LARGEST_TEXT >> 20)
    answer, _usage = running.run(kind, content)
    if "plain" not in answer:
        raise Unreadable("broken")
    return answer["plain"]
