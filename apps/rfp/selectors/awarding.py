"""What an RFP publishes about its award: which lots a vendor gets, what each is told of others."""

import json
from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext as _

from apps.rfp.models import Rfp
from apps.rfp.states import Preset

IN_ORDER: Final = "in-order"
SELECTED: Final = "selected"


def published_content(rfp: Rfp) -> Mapping[str, Any]:
    """Return the frozen content; empty before the publication."""
    found: Mapping[str, Any] = json.loads(rfp.frozen) if rfp.frozen else {}
    return found


def awards_in_order(content: Mapping[str, Any]) -> bool:
    """Whether it was published that lots are awarded one after another, as they are listed."""
    return content.get("lots_awarded") == IN_ORDER


def names_selected(content: Mapping[str, Any]) -> bool:
    """Whether it was published that vendors are told who was selected, and what was better there."""
    return content.get("explains") == SELECTED


def publishes_names(content: Mapping[str, Any]) -> bool:
    """Whether it was published that vendors that submitted read each other's names."""
    return content.get("names_published") is True


def explains_by_preset(preset: str) -> bool:
    """Whether letters explain where a draft says nothing of it: in public tenders alone."""
    return preset == Preset.PUBLIC


def explains(rfp: Rfp) -> bool:
    """Whether letters of this tender name the selected one, as the draft stands."""
    if not rfp.asks_price:
        return False
    return explains_by_preset(rfp.preset) if rfp.explains is None else rfp.explains


def may_publish_names(rfp: Rfp) -> bool:
    return rfp.preset == Preset.PUBLIC and rfp.asks_price


def disclosures(rfp: Rfp) -> dict[str, Any]:
    """Return what is published of the switches: a key for each that is on, and none for the others."""
    return {
        **({"explains": SELECTED} if explains(rfp) else {}),
        **({"names_published": True} if may_publish_names(rfp) and rfp.names_published else {}),
    }


def told_of_others(rfp: Rfp) -> tuple[str, ...]:
    """Say what vendors learn of one another, as they read it before they bid."""
    if not rfp.asks_price:
        return ()
    held = disclosures(rfp)
    return (_selected(rfp.preset) if names_selected(held) else _nothing(), *_names(held))


def _selected(preset: str) -> str:
    said = _(
        "Vendors that are not selected are told the name of the one that is, and on which criteria"
        " its tender earned more points"
    )
    source = _("Directive 2014/24/EU, Article 55(2)")
    return f"{said} ({source})." if preset == Preset.PUBLIC else f"{said}."


def _nothing() -> str:
    return _("Each vendor is told the outcome of its own bid. Who was selected is told to nobody.")


def _names(held: Mapping[str, Any]) -> tuple[str, ...]:
    if not publishes_names(held):
        return ()
    return (
        _(
            "After the opening, every vendor that submitted reads the names of all that did, in the"
            " order of the alphabet. No bid, no price and no time is shown with them."
        ),
    )
