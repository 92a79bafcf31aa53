"""The tree of the log: published vectors, and an oracle written straight from the RFC."""

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.proof import merkle
from apps.proof.merkle import Node
from tests.proof.vectors import CT_CONSISTENCY, CT_INCLUSION, CT_LEAVES, CT_ROOTS

HASHED = [hashlib.sha256(b"\x00" + leaf).digest() for leaf in CT_LEAVES]
MANY = [hashlib.sha256(number.to_bytes(4, "big")).digest() for number in range(300)]


def tree_hash(leaves):
    """RFC 6962, 2.1, word for word."""
    if len(leaves) < 2:
        return leaves[0] if leaves else hashlib.sha256(b"").digest()
    k = split(len(leaves))
    return hashlib.sha256(b"\x01" + tree_hash(leaves[:k]) + tree_hash(leaves[k:])).digest()


def audit_path(m, leaves):
    """RFC 6962, 2.1.1."""
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if m < k:
        return [*audit_path(m, leaves[:k]), tree_hash(leaves[k:])]
    return [*audit_path(m - k, leaves[k:]), tree_hash(leaves[:k])]


def consistency_path(m, leaves, *, known=True):
    """RFC 6962, 2.1.2."""
    if m == len(leaves):
        return [] if known else [tree_hash(leaves)]
    k = split(len(leaves))
    if m <= k:
        return [*consistency_path(m, leaves[:k], known=known), tree_hash(leaves[k:])]
    return [*consistency_path(m - k, leaves[k:], known=False), tree_hash(leaves[:k])]


def split(n):
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def stored(leaves):
    return merkle.grow(0, {}, leaves)


def included(leaves, index, path, root=None):
    return merkle.included(
        leaves[index],
        index=index,
        size=len(leaves),
        path=path,
        expected=root or merkle.root(leaves),
    )


def inclusion_path(leaves, index):
    return merkle.hashes_of(merkle.inclusion(index, len(leaves)), stored(leaves))


def proof_of(leaves, old):
    return merkle.hashes_of(merkle.consistency(old, len(leaves)), stored(leaves))


def continues(leaves, old, path, **other):
    given = {
        "old": old,
        "new": len(leaves),
        "old_root": merkle.root(leaves[:old]),
        "new_root": merkle.root(leaves),
        **other,
    }
    return merkle.consistent(**given, path=path)


def test_roots_are_those_of_the_published_vectors():
    assert [merkle.root(HASHED[:size]).hex() for size in range(9)] == CT_ROOTS


@pytest.mark.parametrize(("index", "size"), CT_INCLUSION)
def test_inclusion_proofs_are_those_of_the_published_vectors(index, size):
    path = inclusion_path(HASHED[:size], index)
    assert [beside.hex() for beside in path] == CT_INCLUSION[index, size]


@pytest.mark.parametrize(("old", "new"), CT_CONSISTENCY)
def test_consistency_proofs_are_those_of_the_published_vectors(old, new):
    path = proof_of(HASHED[:new], old)
    assert [beside.hex() for beside in path] == CT_CONSISTENCY[old, new]


@pytest.mark.parametrize("size", range(1, 34))
def test_every_proof_of_small_logs_equals_the_oracle_and_checks(size):
    leaves = MANY[:size]
    assert merkle.root(leaves) == tree_hash(leaves)
    for index in range(size):
        path = inclusion_path(leaves, index)
        assert list(path) == audit_path(index, leaves)
        assert included(leaves, index, path)
    for old in range(1, size + 1):
        path = proof_of(leaves, old)
        assert list(path) == consistency_path(old, leaves)
        assert continues(leaves, old, path)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_size_and_any_place_checks_and_no_other_place_does(data):
    size = data.draw(st.integers(1, len(MANY)))
    index = data.draw(st.integers(0, size - 1))
    leaves = MANY[:size]
    path = inclusion_path(leaves, index)
    assert list(path) == audit_path(index, leaves)
    assert included(leaves, index, path)
    elsewhere = data.draw(st.integers(0, size + 3).filter(lambda place: place != index))
    assert not merkle.included(
        leaves[index], index=elsewhere, size=size, path=path, expected=merkle.root(leaves)
    )
    old = data.draw(st.integers(1, size))
    assert continues(leaves, old, proof_of(leaves, old))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_changed_proof_checks(data):
    size = data.draw(st.integers(2, 120))
    leaves = MANY[:size]
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size - 1))
    for path, holds in (
        (inclusion_path(leaves, index), lambda p: included(leaves, index, p)),
        (proof_of(leaves, old), lambda p: continues(leaves, old, p)),
    ):
        at = data.draw(st.integers(0, len(path) - 1))
        changed = bytes([path[at][0] ^ 1]) + path[at][1:]
        assert not holds([*path[:at], changed, *path[at + 1 :]])
        assert not holds(path[:-1])
        assert not holds([*path, MANY[0]])


def test_a_rewritten_log_is_not_consistent_with_what_was_signed_before():
    rewritten = [*MANY[:5], MANY[200], *MANY[6:20]]
    signed_before = merkle.root(MANY[:10])
    assert not continues(rewritten, 10, proof_of(rewritten, 10), old_root=signed_before)


@pytest.mark.parametrize(("old", "new"), [(0, 5), (6, 5), (-1, 5)])
def test_a_log_that_did_not_grow_is_consistent_with_nothing(old, new):
    with pytest.raises(ValueError, match="does not continue"):
        merkle.consistency(old, new)
    assert not merkle.consistent(
        old=old, new=new, old_root=merkle.EMPTY, new_root=merkle.EMPTY, path=[]
    )


def test_two_logs_of_one_size_are_consistent_only_if_they_are_the_same():
    assert continues(MANY[:5], 5, [])
    assert not continues(MANY[:5], 5, [], old_root=MANY[0])
    assert not continues(MANY[:5], 5, [MANY[0]])


@pytest.mark.parametrize("index", [-1, 3, 4])
def test_an_entry_outside_the_log_has_no_proof(index):
    with pytest.raises(ValueError, match=f"no entry {index}"):
        merkle.inclusion(index, 3)


@pytest.mark.parametrize(("before", "more"), [(0, 1), (1, 1), (7, 1), (5, 30), (64, 3), (13, 51)])
def test_a_log_that_grows_by_parts_stores_what_one_made_at_once_does(before, more):
    first = stored(MANY[:before])
    edge = {node: first[node] for node in merkle.edge(before)}
    later = merkle.grow(before, edge, MANY[before : before + more])
    assert not first.keys() & later.keys()
    assert first | later == stored(MANY[: before + more])


def test_a_stored_node_stands_over_its_own_leaves():
    assert stored(MANY[:24])[Node(3, 2)] == merkle.root(MANY[16:24])


@pytest.mark.parametrize("size", [0, 1, 2, 3, 7, 8, 100])
def test_the_root_of_a_log_read_leaf_by_leaf_is_the_same(size):
    growing = merkle.Growing()
    for leaf in MANY[:size]:
        growing.append(leaf)
    assert (growing.size, growing.root) == (size, merkle.root(MANY[:size]))
