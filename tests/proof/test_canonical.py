import enum
import struct
import types

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from apps.proof import canonical
from apps.proof.errors import NotCanonical
from tests.proof.vectors import JCS_NUMBERS


def test_names_are_sorted_as_rfc_8785_section_3_2_3_shows():
    names = {
        "\u20ac": "Euro Sign",
        "\r": "Carriage Return",
        "\ufb33": "Hebrew Letter Dalet With Dagesh",
        "1": "One",
        "\U0001f600": "Emoji: Grinning Face",
        "\u0080": "Control",
        "\u00f6": "Latin Small Letter O With Diaeresis",
    }
    assert (
        canonical.encode(names)
        == (
            '{"\\r":"Carriage Return","1":"One","\u0080":"Control",'
            '"\u00f6":"Latin Small Letter O With Diaeresis","\u20ac":"Euro Sign",'
            '"\U0001f600":"Emoji: Grinning Face","\ufb33":"Hebrew Letter Dalet With Dagesh"}'
        ).encode()
    )


def test_text_and_literals_are_written_as_rfc_8785_section_3_2_2_shows():
    value = {"string": '\u20ac$\u000f\u000aA\'B"\\\\"/', "literals": [None, True, False]}
    assert (
        canonical.encode(value)
        == (
            '{"literals":[null,true,false],"string":"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
        ).encode()
    )


WORDS = st.text(
    st.characters(
        codec="utf-8", include_characters='\x00\x1f"\\/\x7f\u2028\ud7ff\ue000\uffff\U00010000'
    )
)
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4),
)


@given(PLAIN)
def test_every_value_is_written_byte_for_byte_as_rfc8785_writes_it(value):
    assert canonical.encode(value) == rfc8785.dumps(value)


def test_whole_numbers_are_written_as_rfc_8785_appendix_b_shows():
    assert canonical.encode([0, -5, 9007199254740991]) == b"[0,-5,9007199254740991]"


@pytest.mark.parametrize(("bits", "text"), JCS_NUMBERS.items())
def test_the_serialiser_writes_numbers_as_rfc_8785_appendix_b_and_we_refuse_them(bits, text):
    (number,) = struct.unpack(">d", bytes.fromhex(bits))
    assert rfc8785.dumps(number) == text.encode()
    with pytest.raises(NotCanonical, match="write it as text"):
        canonical.encode(number)


def test_mappings_tuples_and_enum_texts_are_plain_data():
    colour = enum.StrEnum("colour", {"RED": "red"})
    value = types.MappingProxyType({"b": (1, 2), "a": colour.RED})
    assert canonical.encode(value) == b'{"a":"red","b":[1,2]}'


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ({"score": 80.6}, "score is a float; write it as text."),
        (80.6, "The value is a float; write it as text."),
        ({"key": b"bytes"}, "key is a bytes; write it as text."),
        ({"key": {1, 2}}, "key is a set; write it as text."),
        ({"volumes": [1, 2**53]}, "volumes[1] is too long for a number; write it as text."),
        ({"volumes": [-(2**53)]}, "volumes[0] is too long for a number; write it as text."),
        ({"case": {7: "seven"}}, "case has a name that is not text."),
    ],
)
def test_what_has_no_single_form_is_refused_with_its_place(value, sentence):
    with pytest.raises(NotCanonical) as refusal:
        canonical.encode(value)
    assert refusal.value.sentence == sentence


def test_half_a_character_is_refused():
    with pytest.raises(NotCanonical, match="cannot be written as canonical JSON"):
        canonical.encode("\ud800")


def test_deep_nesting_is_refused_on_the_way_in_and_out():
    deep = value = []
    for _ in range(canonical.DEEPEST + 1):
        value.append(value := [])
    with pytest.raises(NotCanonical, match="at most 64 deep"):
        canonical.encode(deep)
    with pytest.raises(NotCanonical, match="at most 64 deep"):
        canonical.decode(b"[" * 100_000)


def test_what_was_encoded_is_decoded():
    value = {"a": [None, True, 7, "80.6"], "b": {}}
    assert canonical.decode(canonical.encode(value)) == value


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (b'{"a": 1}', "not in its canonical form"),
        (b'{"b":1,"a":2}', "not in its canonical form"),
        (b'"\\u0041"', "not in its canonical form"),
        (b'{"a":1.5}', "Write the number 1.5 as text"),
        (b"[NaN]", "Write the number NaN as text"),
        (b'{"a":1,"a":1}', "A name stands twice"),
        (b"{", "not JSON text"),
        (b'"\xff"', "not JSON text"),
    ],
)
def test_any_other_way_to_write_a_value_is_refused(raw, sentence):
    with pytest.raises(NotCanonical, match=sentence):
        canonical.decode(raw)
