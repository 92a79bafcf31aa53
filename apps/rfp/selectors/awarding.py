"""What an RFP published about its award: which lots a vendor gets, what each is told of the winner."""

import json
from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext as _

from apps.rfp.models import Rfp

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


def explaining() -> str:
    return _(
        "Vendors that are not selected are told the name of the one that is, and on which criteria"
        " its tender earned more points (Directive 2014/24/EU, Article 55(2))."
    )
