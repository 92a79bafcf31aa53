"""Tornado: how far each assumption alone moves the result, around the base case."""

from dataclasses import dataclass

from apps.core.charts import figures, svg

_BAR = 18


@dataclass(frozen=True, slots=True)
class TornadoBar:
    """The result at the low and the high value of one assumption; the two inputs as short texts."""

    label: str
    at_low: float
    at_high: float
    low_input: str = ""
    high_input: str = ""


@dataclass(frozen=True, slots=True)
class Tornado:
    """Bars in the order to be drawn, widest first. Lengths are measured from `base`, not from zero."""

    title: str
    base: float
    bars: tuple[TornadoBar, ...]
    currency: str
    low_word: str = "low value"
    high_word: str = "high value"
    desc: str = ""

    @property
    def legend(self) -> tuple[svg.Key, ...]:
        return svg.Key(self.low_word, "k2"), svg.Key(self.high_word, "k1")


def render(chart: Tornado, *, width: int = 720, locale: str = figures.DEFAULT_LOCALE) -> str:
    wide = width >= svg.WIDE
    left, row = (190, 38) if wide else (0, 56)
    ends = [value for bar in chart.bars for value in (bar.at_low, bar.at_high)]
    marks = svg.ticks(min([*ends, chart.base]), max([*ends, chart.base]), about=4 if wide else 2)
    pad = 62 if wide else 48
    room = width - left - 2 * pad

    def at(value: float) -> float:
        return left + pad + room * (value - marks[0]) / (marks[-1] - marks[0])

    bottom = 22 + row * len(chart.bars)
    out: list[str] = []
    labels = figures.axis_moneys(marks, chart.currency, locale=locale)
    for mark, label in zip(marks, labels, strict=True):
        out.append(svg.line(at(mark), 14, at(mark), bottom, svg.GRID))
        out.append(svg.text(at(mark), 10, label, svg.AXIS, anchor="middle"))
    said: list[str] = []
    for place, bar in enumerate(chart.bars):
        y = 20 + row * place
        room_of_name = (left or width) - 12
        out.append(svg.label(0, y + (18 if wide else 13), bar.label, svg.NAME, room=room_of_name))
        top = y + (5 if wide else 21)
        out.append(
            _half(
                bar.low_input, at(chart.base), at(bar.at_low), top, svg.Ink("k2", svg.PART_INKS[1])
            )
        )
        out.append(
            _half(bar.high_input, at(chart.base), at(bar.at_high), top, svg.Ink("k1", svg.PETROL))
        )
        low, high = (
            figures.millions(value, chart.currency, locale=locale)
            for value in (bar.at_low, bar.at_high)
        )
        said.append(f"{bar.label}: {bar.low_input} {low}, {bar.high_input} {high}")
    out.append(svg.line(at(chart.base), 14, at(chart.base), bottom, svg.NOW))
    return svg.drawing(
        width, bottom + 4, "".join(out), title=chart.title, desc=chart.desc or "; ".join(said)
    )


def _half(label: str, base: float, end: float, y: float, ink: svg.Ink) -> str:
    right = end >= base
    drawn = svg.rect(min(base, end), y, abs(end - base), _BAR, ink, rx=1)
    x, anchor = (end + 6, "start") if right else (end - 6, "end")
    return drawn + svg.text(x, y + 13, label, svg.NOTE, anchor=anchor)
