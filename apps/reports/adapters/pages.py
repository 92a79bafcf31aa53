"""A print template and its payload → the HTML text and the images that `rendering` takes.

The payload is plain data whose figures are formatted texts already. Its charts are SVG drawings by
name; the template shows them as images, each with the drawing's own title and description as the
alternative text. Texts that strangers wrote are cleaned and capped here.
"""

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation

from apps.proof import canonical
from apps.reports.adapters.wording import Cleaner

SVG = "http://www.w3.org/2000/svg"
DERIVED = ("charts", "verify")  # made from the rest of a payload, so no part of its digest
GROUP = 8  # digits of a digest printed together, so that two of them can be compared by eye
DESCRIPTIONS = re.compile(r"<(title|desc)\b[^>]*>(.*?)</\1>", re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Page:
    """`replaced` holds characters that no font draws; they are printed as an empty box."""

    html: str
    images: Mapping[str, bytes]
    replaced: tuple[str, ...] = ()


def frozen(payload: Mapping[str, Any]) -> bytes:
    """Return the canonical JSON a report is named by: its payload without what is drawn from it."""
    return canonical.encode({name: part for name, part in payload.items() if name not in DERIVED})


def page(*, template: str, payload: Mapping[str, Any], coverage: Container[int]) -> Page:
    """Fill in a print template, in the payload's language."""
    cleaner = Cleaner(coverage)
    charts: Mapping[str, str] = payload["charts"]
    texts = cleaner.clean({name: part for name, part in payload.items() if name != "charts"})
    digest: str = payload["verify"]["digest"]
    context = {
        "payload": texts,
        "alternatives": {name: cleaner.clean(alternative(svg)) for name, svg in charts.items()},
        "digest": [digest[at : at + GROUP] for at in range(0, len(digest), GROUP)],
        "replaced": bool(cleaner.replaced),
        "cut": cleaner.cut,
    }
    with translation.override(payload["language"]):
        html = render_to_string(template, context)
    images = {name: _standalone(svg).encode() for name, svg in charts.items()}
    return Page(html=html, images=images, replaced=tuple(sorted(cleaner.replaced)))


def alternative(svg: str) -> str:
    """Say in words what a drawing shows: its title and its description."""
    parts = [unescape(text).strip() for _, text in DESCRIPTIONS.findall(svg)]
    sentences = [part if part.endswith((".", "?")) else f"{part}." for part in parts if part]
    if not sentences:
        raise ValueError("a drawing on paper has a title; this one has none")
    return " ".join(sentences)


def _standalone(svg: str) -> str:
    """A drawing made for a web page may leave out the namespace that an image needs."""
    opening = svg[: svg.index(">")]
    if "xmlns=" in opening:
        return svg
    return svg.replace("<svg", f'<svg xmlns="{SVG}"', 1)
