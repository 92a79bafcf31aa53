"""Where a reason compares bids or names one of the panel: a nudge, never a block.

An award was set aside because reasons compared bids with one another; the rubric is the only
measure. And vendors read agreed reasons in their letters: who of the panel said what is not theirs.
"""

import re
from collections.abc import Iterable

COMPARED = re.compile(
    r"""\b(?:
        (?:better|worse|weaker|stronger|clearer|poorer|stricter|more|less|fewer|higher|lower
          |richer|thinner|best|weakest|strongest)
        (?:\s+\w+){0,3}?\s+(?:than|of)\s+(?:the\s+)?
        (?:other|others|rest|all|any|competitors?|(?:bid|bidder|vendor)(?:s|\s+[A-Z]{1,2})?)
      | (?:better|worse|weaker|stronger)\s+than\s+\w+
      | (?:as|like|unlike|compared\s+(?:with|to)|in\s+contrast\s+to)\s+
        (?:the\s+other\s+(?:bids?|vendors?)|(?:bid|bidder|vendor)\s+[A-Z]{1,2})
    )\b""",
    re.VERBOSE | re.IGNORECASE,
)
NAMED = re.compile(r"\b[Bb]id\s+([A-Z]{1,2})\b")


def comparison_in(reason: str, letter: str) -> str:
    """Return the words of a reason that compare bid `letter` with another; empty if none do."""
    for found in COMPARED.finditer(reason):
        return found.group().strip()
    for found in NAMED.finditer(reason):
        if found.group(1) != letter:
            return found.group().strip()
    return ""


def member_in(reason: str, panel: Iterable[str]) -> str:
    """Return the words of a reason that name one of the panel, by full or last name; else empty."""
    for name in panel:
        parts = name.split()
        for wanted in (name, parts[-1] if len(parts) > 1 else ""):
            if wanted and (found := re.search(rf"\b{re.escape(wanted)}\b", reason)):
                return found.group()
    return ""
