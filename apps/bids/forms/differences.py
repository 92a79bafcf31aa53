"""Two price sheets side by side, as people read them: where they differ, and both figures."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from apps.bids.forms.words import CHOICES, label_of
from apps.engine.pricing.models import PRICING_MODELS

STEP = re.compile(r"([^.\[\]]+)(?:\[(\d+)\])?")
RATES = "rates"  # the group of the chosen model: its fields speak for themselves


@dataclass(frozen=True)
class Difference:
    """One place of the sheet, with what each of the two says there; empty where it says nothing."""

    label: str
    mine: str
    theirs: str


def differences(mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> list[Difference]:
    """Compare two sheets as they are typed: shares in percent, everything as text."""
    here, there = dict(_places(mine)), dict(_places(theirs))
    return [
        Difference(_label(path), here.get(path, ""), there.get(path, ""))
        for path in dict.fromkeys((*here, *there))
        if here.get(path, "") != there.get(path, "")
    ]


def as_text(found: list[Difference], name: str) -> str:
    """Write differences line by line, for a page that has no room for a table."""
    nothing = _("nothing")
    return "\n".join(
        _("{label}: {theirs} by {name}, {mine} by you").format(
            label=one.label, theirs=one.theirs or nothing, mine=one.mine or nothing, name=name
        )
        for one in found
    )


def _places(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for name, inside in value.items():
            yield from _places(inside, f"{path}.{name}" if path else str(name))
    elif isinstance(value, list):
        for at, inside in enumerate(value):
            yield from _places(inside, f"{path}[{at}]")
    elif value not in ("", None):
        yield path, _words(path.rpartition(".")[2], str(value))


def _words(name: str, value: str) -> str:
    if name == "model" and value in PRICING_MODELS:
        return str(PRICING_MODELS[value].name)
    return str(CHOICES.get(value, value))


def _label(path: str) -> str:
    """Return the words of a path: `rates.tiers[0].rate` reads “Tiers 1, Rate”."""
    steps = [step for step in STEP.findall(path) if step[0] != RATES]
    return ", ".join(
        f"{label_of(name)} {int(at) + 1}" if at else label_of(name) for name, at in steps
    )
