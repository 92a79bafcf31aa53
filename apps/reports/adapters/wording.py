"""Text that the fonts can draw.

One character that no font holds puts the glyph ``.notdef`` into the file, and PDF/A and PDF/UA
both fail. Controls, direction overrides and zero-width characters go without a trace: they draw
nothing, and they can make a line read differently from what it says.
"""

import re
import unicodedata
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

LONGEST_TEXT = 20_000
MOST_LINES = 400
STAND_INS = "□?"  # the first of them that the fonts hold
INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb"
    "\ue000-\uf8ff\U000e0000-\U000e01ef\U000f0000-\U0010ffff]"
)
PILED_MARKS = re.compile("([\u0300-\u036f]{4})[\u0300-\u036f]+")
CUT = " […]"


def drawable(text: str, coverage: Container[int]) -> str:
    """Return the text without what draws nothing, and a box for each character no font holds."""
    plain = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    plain = PILED_MARKS.sub(r"\1", INVISIBLE.sub("", plain))
    stand_in = next(mark for mark in STAND_INS if ord(mark) in coverage)
    return "".join(
        letter if ord(letter) in coverage or letter in "\n\t" else stand_in for letter in plain
    )


@dataclass
class Cleaner:
    """Cleans plain data for paper, and remembers whether anything had to be replaced or cut."""

    coverage: Container[int]
    replaced: set[str] = field(default_factory=set)
    cut: bool = False

    def clean(self, value: Any) -> Any:
        """Copy texts, sequences and mappings of texts; leave all else as it is."""
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, Mapping):
            return {name: self.clean(item) for name, item in value.items()}
        if isinstance(value, Sequence) and not isinstance(value, bytes):
            return [self.clean(item) for item in value]
        return value

    def _text(self, text: str) -> str:
        kept = text
        if len(text) > LONGEST_TEXT or text.count("\n") > MOST_LINES:
            kept = "\n".join(text[:LONGEST_TEXT].split("\n")[:MOST_LINES]) + CUT
            self.cut = True
        visible = unicodedata.normalize("NFC", INVISIBLE.sub("", kept))
        self.replaced.update(
            letter
            for letter in visible
            if ord(letter) not in self.coverage and letter not in "\r\n\t"
        )
        return drawable(kept, self.coverage)
