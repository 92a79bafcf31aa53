"""The sentence a page begins with."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One sentence in three parts: `key` is the part that is marked."""

    before: str
    key: str = ""
    after: str = "."

    @property
    def text(self) -> str:
        return f"{self.before}{self.key}{self.after}"
