"""Score bars: one bar from zero per row, with a tick where a minimum or an average lies."""

from dataclasses import dataclass

from apps.core.charts import figures, svg

_ROW = 34
_BAR = 16


@dataclass(frozen=True, slots=True)
class ScoreBar:
    """`value` None is drawn as no bar and "not given"; `mark` is a tick on the same scale."""

    label: str
    value: float | None
    letter: str = ""
    mark: float | None = None


@dataclass(frozen=True, slots=True)
class ScoreBars:
    """Scores on one scale from 0 to `maximum`."""

    title: str
    bars: tuple[ScoreBar, ...]
    maximum: float = 100
    decimals: int = 1
    desc: str = ""
    absent: str = "not given"


def render(chart: ScoreBars, *, width: int = 720, locale: str = figures.DEFAULT_LOCALE) -> str:
    wide = width >= svg.WIDE
    left = 192 if wide else 0
    row, room = (_ROW, width - left - 54) if wide else (_ROW + 20, width - 54)
    out: list[str] = []
    said: list[str] = []
    for place, bar in enumerate(chart.bars):
        top = row * place
        shown = (
            chart.absent
            if bar.value is None
            else figures.number(bar.value, locale=locale, decimals=chart.decimals)
        )
        said.append(f"{bar.label}: {shown}")
        out.append(_label(bar, top=top, room=(left or width) - 12, wide=wide))
        y = top + (9 if wide else 26)
        out.append(svg.rect(left, y, room, _BAR, svg.PALE, rx=2))
        reach = room * min((bar.value or 0) / chart.maximum, 1)
        ink = svg.vendor_ink(bar.letter) if bar.letter else svg.Ink("k1", svg.PETROL)
        out.append(svg.rect(left, y, reach, _BAR, ink, rx=2))
        if bar.mark is not None:
            at = left + room * bar.mark / chart.maximum
            out.append(svg.line(at, y - 4, at, y + _BAR + 4, svg.HALO))
            out.append(svg.line(at, y - 4, at, y + _BAR + 4, svg.NOW))
        style = svg.NOTE if bar.value is None else svg.TOTAL
        out.append(svg.text(width - 2, y + 13, shown, style, anchor="end"))
    return svg.drawing(
        width,
        row * len(chart.bars) + 2,
        "".join(out),
        title=chart.title,
        desc=chart.desc or "; ".join(said),
    )


def _label(bar: ScoreBar, *, top: float, room: float, wide: bool) -> str:
    y = top + (22 if wide else 17)
    indent = 28 if bar.letter else 0
    mark = svg.glyph(bar.letter, 11, y - 4) if bar.letter else ""
    named = svg.label_lines if wide else svg.label
    return mark + named(indent, y, bar.label, svg.NAME, room=room - indent)
