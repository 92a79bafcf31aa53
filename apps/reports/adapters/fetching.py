"""What a report may load while it is drawn: images we made ourselves, by name, and nothing else.

WeasyPrint as it comes fetches addresses, reads files of the machine and follows redirects for any
`img`, style sheet or attachment in the page. Here each address is looked up in a dictionary.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

SCHEME: Final = "cceval:"
MEDIA_TYPE: Final = "image/svg+xml"


class NotOurs(Exception):
    """The page asked for something outside its own images: a fault, or an attack."""

    def __init__(self, address: str) -> None:
        super().__init__(f"This report asks for {address[:120]!r}, which is not one of its images.")
        self.address = address


@dataclass
class Images:
    """The images of one report by name, and a note of every address that was refused."""

    store: Mapping[str, bytes]
    refused: list[str] = field(default_factory=list)

    def find(self, address: str) -> bytes:
        name = address.removeprefix(SCHEME)
        if address.startswith(SCHEME) and name in self.store:
            return self.store[name]
        self.refused.append(address)
        raise NotOurs(address)
