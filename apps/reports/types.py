"""What can be said of a file that somebody uploads."""

from enum import StrEnum


class Finding(StrEnum):
    """The first two are genuine; the register tells them and `unregistered`, the file the rest."""

    CURRENT = "current"
    SUPERSEDED = "superseded"
    UNREGISTERED = "unregistered"
    RESAVED = "resaved"
    ALTERED = "altered"
    FOREIGN = "foreign"
    UNSIGNED = "unsigned"
    UNREADABLE = "unreadable"
