"""An ordered, typed table from slug to implementation; entries are written out, never discovered."""

from collections.abc import Iterator, Mapping
from typing import Protocol, TypeVar

from apps.engine.errors import InvalidInput


class Entry(Protocol):
    @property
    def slug(self) -> str: ...


E = TypeVar("E", bound=Entry)


class Registry(Mapping[str, E]):
    """Entries by slug, in the order in which people should see them."""

    def __init__(self, kind: str, *entries: E) -> None:
        self.kind = kind
        self._entries = {entry.slug: entry for entry in entries}
        if len(self._entries) != len(entries):
            raise InvalidInput(f"Give every {kind} a slug of its own.")

    def __getitem__(self, slug: str) -> E:
        try:
            return self._entries[slug]
        except KeyError:
            raise InvalidInput(f"Choose a {self.kind}: {', '.join(self._entries)}.") from None

    def __contains__(self, slug: object) -> bool:
        return slug in self._entries

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)
