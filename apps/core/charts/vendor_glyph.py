"""Vendor glyph: letter, shape and hue, so that no vendor depends on colour alone."""

from dataclasses import dataclass
from html import escape

from apps.core.charts import svg


@dataclass(frozen=True, slots=True)
class VendorGlyph:
    """`label` names the vendor where no text stands beside the glyph; else it is decoration."""

    letter: str
    label: str = ""


def render(glyph: VendorGlyph, *, css: str = "vg") -> str:
    key = svg.hue(glyph.letter)
    size = 12 if len(glyph.letter) == 1 else 11
    if glyph.label:
        name, title = 'role="img"', f"<title>{escape(glyph.label)}</title>"
    else:
        name, title = 'aria-hidden="true"', ""
    return (
        f'<svg class="{css}" viewBox="-1 -1 24 24" {name} {svg.FONT}>{title}'
        f'<g class="v{key}" fill="{svg.VENDOR_INKS[key]}">{svg.SHAPES[key]}</g>'
        f'<text x="11" y="15.2" text-anchor="middle" font-size="{size}" font-weight="600"'
        f' class="vT" fill="{svg.PAPER}">{escape(glyph.letter[:2])}</text></svg>'
    )
