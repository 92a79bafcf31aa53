"""Total ranges: each vendor's weighted total and the range it covers over plausible weightings."""

from dataclasses import dataclass

from apps.core.charts import figures, svg

_ROW = 38


@dataclass(frozen=True, slots=True)
class TotalRange:
    """`low` and `high` are the 5 % and 95 % quantiles, `total` the value at the agreed weights."""

    vendor: svg.Vendor
    low: float
    total: float
    high: float


@dataclass(frozen=True, slots=True)
class TotalRanges:
    """Rows in the order to be drawn. An interval plot: the axis may start above zero."""

    title: str
    rows: tuple[TotalRange, ...]
    decimals: int = 1
    desc: str = ""


def render(chart: TotalRanges, *, width: int = 440, locale: str = figures.DEFAULT_LOCALE) -> str:
    left = 160 if width > 400 else 134  # noqa: PLR2004 -- px, room for a name
    room = width - left - 52
    marks = svg.ticks(
        min((row.low for row in chart.rows), default=0),
        max((row.high for row in chart.rows), default=1),
        about=5 if room > 240 else 3,  # noqa: PLR2004 -- px, so that labels do not touch
    )
    low, high = marks[0], marks[-1]

    def at(value: float) -> float:
        return left + room * (value - low) / (high - low)

    bottom = 18 + _ROW * len(chart.rows)
    places = 0 if all(mark == round(mark) for mark in marks) else 1
    out: list[str] = []
    for mark in marks:
        label = figures.number(mark, locale=locale, decimals=places)
        out.append(svg.line(at(mark), 14, at(mark), bottom - 2, svg.GRID))
        out.append(svg.text(at(mark), 10, label, svg.AXIS, anchor="middle"))
    said: list[str] = []
    for place, row in enumerate(chart.rows):
        y = 18 + _ROW * place + _ROW / 2
        total, least, most = (
            figures.number(value, locale=locale, decimals=chart.decimals)
            for value in (row.total, row.low, row.high)
        )
        said.append(f"{row.vendor.name}: {total} ({least}–{most})")  # noqa: RUF001 -- a range takes an en dash
        out.append(svg.glyph(row.vendor.letter, 11, y))
        out.append(svg.label_lines(28, y + 4, row.vendor.name, svg.NAME, room=left - 36))
        veil = svg.vendor_ink(row.vendor.letter, opacity=0.28)
        out.append(svg.rect(at(row.low), y - 5, max(at(row.high) - at(row.low), 2), 10, veil, rx=5))
        out.append(svg.shape(row.vendor.letter, at(row.total), y, 0.5))
        out.append(svg.text(width - 2, y + 4, total, svg.TOTAL, anchor="end"))
    return svg.drawing(
        width, bottom, "".join(out), title=chart.title, desc=chart.desc or "; ".join(said)
    )
