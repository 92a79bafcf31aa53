"""Entries of a log outside the service: one entry with its proof, and an export of many.

The proof of one entry (in a receipt, say) is the entry, its salt, its place and the hashes that
lead from it to the root of a checkpoint. An export holds the hash of every entry of the log and the
content of those that its reader may see: a hash without its salt tells nothing about the rest, and
the reader can still check the whole log against every checkpoint ever given out.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from apps.proof import canonical, checkpoints, hashes, merkle
from apps.proof.checkpoints import SignedCheckpoint
from apps.proof.errors import (
    NotCanonical,
    UnreadableCheckpoint,
    UnreadableLog,
)

PROOF = "cceval entry 1"
EXPORT = "cceval log 1"
OF_ENTRY = {"content", "index", "salt"}
OF_EXPORT = {"checkpoint", "earlier", "entries", "format", "leaves"}
STAMPS = "stamps"  # where an authority stamps checkpoints


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One entry: its place in the log (from 0), its salt, its content as canonical JSON."""

    index: int
    salt: bytes
    body: bytes

    @property
    def leaf(self) -> bytes:
        return hashes.leaf(self.salt, self.body)

    @property
    def content(self) -> Any:
        return canonical.decode(self.body)

    def to_plain(self) -> dict[str, Any]:
        return {"content": self.content, "index": self.index, "salt": self.salt.hex()}


@dataclass(frozen=True, kw_only=True)
class ProvenEntry:
    """One entry, and the path from it to the root that a checkpoint signs."""

    entry: Entry
    path: tuple[bytes, ...]
    signed: SignedCheckpoint

    @property
    def holds(self) -> bool:
        """Whether the path leads to the checkpoint; who signed that one is another question."""
        checkpoint = self.signed.checkpoint
        return merkle.included(
            self.entry.leaf,
            index=self.entry.index,
            size=checkpoint.size,
            path=self.path,
            expected=checkpoint.root,
        )

    def to_plain(self) -> dict[str, Any]:
        return {
            **self.entry.to_plain(),
            "checkpoint": self.signed.note,
            "path": [beside.hex() for beside in self.path],
        }


@dataclass(frozen=True, kw_only=True)
class Export:
    """All leaf hashes of a log up to a checkpoint, some entries, and checkpoints given out before.

    `stamps` are tokens of a time-stamping authority over any of the checkpoints.
    """

    signed: SignedCheckpoint
    earlier: tuple[SignedCheckpoint, ...]
    leaves: tuple[bytes, ...]
    entries: tuple[Entry, ...]
    stamps: tuple[bytes, ...] = ()

    @property
    def origin(self) -> str:
        return self.signed.checkpoint.origin

    @property
    def all_signed(self) -> tuple[SignedCheckpoint, ...]:
        return (*self.earlier, self.signed)

    def roots(self, sizes: Sequence[int]) -> dict[int, bytes]:
        """Return the root of the first n entries for each n of `sizes` that the export reaches."""
        wanted, growing = set(sizes), merkle.Growing()
        found: dict[int, bytes] = {}
        for leaf in self.leaves:
            growing.append(leaf)
            if growing.size in wanted:
                found[growing.size] = growing.root
        return found

    def changed_entries(self) -> Iterator[Entry]:
        """Yield the entries whose content is not what the log holds at their place."""
        for entry in self.entries:
            if entry.index >= len(self.leaves) or self.leaves[entry.index] != entry.leaf:
                yield entry

    def departs_from(self, signed: Sequence[SignedCheckpoint]) -> Iterator[SignedCheckpoint]:
        """Yield the checkpoints of this log that it does not continue: it was rewritten since, or cut."""
        ours = [one for one in signed if one.checkpoint.origin == self.origin]
        roots = self.roots([one.checkpoint.size for one in ours])
        for one in ours:
            if roots.get(one.checkpoint.size) != one.checkpoint.root:
                yield one


def write_proof(proof: ProvenEntry) -> bytes:
    return canonical.encode({"format": PROOF, "proof": proof.to_plain()})


def read_proof(raw: bytes) -> ProvenEntry:
    plain = _opened(raw, PROOF)
    try:
        found = proof_from(plain["proof"])
    except (KeyError, TypeError):
        raise _unreadable() from None
    if write_proof(found) != raw:
        raise _unreadable()
    return found


def proof_from(plain: Mapping[str, Any]) -> ProvenEntry:
    """Read what `ProvenEntry.to_plain` gave; UnreadableLog for anything else."""
    try:
        found = ProvenEntry(
            entry=_entry(plain),
            path=tuple(_hash(beside) for beside in plain["path"]),
            signed=checkpoints.read(plain["checkpoint"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError, NotCanonical, UnreadableCheckpoint):
        raise _unreadable() from None
    if found.to_plain() != plain:
        raise _unreadable()
    return found


def write_export(export: Export) -> bytes:
    return canonical.encode(
        {
            "checkpoint": export.signed.note,
            "earlier": [one.note for one in export.earlier],
            "entries": [entry.to_plain() for entry in export.entries],
            "format": EXPORT,
            "leaves": [leaf.hex() for leaf in export.leaves],
            **({STAMPS: [token.hex() for token in export.stamps]} if export.stamps else {}),
        }
    )


def read_export(raw: bytes) -> Export:
    """Read an export, however it is laid out; the checks come after.

    Each entry's content is hashed in its canonical form, so the form of the whole proves nothing.
    """
    plain = _opened(raw, EXPORT, canonical.parse)
    try:
        found = Export(
            signed=checkpoints.read(plain["checkpoint"]),
            earlier=tuple(checkpoints.read(note) for note in plain["earlier"]),
            leaves=tuple(_hash(leaf) for leaf in plain["leaves"]),
            entries=tuple(_entry(entry) for entry in plain["entries"]),
            stamps=tuple(bytes.fromhex(token) for token in plain.get(STAMPS, ())),
        )
        known = all(set(entry) == OF_ENTRY for entry in plain["entries"])
    except (KeyError, TypeError, ValueError, AttributeError, NotCanonical):
        raise _unreadable() from None
    if not known or set(plain) - {STAMPS} != OF_EXPORT:
        raise _unreadable()
    return found


def _opened(
    raw: bytes, wanted: str, read: Callable[[bytes], Any] = canonical.decode
) -> Mapping[str, Any]:
    try:
        plain = read(raw)
    except NotCanonical as error:
        raise UnreadableLog(f"This part of a log cannot be read: {error.sentence}") from None
    if not isinstance(plain, dict) or plain.get("format") != wanted:
        raise _unreadable()
    return plain


def _entry(plain: Mapping[str, Any]) -> Entry:
    index = plain["index"]
    if not isinstance(index, int) or isinstance(index, bool) or index < 0:
        raise TypeError("an entry has its place here")
    return Entry(index=index, salt=_hash(plain["salt"]), body=canonical.encode(plain["content"]))


def _hash(text: str) -> bytes:
    if not hashes.is_digest(text):
        raise ValueError("32 bytes in lower-case hexadecimal belong here")
    return bytes.fromhex(text)


def _unreadable() -> UnreadableLog:
    return UnreadableLog("This file is not a part of a log of this service.")


def is_checkpoint(raw: bytes) -> bool:
    """Say whether a file claims to be a checkpoint; a broken one is refused, not passed over."""
    head = _note(raw[: checkpoints.LONGEST].decode(errors="replace")).split("\n")
    return len(head) > 1 and head[0].startswith("cceval/") and head[1].isdecimal()


def read_checkpoint(raw: bytes) -> SignedCheckpoint:
    """Read a checkpoint from a file, as mail programs save it: other line ends, empty lines around."""
    try:
        return checkpoints.read(_note(raw.decode()))
    except UnicodeDecodeError:
        raise UnreadableCheckpoint("This is not a checkpoint of this service.") from None


def _note(text: str) -> str:
    return text.replace("\r\n", "\n").strip("\n") + "\n"
