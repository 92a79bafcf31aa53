"""Rosette: a guilloche drawn from a SHA-256, so that two documents can be told apart at a glance.

The 32 bytes set ring radii, petal counts, harmonics, phases, twists, line counts and which ring is plum.
About 30 bits can be told apart by eye: an aid, never proof. The digest always stands beside the drawing.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Final

from apps.core.charts import svg

_PETALS: Final = (4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 16)
_HARMONICS: Final = (1, 2, 2, 3)
_SCALE: Final = (
    10  # coordinates are whole tenths of a pixel: short paths, the same bytes everywhere
)
_BYTES: Final = 32
_FEWEST_POINTS: Final = 120
_HEADER: Final = 4  # bytes 0 to 2 set the radii, byte 3 the plum ring
_PER_RING: Final = 6


@dataclass(frozen=True, slots=True)
class Rosette:
    """`digest` is 64 hexadecimal digits; `rings` below 3 and few `lines` make the small one of a list."""

    digest: str
    label: str = ""
    rings: int = 3
    lines: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if len(bytes.fromhex(self.digest)) != _BYTES:
            raise ValueError("A rosette is drawn from a SHA-256: 64 hexadecimal digits.")


@dataclass(frozen=True, slots=True)
class _Ring:
    outer: float
    inner: float
    petals: int
    harmonic: int
    phase: float
    amplitude: float
    twist: int
    lines: int

    def paths(self, radius: float) -> Iterator[str]:
        points = max(_FEWEST_POINTS, self.petals * (22 if self.harmonic > 1 else 14))
        middle = (self.outer + self.inner) / 2 * radius
        half = (self.outer - self.inner) / 2 * radius
        for number in range(self.lines):
            shift = number / self.lines * 2 * math.pi / self.petals * self.twist
            spots = [
                self._spot(
                    2 * math.pi * step / points, shift, middle=middle, half=half, radius=radius
                )
                for step in range(points)
            ]
            yield _relative(spots)

    def _spot(
        self, angle: float, shift: float, *, middle: float, half: float, radius: float
    ) -> tuple[int, int]:
        first = math.sin(self.petals * (angle + self.phase + shift))
        second = math.sin(self.petals * self.harmonic * (angle - shift))
        reach = middle + half * (self.amplitude * first + (1 - self.amplitude) * second)
        return (
            round(_SCALE * (radius + reach * math.cos(angle))),
            round(_SCALE * (radius + reach * math.sin(angle))),
        )


def _relative(spots: list[tuple[int, int]]) -> str:
    """A closed path in relative steps, as short as SVG allows."""
    (x, y), *rest = spots
    steps = []
    for next_x, next_y in rest:
        steps.append(f"{next_x - x} {next_y - y}")
        x, y = next_x, next_y
    start = spots[0]
    return (f"M{start[0]} {start[1]}l" + " ".join(steps)).replace(" -", "-") + "z"


def _rings(rosette: Rosette) -> list[_Ring]:
    data = bytes.fromhex(rosette.digest)
    outer_edge = 0.60 + 0.16 * data[0] / 255
    inner_edge = 0.30 + 0.18 * data[1] / 255
    edges = (
        (0.98, outer_edge),
        (outer_edge + 0.05, inner_edge),
        (inner_edge + 0.05, 0.07 + 0.05 * data[2] / 255),
    )
    rings = []
    for index, (outer, inner) in enumerate(edges[: rosette.rings]):
        at = _HEADER + _PER_RING * index
        petals = _PETALS[data[at] % len(_PETALS)]
        rings.append(
            _Ring(
                outer=outer,
                inner=inner,
                petals=petals,
                harmonic=_HARMONICS[data[at + 1] % len(_HARMONICS)],
                phase=data[at + 2] / 255 * 2 * math.pi / petals,
                amplitude=0.35 + 0.65 * data[at + 3] / 255,
                twist=1 if data[at + 4] & 1 else -1,
                lines=rosette.lines[index] if index < len(rosette.lines) else 4 + data[at + 5] % 5,
            )
        )
    return rings


def render(rosette: Rosette, *, size: int = 120) -> str:
    plum = bytes.fromhex(rosette.digest)[3] % 3
    width = _SCALE * max(0.45, size / 270)
    out: list[str] = []
    for index, ring in enumerate(_rings(rosette)):
        css, ink = ("g2", svg.PLUM) if index == plum else ("g1", svg.PETROL)
        out.extend(
            f'<path d="{path}" class="{css}" stroke="{ink}" fill="none" stroke-width="{width:.1f}"'
            f' stroke-linejoin="round" transform="scale({1 / _SCALE:g})"/>'
            for path in ring.paths(size / 2)
        )
    if rosette.label:
        name, title = 'role="img"', f"<title>{escape(rosette.label)}</title>"
    else:
        name, title = 'aria-hidden="true"', ""
    return (
        f'<svg class="rosette" viewBox="0 0 {size} {size}" width="{size}" height="{size}" {name}'
        f' xmlns="http://www.w3.org/2000/svg">{title}{"".join(out)}</svg>'
    )
