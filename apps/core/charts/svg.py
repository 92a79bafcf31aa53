"""Shared drawing for all charts: numbers in, SVG text out.

Every mark carries a presentation attribute (the light, printed colour) and a class. WeasyPrint reads the
attribute, a browser lets the class win, so one string serves paper, light and dark. No `style` attribute:
a strict content security policy leaves the drawing as it is. Texts are escaped here and nowhere else.
"""

import math
from dataclasses import dataclass
from hashlib import sha256
from html import escape
from typing import Final

INK: Final = "#121D23"
INK_2: Final = "#43535C"
INK_3: Final = "#5B6C76"
LINE: Final = "#E0E6EA"
LINE_2: Final = "#C8D2D8"
IDLE: Final = "#EBEFF2"
MARK: Final = "#FFE36B"
MARK_SOFT: Final = "#FFF6CF"
PAPER: Final = "#FFFFFF"
PETROL: Final = "#0E627B"
PLUM: Final = "#5C3A78"

RANK_INKS: Final = ("#0E627B", "#6BAFC3", "#C0DDE6", "#E6EFF2")
PART_INKS: Final = ("#0E627B", "#8B9AA3", "#C8D2D8", "#C27C0E", "#5C3A78")
PART_CLASSES: Final = ("k1", "k2", "k5", "k3", "k4")
LINE_INKS: Final = ("#0E627B", "#B85C00", "#5C3A78", "#3D4B53")
DASHES: Final = ("", "6 3", "2 3", "10 3 2 3")
VENDOR_INKS: Final = {
    "A": "#1A70D0", "B": "#C0580C", "C": "#06523F", "D": "#90508F", "E": "#4D3800",
}  # fmt: skip
# drawn in a box of 22 by 22; the outline differs per vendor, the letter inside stays readable
SHAPES: Final = {
    "A": '<circle cx="11" cy="11" r="10.2"/>',
    "B": '<rect x="1.4" y="1.4" width="19.2" height="19.2" rx="3"/>',
    "C": '<path d="M11 .5 20.2 5.8V16.2L11 21.5 1.8 16.2V5.8Z"/>',
    "D": '<path d="M11 -.6 22.6 11 11 22.6 -.6 11Z"/>',
    "E": '<path d="M11 .8 21.6 8.6 17.6 21H4.4L.4 8.6Z"/>',
}
FONT: Final = 'font-family="Plex, IBM Plex Sans, sans-serif"'
SMALLEST: Final = 11  # px; no text in a chart is smaller
WIDE: Final = 500  # px; from here on labels stand beside the bars, below it above them
# advance width of Plex Sans, in em: a generous mean, for deciding whether a label fits
_EM: Final = 0.53


@dataclass(frozen=True, slots=True)
class Type:
    """A text style: the class for the web, the rest for paper. `size` in px, never below 11."""

    css: str
    fill: str
    size: float = 12
    weight: int | None = None


@dataclass(frozen=True, slots=True)
class Ink:
    """How an area is filled: the class for the web, the colours for paper."""

    css: str
    fill: str
    opacity: float = 1
    stroke: str = ""
    stroke_width: float = 0


@dataclass(frozen=True, slots=True)
class Pen:
    """How a line is drawn."""

    css: str
    stroke: str
    width: float = 1
    dash: str = ""


AXIS: Final = Type("t-m", INK_3, 11)
NOTE: Final = Type("t-m", INK_3, 11.5)
BODY: Final = Type("", INK_2, 12)
NAME: Final = Type("t-n", INK, 13, 500)
TOTAL: Final = Type("t-s", INK, 13, 600)
HOT: Final = Type("t-s", INK, 11.5, 600)
ON_FILL: Final = Type("t-w", PAPER, 12, 600)
ON_PALE: Final = Type("t-n", INK, 12, 500)
GRID: Final = Pen("gr", LINE)
BASE: Final = Pen("ax", LINE_2)
NOW: Final = Pen("now", INK, 2)
HALO: Final = Pen("halo", PAPER, 5)
BAND: Final = Ink("band", MARK_SOFT)
MARKER: Final = Ink("mk", MARK)
SOLID: Final = Ink("nowf", INK)
PALE: Final = Ink("bg", IDLE)
RING: Final = Ink("hf nowst", PAPER, stroke=INK, stroke_width=2)


@dataclass(frozen=True, slots=True)
class Vendor:
    """Who a mark belongs to. In the blind phase the name is "Bid A"."""

    letter: str
    name: str


@dataclass(frozen=True, slots=True)
class Key:
    """One entry of a legend, for `<c-legend>`: its text, the class of its ink, its dash."""

    label: str
    css: str
    dash: str = ""
    line: bool = False


def hue(letter: str) -> str:
    """The letter whose colour and shape a vendor borrows: after E the five start again."""
    if letter in SHAPES:
        return letter
    first = ord(letter[:1].upper() or "A") - ord("A")
    return "ABCDE"[first % 5]


def coord(value: float) -> str:
    text = f"{value:.1f}"
    text = text.removesuffix(".0")
    return "0" if text == "-0" else text


def ticks(low: float, high: float, *, about: int) -> list[float]:
    """Round values from at or below `low` to at or above `high`, in steps of 1, 2 or 5 times ten."""
    span = (high - low) or abs(high) or 1.0
    rough = span / about
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(step * place, 9) for place in range(first, max(last, first + 1) + 1)]


def width_of(text: str, size: float) -> float:
    """Roughly how wide a text is, px."""
    return len(text) * size * _EM


def fit(text: str, size: float, room: float) -> str:
    """The text, or as much of it as the room holds, with an ellipsis."""
    if width_of(text, size) <= room:
        return text
    keep = max(int(room / (size * _EM)) - 1, 1)
    return text[:keep].rstrip() + "…"


def wrap(text: str, size: float, room: float, *, lines: int) -> list[str]:
    """The text broken into at most `lines` lines; what does not fit ends in an ellipsis."""
    rows: list[str] = []
    current = ""
    for word in text.split():
        longer = f"{current} {word}".strip()
        if current and width_of(longer, size) > room:
            rows.append(current)
            current = word
        else:
            current = longer
    rows.append(current)
    if len(rows) > lines:
        rows = [*rows[: lines - 1], fit(" ".join(rows[lines - 1 :]), size, room)]
    return [fit(row, size, room) for row in rows]


def text(x: float, y: float, content: str, style: Type, *, anchor: str = "start") -> str:
    bold = f' font-weight="{style.weight}"' if style.weight else ""
    return (
        f'<text x="{coord(x)}" y="{coord(y)}" class="{style.css}"'
        f' font-size="{max(style.size, SMALLEST):g}" text-anchor="{anchor}" fill="{style.fill}"'
        f"{bold}>{escape(content)}</text>"
    )


def label(x: float, y: float, content: str, style: Type, *, room: float) -> str:
    """A name in its room: what is cut off shows in full where the pointer rests."""
    short = fit(content, style.size, room)
    drawn = text(x, y, short, style)
    if short == content:
        return drawn
    return f"{drawn.removesuffix('</text>')}<title>{escape(content)}</title></text>"


def label_lines(x: float, y: float, content: str, style: Type, *, room: float) -> str:
    """A name on one line or on two around `y`; beyond that it is cut, and shows in full on rest."""
    content = " ".join(content.split())
    rows = wrap(content, style.size, room, lines=2)
    if len(rows) == 1 or not content.startswith(rows[0]):  # one word wider than the room
        return label(x, y, content, style, room=room)
    high = style.size + 1
    first = text(x, y - high / 2, rows[0], style)
    return first + label(x, y + high / 2, content[len(rows[0]) :].strip(), style, room=room)


def rect(x: float, y: float, width: float, height: float, ink: Ink, *, rx: float = 0) -> str:
    corner = f' rx="{rx:g}"' if rx else ""
    veil = f' opacity="{ink.opacity:g}"' if ink.opacity < 1 else ""
    edge = f' stroke="{ink.stroke}" stroke-width="{ink.stroke_width:g}"' if ink.stroke else ""
    return (
        f'<rect x="{coord(x)}" y="{coord(y)}" width="{coord(max(width, 0))}"'
        f' height="{coord(height)}" class="{ink.css}" fill="{ink.fill}"{corner}{edge}{veil}/>'
    )


def circle(x: float, y: float, radius: float, ink: Ink) -> str:
    edge = f' stroke="{ink.stroke}" stroke-width="{ink.stroke_width:g}"' if ink.stroke else ""
    return (
        f'<circle cx="{coord(x)}" cy="{coord(y)}" r="{coord(radius)}" class="{ink.css}"'
        f' fill="{ink.fill}"{edge}/>'
    )


def line(x1: float, y1: float, x2: float, y2: float, pen: Pen) -> str:
    dashed = f' stroke-dasharray="{pen.dash}"' if pen.dash else ""
    return (
        f'<line x1="{coord(x1)}" y1="{coord(y1)}" x2="{coord(x2)}" y2="{coord(y2)}"'
        f' class="{pen.css}" stroke="{pen.stroke}" stroke-width="{pen.width:g}"{dashed}/>'
    )


def stroke(path: str, pen: Pen) -> str:
    """An open path; `path` is made of numbers and commands only."""
    dashed = f' stroke-dasharray="{pen.dash}"' if pen.dash else ""
    return (
        f'<path d="{path}" class="{pen.css}" fill="none" stroke="{pen.stroke}"'
        f' stroke-width="{pen.width:g}" stroke-linejoin="round"{dashed}/>'
    )


def area(path: str, ink: Ink) -> str:
    """A filled path; `path` is made of numbers and commands only."""
    return f'<path d="{path}" class="{ink.css}" fill="{ink.fill}"/>'


def vendor_ink(letter: str, *, opacity: float = 1) -> Ink:
    key = hue(letter)
    return Ink(f"v{key}", VENDOR_INKS[key], opacity)


def shape(letter: str, x: float, y: float, scale: float) -> str:
    """A vendor's outline without its letter, centred on x and y."""
    key = hue(letter)
    return (
        f'<g transform="translate({coord(x - 11 * scale)} {coord(y - 11 * scale)})'
        f' scale({scale:g})" class="v{key}" fill="{VENDOR_INKS[key]}">{SHAPES[key]}</g>'
    )


def glyph(letter: str, x: float, y: float, scale: float = 0.9) -> str:
    """A vendor's outline with its letter, centred on x and y; the letter is at least 11 px."""
    key = hue(letter)
    size = max(12, SMALLEST / scale)
    return (
        f'<g transform="translate({coord(x - 11 * scale)} {coord(y - 11 * scale)}) scale({scale:g})">'
        f'<g class="v{key}" fill="{VENDOR_INKS[key]}">{SHAPES[key]}</g>'
        f'<text x="11" y="15.2" text-anchor="middle" font-size="{size:.4g}" class="t-w"'
        f' font-weight="600" fill="{PAPER}">{escape(letter[:2])}</text></g>'
    )


def drawing(
    width: float, height: float, body: str, *, title: str, desc: str, css: str = "ch"
) -> str:
    """The whole chart: role, title and description, named by ids that follow from its content."""
    seed = sha256(f"{title}\n{desc}\n{width}\n{body}".encode()).hexdigest()[:10]
    return (
        f'<svg class="{css}" viewBox="0 0 {coord(width)} {coord(height)}" role="img"'
        f' aria-labelledby="t{seed} d{seed}" {FONT} xmlns="http://www.w3.org/2000/svg">'
        f'<title id="t{seed}">{escape(title)}</title><desc id="d{seed}">{escape(desc)}</desc>'
        f"{body}</svg>"
    )
