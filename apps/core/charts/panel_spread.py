"""Panel spread: what each evaluator scored for one bid, and what was agreed."""

from dataclasses import dataclass

from apps.core.charts import figures, svg

_RADIUS = 11.5
_GAP = 24.0
_EDGE = 30.0
_WIDE_SPREAD = 2  # points between the lowest and the highest that make the spread an open question


@dataclass(frozen=True, slots=True)
class PanelScore:
    """One evaluator's score; `initials` of two letters, `name` for those who listen."""

    value: float
    initials: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class PanelSpread:
    """Scores on a scale from `low` to `high` with a line at every `step`."""

    title: str
    scores: tuple[PanelScore, ...]
    agreed: float | None = None
    low: float = 0
    high: float = 5
    step: float = 1
    desc: str = ""


def render(chart: PanelSpread, *, width: int = 360, locale: str = figures.DEFAULT_LOCALE) -> str:
    def at(value: float) -> float:
        return _EDGE + (width - 2 * _EDGE) * (value - chart.low) / (chart.high - chart.low)

    placed = _stack([at(score.value) for score in sorted(chart.scores, key=lambda s: s.value)])
    rows = 1 + max((row for _, row in placed), default=0)
    floor = 8 + rows * _GAP
    out: list[str] = []
    count = round((chart.high - chart.low) / chart.step)
    for place in range(count + 1):
        x = at(chart.low + place * chart.step)
        out.append(svg.line(x, 2, x, floor + 4, svg.GRID))
    values = [score.value for score in chart.scores]
    if values and max(values) > min(values):
        ink = svg.MARKER if max(values) - min(values) >= _WIDE_SPREAD * chart.step else svg.PALE
        start, stop = at(min(values)), at(max(values))
        out.append(svg.rect(start, floor - _GAP / 2 - 8, stop - start, 8, ink))
    ordered = sorted(chart.scores, key=lambda s: s.value)
    for score, (x, row) in zip(ordered, placed, strict=True):
        y = floor - _GAP / 2 - 4 - row * _GAP
        ring = svg.Ink("nowf halo", svg.INK, stroke=svg.PAPER, stroke_width=1.5)
        out.append(svg.circle(x, y, _RADIUS, ring))
        label = svg.Type("t-w", svg.PAPER, 11, 600)
        out.append(svg.text(x, y + 4, score.initials[:2], label, anchor="middle"))
    if chart.agreed is not None:
        tip = f"{svg.coord(at(chart.agreed))} {svg.coord(floor)}"
        out.append(svg.area(f"M{tip} l6 9 h-12 Z", svg.SOLID))
    said = ", ".join(
        f"{score.name or score.initials} {figures.number(score.value, locale=locale, decimals=_places(score.value))}"
        for score in chart.scores
    )
    return svg.drawing(
        width, floor + 12, "".join(out), title=chart.title, desc=chart.desc or said, css="ch strip"
    )


def _places(value: float) -> int:
    return 0 if value == round(value) else 1


def _stack(columns: list[float]) -> list[tuple[float, int]]:
    """Each circle in the lowest row where it touches no other."""
    placed: list[tuple[float, int]] = []
    for x in columns:
        row = 0
        while any(other == row and abs(x - place) < _GAP for place, other in placed):
            row += 1
        placed.append((x, row))
    return placed
