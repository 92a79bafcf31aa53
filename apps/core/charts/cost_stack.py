"""Cost stack: total cost by vendor and component, bars from zero, the total written at the end."""

from dataclasses import dataclass
from itertools import cycle, islice

from apps.core.charts import figures, svg


@dataclass(frozen=True, slots=True)
class CostBar:
    """`parts` in the order of the chart's `parts`, each 0 or more, in whole units of the currency."""

    label: str
    parts: tuple[float, ...]
    note: str = ""
    letter: str = ""


@dataclass(frozen=True, slots=True)
class CostStack:
    """`parts` names the components; the in-house case is a bar without a letter."""

    title: str
    parts: tuple[str, ...]
    bars: tuple[CostBar, ...]
    currency: str
    desc: str = ""

    @property
    def legend(self) -> tuple[svg.Key, ...]:
        return tuple(
            svg.Key(part, css)
            for part, css in zip(self.parts, cycle(svg.PART_CLASSES), strict=False)
        )


def render(chart: CostStack, *, width: int = 720, locale: str = figures.DEFAULT_LOCALE) -> str:
    wide = width >= svg.WIDE
    left, row = (180, 44) if wide else (0, 58)
    room = width - left - 62
    marks = svg.ticks(0, max((sum(bar.parts) for bar in chart.bars), default=1), about=4)
    out: list[str] = []
    bottom = 20 + row * len(chart.bars)
    labels = figures.axis_moneys(marks, chart.currency, locale=locale)
    for mark, label in zip(marks, labels, strict=True):
        x = left + room * mark / marks[-1]
        out.append(svg.line(x, 14, x, bottom - 4, svg.GRID))
        out.append(svg.text(x, 10, label, svg.AXIS, anchor="middle" if mark else "start"))
    for place, bar in enumerate(chart.bars):
        y = 18 + row * place
        out.append(_label(bar, y=y, width=width, left=left))
        top, tall = (y + 6, 24) if wide else (y + 24, 20)
        x = float(left)
        for part, ink in zip(bar.parts, _inks(len(bar.parts)), strict=True):
            reach = room * part / marks[-1]
            if reach > 0.4:  # noqa: PLR2004 -- px; thinner cannot be seen
                out.append(svg.rect(x, top, max(reach - 1, 1), tall, ink, rx=1))
            x += reach
        total = figures.millions(sum(bar.parts), chart.currency, locale=locale)
        out.append(svg.text(x + 7, top + tall / 2 + 4.5, total, svg.TOTAL))
    said = "; ".join(
        f"{bar.label}: {figures.millions(sum(bar.parts), chart.currency, locale=locale)}"
        for bar in chart.bars
    )
    return svg.drawing(width, bottom, "".join(out), title=chart.title, desc=chart.desc or said)


def _inks(count: int) -> list[svg.Ink]:
    pairs = zip(svg.PART_CLASSES, svg.PART_INKS, strict=True)
    return list(islice(cycle(svg.Ink(css, fill) for css, fill in pairs), count))


def _label(bar: CostBar, *, y: float, width: float, left: float) -> str:
    indent = 28 if bar.letter else 0
    base = y + (17 if left else 14)
    mark = svg.glyph(bar.letter, 11, base - 4) if bar.letter else ""
    room = left - indent - 10 if left else width * 0.6 - indent
    if left:
        note = svg.text(indent, y + 33, svg.fit(bar.note, 11.5, left - indent - 10), svg.NOTE)
    else:
        note = svg.text(
            width - 2, base, svg.fit(bar.note, 11.5, width * 0.38), svg.NOTE, anchor="end"
        )
    name = svg.label(indent, base, bar.label, svg.NAME, room=room)
    return mark + name + (note if bar.note else "")
