"""Rank shares: in what share of plausible weightings each vendor takes each rank (stacked 100 % bars)."""

from dataclasses import dataclass

from apps.core.charts import figures, svg

_ROW = 38
_INSIDE = 34  # px a segment needs to hold its figure


@dataclass(frozen=True, slots=True)
class RankRow:
    """`shares` are first, second, third … rank, each 0 to 1."""

    vendor: svg.Vendor
    shares: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class RankShares:
    """Rows in the order to be drawn. Ranks after the third are one segment: the fourth and later."""

    title: str
    rows: tuple[RankRow, ...]
    desc: str = ""
    ranks: tuple[str, ...] = ("1st", "2nd", "3rd", "4th or later")

    @property
    def legend(self) -> tuple[svg.Key, ...]:
        drawn = min(max((len(row.shares) for row in self.rows), default=0), len(self.ranks))
        return tuple(svg.Key(self.ranks[rank], f"r{rank}") for rank in range(drawn))


def render(chart: RankShares, *, width: int = 720, locale: str = figures.DEFAULT_LOCALE) -> str:
    left = 170 if width >= svg.WIDE else 134
    room = width - left - 4
    bottom = 18 + _ROW * len(chart.rows)
    out: list[str] = []
    for mark in range(0, 101, 25):
        x = left + room * mark / 100
        anchor = {0: "start", 100: "end"}.get(mark, "middle")
        label = (
            figures.percent(mark / 100, locale=locale) if mark else figures.number(0, locale=locale)
        )
        out.append(svg.line(x, 14, x, bottom - 2, svg.GRID))
        out.append(svg.text(x, 10, label, svg.AXIS, anchor=anchor))
    for place, row in enumerate(chart.rows):
        y = 18 + _ROW * place
        out.append(svg.glyph(row.vendor.letter, 11, y + _ROW / 2 - 2))
        out.append(svg.label_lines(28, y + _ROW / 2 + 2, row.vendor.name, svg.NAME, room=left - 36))
        out.append(_segments(row, x=left, y=y + 3, room=room, locale=locale))
    said = "; ".join(
        f"{row.vendor.name}: "
        + ", ".join(figures.share(value, locale=locale) for value in row.shares)
        for row in chart.rows
    )
    return svg.drawing(width, bottom, "".join(out), title=chart.title, desc=chart.desc or said)


def _segments(row: RankRow, *, x: float, y: float, room: float, locale: str) -> str:
    shares = (*row.shares[:3], sum(row.shares[3:])) if len(row.shares) > 3 else row.shares  # noqa: PLR2004 -- four inks
    out = []
    for rank, value in enumerate(shares):
        reach = room * value
        if reach >= 0.5:  # noqa: PLR2004 -- below half a pixel nothing is seen
            ink = svg.Ink(f"r{rank}", svg.RANK_INKS[rank])
            out.append(svg.rect(x, y, max(reach - 1.5, 1), _ROW - 14, ink, rx=1.5))
        if reach > _INSIDE:
            style = svg.ON_FILL if rank == 0 else svg.ON_PALE
            out.append(svg.text(x + 7, y + 16, figures.share(value, locale=locale), style))
        x += reach
    return "".join(out)
