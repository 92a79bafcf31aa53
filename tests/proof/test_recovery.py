"""A key under a vendor's own secret: nothing but the same secret in the same place opens it."""

import pytest

from apps.proof import recovery
from apps.proof.errors import KeyRefused, NotAuthentic

CONTEXT = {"bid": "b1", "environment": "test", "kind": "kept key", "offer": "1", "vendor": "v1"}
KEY = bytes(range(32))


def test_a_key_comes_back_with_the_secret_and_by_its_code():
    secret = recovery.new_secret()
    wrapped = recovery.wrap(KEY, secret, CONTEXT)
    assert KEY not in wrapped
    assert recovery.unwrap(wrapped, recovery.read_code(recovery.write_code(secret)), CONTEXT) == KEY


@pytest.mark.parametrize("name", sorted(CONTEXT))
def test_it_opens_in_its_own_place_alone(name):
    secret = recovery.new_secret()
    wrapped = recovery.wrap(KEY, secret, CONTEXT)
    with pytest.raises(NotAuthentic):
        recovery.unwrap(wrapped, secret, {**CONTEXT, name: "another"})


def test_another_secret_opens_nothing_and_no_secret_serves_two_bids_with_one_key():
    secret = recovery.new_secret()
    first = recovery.wrap(KEY, secret, CONTEXT)
    with pytest.raises(NotAuthentic):
        recovery.unwrap(first, recovery.new_secret(), CONTEXT)
    other = {**CONTEXT, "bid": "b2"}
    assert recovery._derived(secret, CONTEXT) != recovery._derived(secret, other)


def test_no_flipped_bit_is_accepted():
    secret = recovery.new_secret()
    wrapped = recovery.wrap(KEY, secret, CONTEXT)
    for place in range(len(wrapped)):
        changed = bytearray(wrapped)
        changed[place] ^= 1
        with pytest.raises(NotAuthentic):
            recovery.unwrap(bytes(changed), secret, CONTEXT)


def test_a_secret_of_another_length_is_refused():
    with pytest.raises(KeyRefused, match="32 bytes"):
        recovery.wrap(KEY, b"short", CONTEXT)
