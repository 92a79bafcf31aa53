"""The questionnaires and packs that come with the product, as plain forms."""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from apps.core import seeds
from apps.rfp.models import Rfp
from apps.rfp.selectors.reading import QUESTIONNAIRES
from apps.rfp.states import SCORED, Preset
from apps.rfp.types import Shipped
from apps.rfp.workbooks.form import Form, Item, Part, of_file

PACKS = "rfp/packs"
BASE = "bpo_voice_support"  # whose facts an RFP asks that starts from nothing


@cache
def shipped_form(slug: str) -> Form:
    """Return a shipped questionnaire; KeyError when there is none of that slug."""
    return of_file(seeds.load(QUESTIONNAIRES, slug))


@cache
def pack_form(slug: str) -> Form:
    """Return a shipped pack; KeyError when there is none of that slug."""
    return of_file(seeds.load(PACKS, slug))


def parts_for(rfp: Rfp) -> tuple[Part, ...]:
    """Return every shipped section this RFP can ask from: its questionnaire's and its packs'."""
    own = shipped_form(rfp.questionnaire).parts if rfp.questionnaire else ()
    packs = [pack_form(slug).parts for slug in rfp.packs]
    return (*own, *(part for parts in packs for part in parts))


def essential_form(slug: str) -> Form:
    """Return what the preset Essential asks of a shipped questionnaire, with its own weights."""
    whole = shipped_form(slug)
    kept, weights = set(whole.head["essential"]["codes"]), whole.head["essential"]["weights"]
    parts = (_cut(part, kept, weights) for part in whole.parts)
    return Form(head=whole.head, parts=tuple(part for part in parts if part.items))


def _cut(part: Part, kept: set[str], weights: dict[str, str]) -> Part:
    return Part(
        code=part.code,
        title=part.title,
        weight=weights.get(part.code, "0"),
        envelope=part.envelope,
        items=tuple(item for item in part.items if item.code in kept),
        more=part.more,
    )


def form_for(slug: str, preset: str) -> Form:
    """Return the questionnaire as an RFP of this preset begins with it."""
    return essential_form(slug) if preset == Preset.ESSENTIAL else shipped_form(slug)


def defaults_of(slug: str) -> dict[str, Any]:
    """Return what the facts of a questionnaire are until somebody says otherwise."""
    facts = shipped_form(slug).head.get("facts", {}) if slug else {}
    return {key: one["default"] for key, one in facts.items()}


def shipped() -> list[Shipped]:
    """Return the questionnaires that come with the product, the voice-led one first."""
    names = sorted(seeds.names(QUESTIONNAIRES), key=lambda slug: (slug != BASE, slug))
    return [_described(slug, shipped_form(slug)) for slug in names]


def packs() -> list[Shipped]:
    """Return the packs that can be added to any questionnaire."""
    return [_described(slug, pack_form(slug)) for slug in seeds.names(PACKS)]


def _described(slug: str, form: Form) -> Shipped:
    items = list(_items(form.parts))
    return Shipped(
        slug=slug,
        title=form.head["title"],
        version=form.head["version"],
        note=form.head["note"],
        sections=len(form.parts),
        questions=len(items),
        scored=sum(one.mode in SCORED for one in items),
        knockouts=sum(bool(one.knockout) for one in items),
    )


def _items(parts: Iterable[Part]) -> Iterator[Item]:
    for part in parts:
        yield from part.items
