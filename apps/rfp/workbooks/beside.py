"""What stands beside the questions in a workbook once bids are open: answers by bid, and prices.

The apps above say what may be seen and under which name; here it is only written. A workbook that
goes to vendors for filling in would use the same places.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from django.utils.translation import gettext as _
from xlsxwriter.worksheet import Worksheet

from apps.rfp.workbooks import texts
from apps.rfp.workbooks.looks import Looks
from apps.rfp.workbooks.phrases import Unclear

WIDTH: Final = 44
LONGEST: Final = 15_000  # characters that fit a cell however they have to be written


@dataclass(frozen=True)
class Given:
    """The answers of one bid as texts, by the question's number; `name` is what may be shown."""

    name: str
    answers: Mapping[str, str]


@dataclass(frozen=True)
class PriceLine:
    """One figure of the price sheets, as each bid gives it; empty where it gives none."""

    label: str
    figures: tuple[str, ...]


@dataclass(frozen=True)
class Beside:
    given: tuple[Given, ...] = ()
    priced: tuple[str, ...] = ()  # the names above the figures
    prices: Sequence[PriceLine] = field(default=())


def put(sheet: Worksheet, at: tuple[int, int], text: str, looks: Looks) -> None:
    """Write a stranger's text as a text; one that no cell holds is cut, and says so."""
    try:
        sheet.write_string(*at, texts.encode(text), looks.fixed)
    except Unclear:
        more = _("… Cut here: the page of the bid has the whole answer.")
        sheet.write_string(*at, texts.encode(f"{text[:LONGEST]} {more}"), looks.fixed)


def write_prices(sheet: Worksheet, beside: Beside, looks: Looks) -> None:
    """Write one line per figure and one column per bid."""
    sheet.protect(options={"format_columns": True, "format_rows": True})
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, 0, WIDTH)
    sheet.set_column(1, max(1, len(beside.priced)), WIDTH // 2)
    for column, name in enumerate((_("Price sheet"), *beside.priced)):
        sheet.write_string(0, column, texts.encode(name), looks.heading)
    for row, line in enumerate(beside.prices, start=1):
        for column, text in enumerate((line.label, *line.figures)):
            put(sheet, (row, column), text, looks)
