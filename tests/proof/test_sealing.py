"""T-SEAL and T-KEYLOSS: who can open, who cannot, and what an envelope is bound to."""

import random
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest

from apps.proof import canonical, envelopes, sealing
from apps.proof.errors import NotAuthentic, SealRefused
from apps.proof.sealing import PrivateKey, PublicKey

PLACE = {"environment": "test", "kind": "technical", "procurement": "CC-1", "round": "r-1"}
CONTEXT = {**PLACE, "manifest": "0" * 64, "submission": "1", "vendor": "castellan"}
CONTENT = b'{"answers":{"1.01":"yes"}}'
NAMES = ("adeyemi", "berg", "calder", "haddad", "kovac", "lindqvist", "marin")
FLIPS = 1250


def shares_of(count):
    return {name: sealing.new_secret() for name in NAMES[:count]}


@pytest.fixture(scope="module")
def shares():
    return shares_of(3)


@pytest.fixture(scope="module")
def lock(shares):
    return sealing.make_lock(shares, needed=2, context=PLACE)


@pytest.fixture(scope="module")
def blob(lock):
    return lock.public.seal(CONTENT, CONTEXT)


@pytest.mark.parametrize(
    ("needed", "count"), [(k, n) for n in range(1, 8) for k in range(1, n + 1)]
)
def test_every_group_of_k_opens_and_every_smaller_one_fails(needed, count):
    shares = shares_of(count)
    lock = sealing.make_lock(shares, needed=needed, context=PLACE)
    blob = lock.public.seal(CONTENT, CONTEXT)
    for group in combinations(shares, needed):
        key = lock.open({name: shares[name] for name in group})
        assert key.public == lock.public
    assert key.open(blob, CONTEXT) == CONTENT
    for group in combinations(shares, needed - 1):
        with pytest.raises(SealRefused, match=f"{needed} of {count} openers are needed"):
            lock.open({name: shares[name] for name in group})


def test_all_openers_together_open_as_well(lock, shares, blob):
    assert lock.open(shares).open(blob, CONTEXT) == CONTENT


def test_a_wrong_key_is_named(lock, shares):
    with pytest.raises(SealRefused, match=r"The key of berg is another one than was proved\."):
        lock.open({**shares, "berg": sealing.new_secret()})


def test_the_key_of_one_opener_turned_by_another_is_refused(lock, shares):
    with pytest.raises(SealRefused, match="The key of berg"):
        lock.open({"adeyemi": shares["adeyemi"], "berg": shares["adeyemi"]})


def test_a_stranger_is_no_opener(lock, shares):
    with pytest.raises(SealRefused, match=r"marin is no opener of this envelope\."):
        lock.open({**shares, "marin": sealing.new_secret()})


def test_possession_is_proved_without_opening_anything(lock, shares):
    for name, secret in shares.items():
        assert lock.fits(name, secret)
    assert not lock.fits("adeyemi", shares["berg"])
    assert not lock.fits("marin", shares["berg"])
    assert not lock.fits("adeyemi", b"short")


def test_the_secrets_of_one_envelope_do_not_open_the_other(shares, blob):
    prices = sealing.make_lock(shares_of(3), needed=2, context={**PLACE, "kind": "commercial"})
    with pytest.raises(SealRefused, match="another one than was proved"):
        prices.open(shares)


def test_the_same_secrets_for_another_envelope_are_not_the_same_lock(lock, shares, blob):
    other = sealing.make_lock(shares, needed=2, context={**PLACE, "kind": "commercial"})
    with pytest.raises(NotAuthentic):
        other.open(shares).open(blob, CONTEXT)
    moved = replace(lock, context=other.context)
    with pytest.raises(SealRefused):
        moved.open(shares)


@pytest.mark.parametrize("name", [*CONTEXT, "more"])
def test_an_envelope_opens_in_its_own_place_alone(lock, shares, blob, name):
    """A demo or another tender cannot open it, with the right keys either."""
    with pytest.raises(NotAuthentic):
        lock.open(shares).open(blob, {**CONTEXT, name: "elsewhere"})


@pytest.mark.parametrize("name", CONTEXT)
def test_nothing_is_sealed_without_its_whole_place(lock, name):
    with pytest.raises(ValueError, match=name):
        lock.public.seal(CONTENT, {key: CONTEXT[key] for key in CONTEXT if key != name})


def test_a_changed_wrap_is_told_and_opens_nothing(lock, shares):
    for group, wrapped in lock.wraps.items():
        for changed in (wrapped[:-1] + bytes([wrapped[-1] ^ 1]), wrapped[:20], b""):
            broken = replace(lock, wraps={**lock.wraps, group: changed})
            with pytest.raises(SealRefused, match="was changed"):
                broken.open({name: shares[name] for name in group})
    with pytest.raises(SealRefused, match="was changed"):
        replace(lock, wraps={}).open(shares)


def test_the_stored_lock_holds_no_key_and_no_secret(lock, shares):
    key = lock.open(shares).raw
    stored = b"".join([lock.public.raw, *lock.trials.values(), *lock.wraps.values()])
    assert len(lock.wraps) == 3
    for hidden in (*shares.values(), key[:32], key[-32:]):
        assert hidden not in stored


@pytest.mark.parametrize(
    ("shares", "needed", "sentence"),
    [
        ({}, 1, "Name 1 to 7 openers"),
        ({"a": b"1" * 32}, 2, "Name 1 to 7 openers"),
        ({"a": b"1" * 32}, 0, "Name 1 to 7 openers"),
        ({str(n): bytes([n]) * 32 for n in range(8)}, 2, "Name 1 to 7 openers"),
        ({"a": b"1" * 32, "b": b"1" * 32}, 1, "Two openers have the same key"),
        ({"a": b"1" * 31}, 1, "has 32 bytes"),
    ],
)
def test_a_lock_that_would_not_hold_is_not_made(shares, needed, sentence):
    with pytest.raises(SealRefused, match=sentence):
        sealing.make_lock(shares, needed=needed, context=PLACE)


def test_no_flipped_bit_of_an_envelope_is_accepted(lock, shares, blob):
    key, chance = lock.open(shares), random.Random(20261122)  # noqa: S311 -- repeatable, no secret
    for _flip in range(FLIPS):
        place = chance.randrange(len(blob) * 8)
        flipped = bytearray(blob)
        flipped[place // 8] ^= 1 << place % 8
        with pytest.raises(NotAuthentic):
            key.open(bytes(flipped), CONTEXT)


@pytest.mark.parametrize("end", [0, 1, 36, 500, 1204, 1230, -1])
def test_a_cut_envelope_is_refused(lock, shares, blob, end):
    with pytest.raises(NotAuthentic):
        lock.open(shares).open(blob[:end], CONTEXT)


def test_two_sealings_share_no_bytes_after_the_algorithm(lock):
    one, other = (lock.public.seal(CONTENT, CONTEXT) for _again in range(2))
    assert len(one) == len(other)
    start = len(sealing.PREFIX)
    assert one[:start] == other[:start]
    assert one[start : start + 64] != other[start : start + 64]


def test_an_opened_envelope_is_kept_under_a_key_of_the_service_and_marked(lock, shares, blob):
    under = bytes(range(32))
    kept = lock.open(shares).rewrap(blob, CONTEXT, under=under)
    assert envelopes.decrypt(under, kept, {**CONTEXT, "opened": "yes"}) == CONTENT
    with pytest.raises(NotAuthentic):
        envelopes.decrypt(under, kept, CONTEXT)


@pytest.mark.parametrize(
    "raw", [b"", bytes(1217), bytes(1216), b"\xff" * 1216], ids=["none", "long", "zeros", "ones"]
)
def test_what_is_no_public_key_seals_nothing(raw):
    with pytest.raises(SealRefused, match="not the public key"):
        PublicKey(raw).seal(CONTENT, CONTEXT)


def test_an_envelope_of_the_first_version_still_opens():
    """The stored vector of this algorithm id: old envelopes stay readable."""
    stored = canonical.decode((Path(__file__).parent / "sealed_1.json").read_bytes())
    key = PrivateKey(bytes.fromhex(stored["private"]))
    assert key.public.raw.hex() == stored["public"]
    assert key.open(bytes.fromhex(stored["blob"]), CONTEXT) == CONTENT
