"""Winner strips: who leads at every possible weight of a criterion, and where the lead flips."""

from dataclasses import dataclass

from apps.core.charts import figures, svg

_BAR = 16
_NEAR = 0.08  # a flip within eight points of the agreed weight is said in bold


@dataclass(frozen=True, slots=True)
class Segment:
    """`letter` leads while the weight lies between `start` and `stop`, each 0 to 1."""

    letter: str
    start: float
    stop: float


@dataclass(frozen=True, slots=True)
class Strip:
    """One criterion: its agreed weight, 0 to 1, and the segments that cover 0 to 1."""

    label: str
    weight: float
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class WinnerStrips:
    """The three sentences take {share} or {letter}; the page gives them in its language."""

    title: str
    strips: tuple[Strip, ...]
    desc: str = ""
    flips_above: str = "flips above {share}"
    flips_below: str = "flips below {share}"
    always: str = "{letter} leads at any weight"


def render(chart: WinnerStrips, *, width: int = 720, locale: str = figures.DEFAULT_LOCALE) -> str:
    wide = width >= svg.WIDE
    left, row = (196, 47) if wide else (0, 62)
    room = width - left - 6
    out: list[str] = []
    for mark in range(0, 101, 20):
        x = left + room * mark / 100
        anchor = {0: "start", 100: "end"}.get(mark, "middle")
        label = (
            figures.percent(mark / 100, locale=locale) if mark else figures.number(0, locale=locale)
        )
        out.append(svg.text(x, 10, label, svg.AXIS, anchor=anchor))
        if wide:
            out.append(svg.line(x, 14, x, 14 + row * len(chart.strips), svg.GRID))
    said: list[str] = []
    for place, strip in enumerate(chart.strips):
        y = 20 + row * place
        words, near = _flip(chart, strip, locale=locale)
        said.append(f"{strip.label}: {words[0]}")
        named = svg.label_lines if wide else svg.label
        out.append(
            named(0, y + (16 if wide else 12), strip.label, svg.NAME, room=(left or width) - 12)
        )
        top = y + (4 if wide else 18)
        out.extend(_segment(segment, x=left, y=top, room=room) for segment in strip.segments)
        x = left + room * strip.weight
        out.append(svg.line(x, top - 4, x, top + _BAR + 4, svg.HALO))
        out.append(svg.line(x, top - 4, x, top + _BAR + 4, svg.NOW))
        out.append(
            _words(words[0], at=words[1], y=top + _BAR + 14, left=left, room=room, near=near)
        )
    height = 22 + row * len(chart.strips)
    return svg.drawing(
        width, height, "".join(out), title=chart.title, desc=chart.desc or "; ".join(said)
    )


def _words(sentence: str, *, at: float, y: float, left: float, room: float, near: bool) -> str:
    style = svg.HOT if near else svg.NOTE
    if at == 0:
        return svg.text(left, y, sentence, style)
    half = svg.width_of(sentence, style.size) / 2
    middle = min(max(left + room * at, left + half), left + room - half)
    return svg.text(middle, y, sentence, style, anchor="middle")


def _segment(segment: Segment, *, x: float, y: float, room: float) -> str:
    start, stop = x + room * segment.start, x + room * segment.stop
    drawn = svg.rect(
        start, y, max(stop - start - 1.5, 1), _BAR, svg.vendor_ink(segment.letter), rx=2
    )
    if stop - start > 26:  # noqa: PLR2004 -- px a letter needs
        drawn += svg.text(start + 8, y + 12, segment.letter, svg.ON_FILL)
    return drawn


def _flip(chart: WinnerStrips, strip: Strip, *, locale: str) -> tuple[tuple[str, float], bool]:
    """The sentence about the flip nearest to the agreed weight, where it happens, and if it is near."""
    flips = [segment.stop for segment in strip.segments[:-1]]
    if not flips:
        letter = strip.segments[0].letter if strip.segments else ""
        return (chart.always.format(letter=letter), 0.0), False
    nearest = min(flips, key=lambda flip: abs(flip - strip.weight))
    sentence = chart.flips_above if nearest > strip.weight else chart.flips_below
    words = sentence.format(share=figures.percent(nearest, locale=locale))
    return (words, nearest), abs(nearest - strip.weight) <= _NEAR
