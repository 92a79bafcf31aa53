import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.proof import envelopes
from apps.proof.errors import KeyRefused, NotAuthentic

KEY = bytes(range(32))
CONTEXT = {"environment": "test", "round": "round-1", "vendor": "castellan", "kind": "answer"}
# Written by the first version of this module: envelopes of that time stay readable.
KEPT = bytes.fromhex(
    "094132353647434d2e314f837a61fb4b055e0f886f3c7d33cad0294e020ab0c7caca004362324da7"
    "0d107cd2be25871cda8405bf6d15b70e25c4467ed62f835b4f4ce18f2f96fc049a893dca36daa4ed"
    "f384a33eb59bc0c28f75954de2f72d6b43a81e4ea22e7729702af6602bd6e38e675458033bd1b2db"
    "a3df285f1472a4ecfd012fb37f8bce8919c45798c1a73a6d5e45c7aee83c757c5e4011954cb3256b"
    "2eefe81093a4733026e8a28c3748e8a44948c708afc64e8360517a12c75f5d867ffd0e642209cfb9"
    "f23900b3d9f89f934a80a0c21d53379e90141904c004a51caf5ad87053691fd911b292d9df368139"
    "ac1df082fdda188dc1e50ad828abb9f2"
)


def test_what_was_encrypted_is_decrypted():
    assert envelopes.decrypt(KEY, envelopes.encrypt(KEY, b"80.6", CONTEXT), CONTEXT) == b"80.6"


def test_an_envelope_kept_from_the_first_version_still_opens():
    assert envelopes.decrypt(KEY, KEPT, CONTEXT) == "Kraków, 24 hours a day".encode()


@settings(max_examples=40)
@given(st.binary(max_size=3000))
def test_any_content_comes_back_whole(content):
    assert envelopes.decrypt(KEY, envelopes.encrypt(KEY, content, CONTEXT), CONTEXT) == content


def test_the_same_content_is_never_encrypted_the_same_way_twice():
    first, second = (envelopes.encrypt(KEY, b"same", CONTEXT) for _ in range(2))
    assert first != second


def test_a_flipped_bit_anywhere_is_refused():
    envelope = envelopes.encrypt(KEY, b"EUR 965000 a month", CONTEXT)
    for place in range(len(envelope)):
        flipped = bytearray(envelope)
        flipped[place] ^= 1 << (place % 8)
        with pytest.raises(NotAuthentic):
            envelopes.decrypt(KEY, bytes(flipped), CONTEXT)


@pytest.mark.parametrize("name", CONTEXT)
def test_every_part_of_the_context_is_bound(name):
    envelope = envelopes.encrypt(KEY, b"content", CONTEXT)
    with pytest.raises(NotAuthentic, match="another key or another place"):
        envelopes.decrypt(KEY, envelope, {**CONTEXT, name: "another"})


def test_a_context_with_more_or_fewer_names_is_refused():
    envelope = envelopes.encrypt(KEY, b"content", CONTEXT)
    fewer = {name: value for name, value in CONTEXT.items() if name != "round"}
    for context in (fewer, {**CONTEXT, "bid": "7"}):
        with pytest.raises(NotAuthentic):
            envelopes.decrypt(KEY, envelope, context)


def test_another_key_is_refused():
    envelope = envelopes.encrypt(KEY, b"content", CONTEXT)
    with pytest.raises(NotAuthentic):
        envelopes.decrypt(bytes(32), envelope, CONTEXT)


def test_cut_and_foreign_envelopes_are_refused_with_a_sentence():
    envelope = envelopes.encrypt(KEY, b"content", CONTEXT)
    with pytest.raises(NotAuthentic, match="incomplete"):
        envelopes.decrypt(KEY, envelope[:40], CONTEXT)
    with pytest.raises(NotAuthentic):
        envelopes.decrypt(KEY, envelope[:-1], CONTEXT)
    with pytest.raises(NotAuthentic, match="a way this version does not know"):
        envelopes.decrypt(KEY, b"\x08HPKE.MLK" + envelope[10:], CONTEXT)
    with pytest.raises(NotAuthentic):
        envelopes.decrypt(KEY, b"", CONTEXT)


def test_a_key_of_another_length_is_refused():
    with pytest.raises(KeyRefused, match="this one has 16"):
        envelopes.encrypt(bytes(16), b"", CONTEXT)


def test_a_context_that_names_no_environment_or_kind_is_a_fault():
    with pytest.raises(ValueError, match="names its environment and its kind"):
        envelopes.encrypt(KEY, b"", {"round": "1"})
    with pytest.raises(ValueError, match="none of them empty"):
        envelopes.encrypt(KEY, b"", {**CONTEXT, "round": ""})


def test_short_answers_all_have_the_same_size():
    assert {len(envelopes.encrypt(KEY, bytes(size), CONTEXT)) for size in range(210)} == {256}


def test_sizes_are_powers_of_the_square_root_of_two_rounded_up():
    sizes = sorted({envelopes.bucket(size) for size in range(1, 4097)})
    assert sizes == [256, 363, 512, 725, 1024, 1449, 2048, 2897, 4096]


@given(st.integers(min_value=1, max_value=2**40))
def test_a_bucket_holds_the_size_and_wastes_less_than_half(size):
    assert size <= envelopes.bucket(size) <= max(256, size * 1.4143 + 1)
