"""Maturity: a score on a ruler whose bands say what it means."""

from dataclasses import dataclass
from typing import Final

from apps.core.charts import figures, svg

_INKS: Final = {
    "bad": ("b-bad", "#FBE9E8", "#A1262B"),
    "warn": ("b-warn", "#FCEFD2", "#7A4A00"),
    "ok": ("b-ok", "#E4F4E9", "#1A6B3C"),
    "idle": ("bg", svg.IDLE, svg.INK_2),
}
_TOP: Final = 40
_TALL: Final = 14


@dataclass(frozen=True, slots=True)
class MaturityBand:
    """From `start` up to `stop`; `tone` is bad, warn, ok or idle. `short` is used where room is scarce."""

    label: str
    start: float
    stop: float
    tone: str = "idle"
    short: str = ""


@dataclass(frozen=True, slots=True)
class Maturity:
    """`score` None draws the ruler alone; `target` is a second, hollow pointer."""

    title: str
    score: float | None
    bands: tuple[MaturityBand, ...]
    low: float = 0
    high: float = 100
    target: float | None = None
    decimals: int = 0
    desc: str = ""


def render(chart: Maturity, *, width: int = 720, locale: str = figures.DEFAULT_LOCALE) -> str:
    def at(value: float) -> float:
        return 2 + (width - 4) * (value - chart.low) / (chart.high - chart.low)

    def say(value: float) -> str:
        return figures.number(value, locale=locale, decimals=chart.decimals)

    out: list[str] = []
    for place, band in enumerate(chart.bands):
        css, fill, ink = _INKS[band.tone]
        start, stop = at(band.start), at(band.stop)
        last = place == len(chart.bands) - 1
        out.append(
            svg.rect(
                start, _TOP, stop - start - (0 if last else 2), _TALL, svg.Ink(css, fill), rx=2
            )
        )
        style = svg.Type(f"{css}-t" if band.tone != "idle" else "t-n", ink, 12.5, 500)
        room = stop - start - 4
        label = band.label if svg.width_of(band.label, 12.5) <= room else band.short or band.label
        out.append(svg.text(start, _TOP + _TALL + 17, svg.fit(label, 12.5, room), style))
        out.append(svg.text(start, _TOP + _TALL + 33, say(band.start), svg.AXIS))
    out.append(svg.text(width - 2, _TOP + _TALL + 33, say(chart.high), svg.AXIS, anchor="end"))
    if chart.target is not None:
        path = f"M{svg.coord(at(chart.target))} {_TOP + _TALL - 1} l-6 -15 h12 Z"
        out.append(f'<path d="{path}" class="hf nowst" fill="{svg.PAPER}" stroke="{svg.INK}"/>')
    if chart.score is not None:
        x = at(chart.score)
        out.append(svg.area(f"M{svg.coord(x)} {_TOP + _TALL - 1} l-7 -18 h14 Z", svg.SOLID))
        middle = min(max(x, 18), width - 18)
        figure = svg.Type("t-s", svg.INK, 20, 600)
        out.append(svg.text(middle, _TOP - 12, say(chart.score), figure, anchor="middle"))
    said = "; ".join(
        f"{band.label}: {say(band.start)}–{say(band.stop)}"  # noqa: RUF001 -- a range takes an en dash
        for band in chart.bands
    )
    return svg.drawing(width, 90, "".join(out), title=chart.title, desc=chart.desc or said)
