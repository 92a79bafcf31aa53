"""Break-even: cost against volume for each pricing model or vendor, every crossing drawn."""

from dataclasses import dataclass
from itertools import pairwise

from apps.core.charts import figures, svg

_Point = tuple[float, float]
_Box = tuple[float, float, float, float]
_EXACT = 100_000  # volumes below it are written in full: 3,461 and 3,690 are both "3K"
_AROUND = ((-8, -11, "end"), (8, 21, "start"), (8, -11, "start"), (-8, 21, "end"))


@dataclass(frozen=True, slots=True)
class CostLine:
    """`points` are (volume, cost) in order of volume; a letter gives the line its vendor's hue."""

    name: str
    points: tuple[tuple[float, float], ...]
    letter: str = ""


@dataclass(frozen=True, slots=True)
class Crossing:
    """A volume at which two lines cost the same; the label defaults to the volume."""

    volume: float
    cost: float
    label: str = ""


@dataclass(frozen=True, slots=True)
class BreakEven:
    """`forecast` is the volume expected, `low` and `high` its P10 and P90."""

    title: str
    lines: tuple[CostLine, ...]
    crossings: tuple[Crossing, ...]
    currency: str
    forecast: float
    low: float
    high: float
    band_word: str = "Forecast P10 to P90"
    x_word: str = "contacts a month"
    y_word: str = "cost a month"
    desc: str = ""

    @property
    def legend(self) -> tuple[svg.Key, ...]:
        pens = (_pen(place, line) for place, line in enumerate(self.lines))
        return tuple(
            svg.Key(line.name, pen.css, pen.dash, line=True)
            for line, pen in zip(self.lines, pens, strict=True)
        )


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where the plot stands and how figures become pixels."""

    left: float
    right: float
    top: float
    bottom: float
    volumes: tuple[float, float]
    costs: tuple[float, float]

    def x(self, volume: float) -> float:
        first, last = self.volumes
        return self.left + (self.right - self.left) * (volume - first) / ((last - first) or 1)

    def y(self, cost: float) -> float:
        least, most = self.costs
        return self.bottom - (self.bottom - self.top) * (cost - least) / ((most - least) or 1)


def _pen(place: int, line: CostLine) -> svg.Pen:
    dash = svg.DASHES[place % len(svg.DASHES)]
    if line.letter:
        key = svg.hue(line.letter)
        return svg.Pen(f"v{key}-s", svg.VENDOR_INKS[key], 2.25, dash)
    index = place % len(svg.LINE_INKS)
    return svg.Pen(f"l{index + 1}", svg.LINE_INKS[index], 2.25, dash)


def _name_style(place: int, line: CostLine) -> svg.Type:
    if line.letter:
        key = svg.hue(line.letter)
        return svg.Type(f"v{key}", svg.VENDOR_INKS[key], 12.5, 600)
    index = place % len(svg.LINE_INKS)
    return svg.Type(f"f{index + 1}", svg.LINE_INKS[index], 12.5, 600)


def render(chart: BreakEven, *, width: int = 720, locale: str = figures.DEFAULT_LOCALE) -> str:
    wide = width >= svg.WIDE
    height = 370 if wide else 300
    points = [point for line in chart.lines for point in line.points]
    costs = svg.ticks(
        min((cost for _, cost in points), default=0),
        max((cost for _, cost in points), default=1),
        about=6 if wide else 4,
    )
    volumes = [volume for volume, _ in points] or [chart.low, chart.high]
    frame = _Frame(
        left=58 if wide else 50,
        right=width - (132 if wide else 8),
        top=40,
        bottom=height - 40,
        volumes=(min(volumes), max(volumes)),
        costs=(costs[0], costs[-1]),
    )
    out = [_axes(chart, frame, costs=costs, wide=wide, locale=locale)]
    for place, line in enumerate(chart.lines):
        path = "L".join(
            f"{svg.coord(frame.x(volume))} {svg.coord(frame.y(cost))}"
            for volume, cost in line.points
        )
        out.append(svg.stroke(f"M{path}", _pen(place, line)))
    out.append(_names(chart, frame) if wide else "")
    now = svg.Pen("now", svg.INK, 1, "2 3")
    at = frame.x(chart.forecast)
    out.append(svg.line(at, frame.top, at, frame.bottom, now))
    out.append(_crossings(chart, frame, locale=locale))
    said = "; ".join(
        crossing.label or figures.number(crossing.volume, locale=locale)
        for crossing in chart.crossings
    )
    names = ", ".join(line.name for line in chart.lines)
    return svg.drawing(
        width, height, "".join(out), title=chart.title, desc=chart.desc or f"{names}: {said}"
    )


def _axes(chart: BreakEven, frame: _Frame, *, costs: list[float], wide: bool, locale: str) -> str:
    start, stop = frame.x(chart.low), frame.x(chart.high)
    out = [svg.rect(start, frame.top, stop - start, frame.bottom - frame.top, svg.BAND)]
    half = svg.width_of(chart.band_word, 11) / 2
    middle = min(max((start + stop) / 2, frame.left + half), frame.right - half)
    out.append(svg.text(middle, frame.top - 8, chart.band_word, svg.AXIS, anchor="middle"))
    labels = figures.axis_moneys(costs, chart.currency, locale=locale)
    for cost, label in zip(costs, labels, strict=True):
        out.append(svg.line(frame.left, frame.y(cost), frame.right, frame.y(cost), svg.GRID))
        out.append(svg.text(frame.left - 7, frame.y(cost) + 4, label, svg.AXIS, anchor="end"))
    first, last = frame.volumes
    for volume in svg.ticks(first, last, about=6 if wide else 3):
        if first <= volume <= last:
            label = figures.compact(volume, locale=locale)
            out.append(
                svg.text(frame.x(volume), frame.bottom + 17, label, svg.AXIS, anchor="middle")
            )
    out.append(svg.line(frame.left, frame.bottom, frame.right, frame.bottom, svg.BASE))
    out.append(svg.text(0, 14, chart.y_word, svg.AXIS))
    out.append(svg.text(frame.right, frame.bottom + 34, chart.x_word, svg.AXIS, anchor="end"))
    return "".join(out)


def _names(chart: BreakEven, frame: _Frame) -> str:
    """Each line's name at its end, pushed down where two ends meet."""
    ends = sorted(
        (frame.y(line.points[-1][1]), place)
        for place, line in enumerate(chart.lines)
        if line.points
    )
    out, last = [], frame.top - 16
    for y, place in ends:
        last = max(y + 4, last + 16)
        line = chart.lines[place]
        style = _name_style(place, line)
        out.append(svg.label(frame.right + 8, last, line.name, style, room=124))
    return "".join(out)


def _crossings(chart: BreakEven, frame: _Frame, *, locale: str) -> str:
    """Every crossing as a ring, named where there is room; the table names those left out."""
    spots = [(frame.x(crossing.volume), frame.y(crossing.cost)) for crossing in chart.crossings]
    paths = [[(frame.x(v), frame.y(cost)) for v, cost in line.points] for line in chart.lines]
    taken: list[_Box] = [(x - 6, y - 6, x + 6, y + 6) for x, y in spots]
    style = svg.Type("t-s", svg.INK, 12.5, 600)
    exact = min((abs(one.volume) for one in chart.crossings), default=0) < _EXACT
    out: list[str] = []
    for crossing, (x, y) in zip(chart.crossings, spots, strict=True):
        written = figures.number if exact else figures.compact
        name = crossing.label or written(crossing.volume, locale=locale)
        place = _free(frame, (x, y), svg.width_of(name, style.size), taken, paths)
        out.append(svg.circle(x, y, 5, svg.RING))
        if place is not None:
            taken.append(place.box)
            out.append(svg.text(x + place.dx, y + place.dy, name, style, anchor=place.anchor))
    return "".join(out)


@dataclass(frozen=True, slots=True)
class _Place:
    dx: float
    dy: float
    anchor: str
    box: _Box


def _free(
    frame: _Frame, spot: _Point, reach: float, taken: list[_Box], paths: list[list[_Point]]
) -> _Place | None:
    """Where a label covers no other, best where no line runs through it; None where all is full."""
    x, y = spot
    fits = []
    for dx, dy, anchor in _AROUND:
        start = x + dx - (reach if anchor == "end" else 0)
        box = (start, y + dy - 11, start + reach, y + dy + 2)
        inside = frame.left <= start and box[2] <= frame.right
        if inside and frame.top <= box[1] and box[3] <= frame.bottom and not _touches(box, taken):
            fits.append(_Place(dx, dy, anchor, box))
    clear = (place for place in fits if not any(_runs_through(path, place.box) for path in paths))
    return next(clear, fits[0] if fits else None)


def _runs_through(path: list[_Point], box: _Box) -> bool:
    left, top, right, bottom = box
    for (x1, y1), (x2, y2) in pairwise(path):
        start, stop = max(left, x1), min(right, x2)
        if start > stop or x1 == x2:
            continue
        ends = [y1 + (y2 - y1) * (x - x1) / (x2 - x1) for x in (start, stop)]
        if min(ends) < bottom and max(ends) > top:
            return True
    return False


def _touches(box: _Box, taken: list[_Box]) -> bool:
    left, top, right, bottom = box
    return any(
        left < other[2] and other[0] < right and top < other[3] and other[1] < bottom
        for other in taken
    )
