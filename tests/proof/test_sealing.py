"""T-SEAL and T-KEYLOSS: who can open, who cannot, and what an envelope is bound to."""

import random
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest

from apps.proof import canonical, sealing
from apps.proof.errors import NotAuthentic, SealRefused
from apps.proof.sealing import PrivateKey, PublicKey
from tests.sizes import size

PLACE = {"environment": "test", "kind": "technical", "procurement": "CC-1", "round": "r-1"}
CONTEXT = {**PLACE, "manifest": "0" * 64, "submission": "1", "vendor": "castellan"}
CONTENT = b'{"answers":{"1.01":"yes"}}'
NAMES = ("adeyemi", "berg", "calder", "haddad", "kovac", "lindqvist", "marin")
FLIPS = size(1250, 25_000)


def shares_of(count):
    return {name: sealing.new_secret() for name in NAMES[:count]}


def lock_of(shares, needed, context=PLACE):
    """What the service makes of the openers' public halves alone."""
    publics = {name: sealing.key_of(one, name, context).public for name, one in shares.items()}
    return sealing.make_lock(publics, needed=needed, context=context)


@pytest.fixture(scope="module")
def shares():
    return shares_of(3)


@pytest.fixture(scope="module")
def lock(shares):
    return lock_of(shares, 2)


@pytest.fixture(scope="module")
def blob(lock):
    return lock.public.seal(CONTENT, CONTEXT)


@pytest.mark.parametrize(
    ("needed", "count"), [(k, n) for n in range(1, 8) for k in range(1, n + 1)]
)
def test_every_group_of_k_opens_and_every_smaller_one_fails(needed, count):
    shares = shares_of(count)
    lock = lock_of(shares, needed)
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
    prices = lock_of(shares_of(3), 2, {**PLACE, "kind": "commercial"})
    with pytest.raises(SealRefused, match="another one than was proved"):
        prices.open(shares)


def test_the_same_secrets_for_another_envelope_are_not_the_same_lock(lock, shares, blob):
    other = lock_of(shares, 2, {**PLACE, "kind": "commercial"})
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
    stored = b"".join(
        [lock.public.raw, *(one.raw for one in lock.openers.values()), *lock.wraps.values()]
    )
    assert len(lock.wraps) == 3
    for hidden in (*shares.values(), key[:32], key[-32:]):
        assert hidden not in stored


@pytest.mark.parametrize(("count", "needed"), [(0, 1), (1, 2), (1, 0), (8, 2)])
def test_a_lock_that_would_not_hold_is_not_made(count, needed):
    publics = {str(at): PrivateKey.generate().public for at in range(count)}
    with pytest.raises(SealRefused, match="Name 1 to 7 openers"):
        sealing.make_lock(publics, needed=needed, context=PLACE)


def test_each_opener_needs_a_key_of_their_own():
    one = PrivateKey.generate().public
    with pytest.raises(SealRefused, match="Two openers have the same key"):
        sealing.make_lock({"a": one, "b": one}, needed=1, context=PLACE)
    with pytest.raises(SealRefused, match="has 32 bytes"):
        sealing.key_of(b"1" * 31, "a", PLACE)


def test_a_secret_gives_another_key_to_every_opener_and_place():
    secret = sealing.new_secret()
    found = {sealing.key_of(secret, name, PLACE).raw for name in NAMES}
    found |= {sealing.key_of(secret, "berg", {**PLACE, name: "elsewhere"}).raw for name in PLACE}
    assert len(found) == len(NAMES) + len(PLACE)
    assert sealing.key_of(secret, "berg", PLACE) == sealing.key_of(secret, "berg", PLACE)


def test_a_wrap_of_another_group_or_of_a_forged_key_is_told(lock, shares):
    one, other = ("adeyemi", "berg"), ("adeyemi", "calder")
    moved = replace(lock, wraps={**lock.wraps, one: lock.wraps[other]})
    forged = replace(lock, wraps=sealing.make_lock(lock.openers, needed=2, context=PLACE).wraps)
    for broken in (moved, forged):
        with pytest.raises(SealRefused, match="was changed"):
            broken.open({name: shares[name] for name in one})


def test_no_flipped_bit_of_a_wrap_is_accepted(lock, shares):
    chance = random.Random(20261123)  # noqa: S311 -- repeatable, no secret
    group = ("adeyemi", "berg")
    pair, wrapped = {name: shares[name] for name in group}, lock.wraps[group]
    for _flip in range(FLIPS // 5):
        place = chance.randrange(len(wrapped) * 8)
        flipped = bytearray(wrapped)
        flipped[place // 8] ^= 1 << place % 8
        with pytest.raises(SealRefused):
            replace(lock, wraps={**lock.wraps, group: bytes(flipped)}).open(pair)


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
