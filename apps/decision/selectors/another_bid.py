"""Whether a recorded reason speaks of another bid, so that a vendor must not read it."""

import re
from collections.abc import Mapping
from typing import Final

from apps.matrix.selectors.frozen import Bidder
from apps.matrix.selectors.nudges import comparison_in

WORD: Final = re.compile(r"[^\W_]{2,}")
LETTERED: Final = re.compile(r"\b(?:[Bb]id|[Bb]idder|[Vv]endor|[Tt]ender)\s+([A-Z]{1,2})\b")


def names_another(
    reason: str, bidder: Bidder, names: Mapping[str, str], letters: Mapping[str, str]
) -> bool:
    """Whether a reason compares bids, or names another one by its letter or its vendor's name."""
    if comparison_in(reason, bidder.letter):
        return True
    if any(letter != bidder.letter for letter in LETTERED.findall(reason)):
        return True
    words = {word.casefold() for word in WORD.findall(reason)}
    own = _call_name(names.get(bidder.id, bidder.name))
    others = {_call_name(names.get(bid, "")) for bid in letters if bid != bidder.id}
    return bool((others - {own, ""}) & words)


def _call_name(vendor: str) -> str:
    """Return the first word of a vendor's name, by which people call it."""
    found = WORD.search(vendor)
    return found.group().casefold() if found else ""
