"""How a workbook looks: the product's ink and petrol, locked cells sunken, texts that wrap."""

from dataclasses import dataclass
from typing import Any, Final

from xlsxwriter import Workbook
from xlsxwriter.format import Format

from apps.core.charts.svg import IDLE, INK, INK_2, LINE_2, MARK_SOFT, PAPER, PETROL

FONT: Final = "Calibri"  # on every machine that opens a workbook; the product's own face is not
TEXT_FORMAT: Final = (
    "@"  # what is typed stays text: neither 1.10 nor =1+1 turns into something else
)
FIGURE_FORMAT: Final = "0.####"


@dataclass(frozen=True)
class Looks:
    title: Format
    plain: Format
    label: Format
    heading: Format
    fixed: Format
    text: Format
    figure: Format
    hint: Format


def looks_of(book: Workbook) -> Looks:
    def add(**values: Any) -> Format:
        base = {"font_name": FONT, "font_size": 11, "font_color": INK, "valign": "top"}
        return book.add_format({**base, **values})

    box = {"border": 1, "border_color": LINE_2, "text_wrap": True}
    return Looks(
        title=add(bold=True, font_size=16, font_color=PETROL),
        plain=add(text_wrap=True),
        label=add(bold=True, font_color=INK_2),
        heading=add(**box, bold=True, bg_color=PETROL, font_color=PAPER, valign="vcenter"),
        fixed=add(**box, bg_color=IDLE, num_format=TEXT_FORMAT),
        text=add(**box, locked=False, num_format=TEXT_FORMAT),
        figure=add(**box, locked=False, num_format=FIGURE_FORMAT, align="right"),
        hint=add(text_wrap=True, bg_color=MARK_SOFT),
    )
