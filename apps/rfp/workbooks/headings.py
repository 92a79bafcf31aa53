"""Finds which column is what in a table of recorded intervals, by its headings.

Two shapes are understood: a row for each interval and queue with a column of contacts, and a row
for each interval with a column for each queue.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from django.utils.translation import gettext as _

from apps.core.errors import Incomplete
from apps.core.quarantine.values import CellKind, Sheet, Visibility, Workbook
from apps.rfp.workbooks.stamps import at_row

ROWS_OF_HEADINGS = 20
FIGURE = re.compile(r"\d{1,15}(?:[.,]\d+)?", re.ASCII)
TWO_WAYS = re.compile(r"[1-9]\d{0,2}[.,]\d{3}", re.ASCII)


class Role(StrEnum):
    START = "start"
    DATE = "date"
    TIME = "time"
    QUEUE = "queue"
    CHANNEL = "channel"
    LANGUAGE = "language"
    CONTACTS = "contacts"
    HANDLE_TIME = "handle_time"
    AGENTS = "agents"
    COVERED = "covered"


WORDS: Mapping[Role, frozenset[str]] = {
    Role.START: frozenset(
        {"interval start", "start", "timestamp", "datetime", "date time", "date and time"}
        | {"period start", "interval begin", "begin"}
    ),
    Role.DATE: frozenset({"date", "day"}),
    Role.TIME: frozenset({"time", "interval", "start time", "time of day", "from", "half hour"}),
    Role.QUEUE: frozenset({"queue", "queue name", "skill", "skill group", "line", "service"}),
    Role.CHANNEL: frozenset({"channel", "media", "media type"}),
    Role.LANGUAGE: frozenset({"language", "lang"}),
    Role.CONTACTS: frozenset(
        {"calls", "contacts", "offered", "calls offered", "contacts offered", "volume"}
        | {"count", "chats", "e mails", "emails", "tickets", "contacts received", "calls received"}
    ),
    Role.HANDLE_TIME: frozenset(
        {"aht", "aht s", "aht seconds", "handle time", "handle time s", "average handle time"}
    ),
    Role.AGENTS: frozenset(
        {"agents", "staffed", "agents staffed", "agents logged in", "logged in", "positions"}
    ),
    Role.COVERED: frozenset({"minutes recorded", "recorded minutes", "minutes covered"}),
}
BINS = re.compile(r"n (\d{1,2}) ?min bins", re.ASCII)
OTHER = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True)
class Columns:
    """Where everything stands; `queues` are columns that each count one queue."""

    sheet: Sheet
    header: int
    places: Mapping[Role, int]
    queues: Mapping[int, str]
    unused: tuple[str, ...]
    bin_minutes: int = 1  # what one of the column of covered minutes stands for

    def heading(self, column: int) -> str:
        return self.sheet.text(self.header, column)

    def figure(self, row: int, column: int) -> Decimal:
        """Read a figure of 0 or more; what cannot be read names its row and its column."""
        text = self.sheet.text(row, column)
        if TWO_WAYS.fullmatch(text) and not self.typed(row, column):
            sentence = _("{text} can be read in two ways. Leave out thousands separators.")
        elif FIGURE.fullmatch(text):
            return Decimal(text.replace(",", "."))
        elif text.startswith("-"):
            sentence = _("Give a count of 0 or more; this is {text}.")
        else:
            sentence = _("Write a number with digits only; “{text}” is none.")
        raise at_row(row + 1, sentence.format(text=text[:30]), self.heading(column))

    def typed(self, row: int, column: int) -> bool:
        """Whether the cell is a number to Excel, not text that looks like one."""
        return self.sheet.cells[row, column].kind is CellKind.NUMBER


def columns_of(book: Workbook) -> Columns:
    """Find the headings on the first sheet that has them; Incomplete says what was looked for."""
    seen: list[str] = []
    for sheet in book.sheets:
        if sheet.visibility is not Visibility.VISIBLE:
            continue
        for row, cells in list(sheet.rows.items())[:ROWS_OF_HEADINGS]:
            found = _columns(sheet, row, cells)
            if found is not None:
                return found
        seen += list(next(iter(sheet.rows.values()), {}).values())
    sentence = _(
        "There is no row of headings with a time and a count. Name the columns, for example"
        " “interval start”, “queue” and “calls”; found were: {seen}."
    ).format(seen=", ".join(f"“{one[:30]}”" for one in seen[:8]) or _("no cells"))
    raise Incomplete(sentence, fields={"file": sentence})


def _columns(sheet: Sheet, row: int, cells: Mapping[int, str]) -> Columns | None:
    places: dict[Role, int] = {}
    left: dict[int, str] = {}
    bins = 1
    for column, text in cells.items():
        plain = OTHER.sub(" ", text.lower()).strip()
        role = next((one for one, words in WORDS.items() if plain in words), None)
        counted = BINS.fullmatch(plain)
        if counted:
            role, bins = Role.COVERED, int(counted[1])
        if role is None or role in places:
            left[column] = text
        else:
            places[role] = column
    whole = Role.START in places or {Role.DATE, Role.TIME} <= places.keys()
    if not whole or (Role.CONTACTS not in places and not left):
        return None
    wide = Role.CONTACTS not in places
    return Columns(
        sheet=sheet,
        header=row,
        places=places,
        queues=left if wide else {},
        unused=() if wide else tuple(left.values()),
        bin_minutes=bins,
    )
