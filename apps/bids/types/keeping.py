"""What a vendor keeps when it submits."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Keeps:
    """The secret that its browser or program has already, and whether its store keeps the files."""

    secret: bytes | None = None
    files: bool = False


NOTHING_YET = Keeps()
