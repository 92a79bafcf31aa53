import hashlib
import io

import pytest

from apps.proof import hashes

ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_the_hash_of_abc_is_the_one_of_fips_180():
    assert hashes.of_bytes(b"abc") == ABC


def test_a_file_and_its_bytes_have_one_hash():
    assert hashes.of_stream(io.BytesIO(b"abc")) == ABC


def test_a_value_is_hashed_by_its_canonical_json():
    assert hashes.of_value({"b": 1, "a": "x"}) == hashes.of_bytes(b'{"a":"x","b":1}')


def test_a_leaf_is_the_hash_of_a_zero_byte_the_salt_and_the_entry():
    salt = bytes(range(32))
    assert hashes.leaf(salt, b"{}") == hashlib.sha256(b"\x00" + salt + b"{}").digest()


def test_a_leaf_without_its_salt_is_a_fault():
    with pytest.raises(ValueError, match="32 bytes"):
        hashes.leaf(b"short", b"{}")


@pytest.mark.parametrize("text", [ABC.upper(), ABC[:-1], f"{ABC}\n", "g" * 64, ""])
def test_only_64_lower_case_digits_are_a_digest(text):
    assert hashes.is_digest(ABC)
    assert not hashes.is_digest(text)
