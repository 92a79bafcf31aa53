"""The tree over a log (RFC 6962, section 2.1): hashes, proofs, and how a stranger checks them.

Leaves arrive hashed (`hashes.leaf`). A node is a complete subtree, named by its level and its
place in that level: node (3, 2) stands over the leaves 16 to 23. Complete subtrees never change
when the log grows, so they can be stored once and proofs read from them.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple


class Node(NamedTuple):
    """A complete subtree: the 2**level leaves from place * 2**level on."""

    level: int
    place: int


class Span(NamedTuple):
    """The leaves from `start` up to, and without, `end`; one hash of a proof stands for them."""

    start: int
    end: int


Hashes = Mapping[Node, bytes]
EMPTY = hashlib.sha256(b"").digest()
SIZE = hashlib.sha256().digest_size


def parent(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """Return the tree hash of all leaves: 32 bytes."""
    if not leaves:
        return EMPTY
    row = list(leaves)
    while len(row) > 1:
        pairs = [parent(row[at], row[at + 1]) for at in range(0, len(row) - 1, 2)]
        row = pairs + row[len(pairs) * 2 :]
    return row[0]


# What is stored while a log grows


def edge(size: int) -> list[Node]:
    """Return the complete subtrees that a log of `size` leaves consists of, from the left."""
    return _cover(Span(0, size))


def grow(size: int, stored: Hashes, leaves: Iterable[bytes]) -> dict[Node, bytes]:
    """Return every node that comes to a log of `size` leaves; `stored` holds its edge."""
    made: dict[Node, bytes] = {}
    known = dict(stored)
    for index, leaf in enumerate(leaves, start=size):
        node, value = Node(0, index), leaf
        known[node] = made[node] = value
        while node.place % 2:
            value = parent(known[Node(node.level, node.place - 1)], value)
            node = Node(node.level + 1, node.place // 2)
            known[node] = made[node] = value
    return made


@dataclass
class Growing:
    """The root of a log while it is read leaf by leaf, in little memory."""

    size: int = 0
    complete: list[bytes] = field(default_factory=list)  # as in `edge`

    def append(self, leaf: bytes) -> None:
        value, index = leaf, self.size
        while index % 2:
            value = parent(self.complete.pop(), value)
            index //= 2
        self.complete.append(value)
        self.size += 1

    @property
    def root(self) -> bytes:
        return _folded(self.complete)


# Proving


def inclusion(index: int, size: int) -> list[Span]:
    """Return the spans whose hashes prove leaf `index` in a log of `size`, from the leaf up."""
    if not 0 <= index < size:
        raise ValueError(f"a log of {size} entries has no entry {index}")
    spans: list[Span] = []
    whole = Span(0, size)
    while whole.end - whole.start > 1:
        middle = _middle(whole)
        left, right = Span(whole.start, middle), Span(middle, whole.end)
        whole, beside = (left, right) if index < middle else (right, left)
        spans.append(beside)
    return spans[::-1]


def consistency(old: int, new: int) -> list[Span]:
    """Return the spans whose hashes prove that a log of `new` entries begins with its `old` first."""
    if not 0 < old <= new:
        raise ValueError(f"a log of {new} entries does not continue one of {old}")
    spans: list[Span] = []
    whole, touched = Span(0, new), False
    while old < whole.end:
        middle = _middle(whole)
        left, right = Span(whole.start, middle), Span(middle, whole.end)
        if old <= middle:
            whole, beside = left, right
        else:
            whole, beside, touched = right, left, True
        spans.append(beside)
    if touched:  # else the old root itself is the missing hash, and the asker has it
        spans.append(whole)
    return spans[::-1]


def needed(spans: Iterable[Span]) -> set[Node]:
    """Return the stored nodes that the hashes of these spans are made of."""
    return {node for span in spans for node in _cover(span)}


def hashes_of(spans: Iterable[Span], stored: Hashes) -> tuple[bytes, ...]:
    """Return one hash per span; `stored` holds the nodes that `needed` named."""
    return tuple(_folded([stored[node] for node in _cover(span)]) for span in spans)


# Checking


def included(leaf: bytes, *, index: int, size: int, path: Sequence[bytes], expected: bytes) -> bool:
    """Say whether `path` leads from the leaf at `index` to the root of `size` leaves (RFC 9162, 2.1.3.2)."""
    steps = _steps(index, size, path) if 0 <= index < size else None
    if steps is None:
        return False
    value = leaf
    for is_left, beside in steps:
        value = parent(beside, value) if is_left else parent(value, beside)
    return value == expected


def consistent(
    *, old: int, new: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]
) -> bool:
    """Say whether `path` proves that the newer log continues the older one (RFC 9162, 2.1.4.2)."""
    if not 0 < old < new:
        return old == new > 0 and not path and old_root == new_root
    below = (old & -old).bit_length() - 1  # the old log's last complete subtree is where we begin
    whole = old >> below == 1  # … and where it is the whole old log, its root is not repeated
    begin, *rest = (old_root, *path) if whole else (*path,) or (b"",)
    steps = _steps((old - 1) >> below, ((new - 1) >> below) + 1, rest)
    if steps is None:
        return False
    first = second = begin
    for is_left, beside in steps:
        if is_left:
            first = parent(beside, first)
        second = parent(beside, second) if is_left else parent(second, beside)
    return first == old_root and second == new_root


def _steps(index: int, size: int, path: Sequence[bytes]) -> list[tuple[bool, bytes]] | None:
    """Say on which side each hash of a path stands, from the leaf up; None if it does not reach the root."""
    at, last, found = index, size - 1, []
    for beside in path:
        if last == 0:
            return None
        is_left = at % 2 == 1 or at == last
        found.append((is_left, beside))
        while at == last and at and not at % 2:  # without a right neighbour, a row higher
            at, last = at // 2, last // 2
        at, last = at // 2, last // 2
    return found if last == 0 else None


def _middle(span: Span) -> int:
    """Return where the tree of a span divides: after the largest power of two below its length."""
    return span.start + (1 << (span.end - span.start - 1).bit_length() - 1)


def _cover(span: Span) -> list[Node]:
    """Return the complete subtrees of a span, from the left.

    A span begins where a subtree at least as wide as itself begins, so the widest always fits.
    """
    nodes, start = [], span.start
    while start < span.end:
        level = (span.end - start).bit_length() - 1
        nodes.append(Node(level, start >> level))
        start += 1 << level
    return nodes


def _folded(complete: Sequence[bytes]) -> bytes:
    if not complete:
        return EMPTY
    value = complete[-1]
    for left in reversed(complete[:-1]):
        value = parent(left, value)
    return value
