"""Text in a cell: what Excel would change on the way is written as JSON behind a mark.

Excel escapes control characters as `_x0001_`, cannot hold two characters of Unicode at all, and a
text that happens to look like such an escape may come back changed.
"""

import json
import re
from typing import Final

from django.utils.translation import gettext as _

from apps.rfp.workbooks.phrases import Unclear

LONGEST: Final = 32_767
MARK: Final = "text "
FRAGILE: Final = re.compile(r"_x[0-9A-Fa-f]{4}|[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")


def encode(text: str) -> str:
    """Return what to write for a text; Unclear when a cell cannot hold it."""
    fragile = FRAGILE.search(text) or text.startswith(MARK) or (text and not text.strip())
    written = MARK + json.dumps(text).replace("_", "\\u005f") if fragile else text
    if len(written) > LONGEST:
        raise Unclear(_("A cell of Excel holds 32,767 characters; this is longer."))
    return written


def decode(text: str) -> str:
    """Return the text that was written; what only looks like a mark stays as it is."""
    if not text.startswith(MARK):
        return text
    try:
        found = json.loads(text[len(MARK) :])
    except (ValueError, RecursionError):
        return text
    return found if isinstance(found, str) else text
