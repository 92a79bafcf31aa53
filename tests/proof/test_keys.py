import datetime as dt
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from apps.proof.errors import KeyRefused
from apps.proof.keys import (
    SigningKey,
    VerifyKey,
    read_passphrase,
    read_published,
    write_published,
)

PASSPHRASE = b"correct horse battery staple"
# RFC 8032, section 7.1: secret key, public key, message, signature of tests 1 and 3
RFC_8032 = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]


@pytest.mark.parametrize(("secret", "public", "message", "signature"), RFC_8032)
def test_signatures_are_those_of_rfc_8032(secret, public, message, signature):
    key = SigningKey(Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret)))
    assert key.verify_key.public.public_bytes_raw().hex() == public
    assert key.sign(bytes.fromhex(message)).hex() == signature
    assert key.verify_key.confirms(bytes.fromhex(signature), bytes.fromhex(message))


def test_another_message_or_a_flipped_bit_is_not_confirmed(signing_key):
    signature = signing_key.sign(b"message")
    flipped = bytes([signature[0] ^ 1]) + signature[1:]
    assert not signing_key.verify_key.confirms(signature, b"another message")
    assert not signing_key.verify_key.confirms(flipped, b"message")


def test_a_key_is_named_by_its_public_half(signing_key):
    public = VerifyKey.from_pem(signing_key.verify_key.to_pem())
    assert public.key_id == signing_key.key_id
    assert signing_key.key_id.startswith("ed25519:")
    assert len(signing_key.key_id) == len("ed25519:") + 16


def test_a_private_key_leaves_only_encrypted_and_comes_back_with_its_passphrase(signing_key):
    pem = signing_key.to_pem(PASSPHRASE)
    assert pem.startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----")
    assert SigningKey.from_pem(pem, PASSPHRASE).key_id == signing_key.key_id


def test_a_wrong_passphrase_is_refused_with_a_sentence(signing_key):
    with pytest.raises(KeyRefused, match="the passphrase is another one"):
        SigningKey.from_pem(signing_key.to_pem(PASSPHRASE), b"another passphrase")


def test_an_unencrypted_key_is_refused(signing_key):
    bare = signing_key.private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    with pytest.raises(KeyRefused, match="not an encrypted key"):
        SigningKey.from_pem(bare, PASSPHRASE)


def test_keys_of_another_kind_are_refused():
    other = ec.generate_private_key(ec.SECP256R1())
    private = other.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(PASSPHRASE),
    )
    public = other.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    with pytest.raises(KeyRefused, match="not an Ed25519 key"):
        SigningKey.from_pem(private, PASSPHRASE)
    with pytest.raises(KeyRefused, match="not an Ed25519 key"):
        VerifyKey.from_pem(public)
    with pytest.raises(KeyRefused, match="not a public key"):
        VerifyKey.from_pem(b"nothing")


def test_a_passphrase_is_the_file_without_its_line_end(tmp_path):
    file = tmp_path / "passphrase"
    file.write_bytes(PASSPHRASE + b"\r\n")
    assert read_passphrase(file) == PASSPHRASE


def test_a_short_or_missing_passphrase_is_refused(tmp_path):
    file = tmp_path / "passphrase"
    with pytest.raises(KeyRefused, match="cannot be read: No such file"):
        read_passphrase(file)
    file.write_bytes(b"changeme\n")
    with pytest.raises(KeyRefused, match="has 8 characters; use 16 or more"):
        read_passphrase(file)


# Published keys

SINCE = dt.datetime(2026, 11, 22, 7, 30, 43, 120_000, tzinfo=dt.UTC)
UNTIL = dt.datetime(2027, 11, 22, tzinfo=dt.UTC)
MS = dt.timedelta(milliseconds=1)


def published():
    in_use = replace(SigningKey.generate().verify_key, since=UNTIL)
    retired = replace(SigningKey.generate().verify_key, since=SINCE, until=UNTIL)
    return in_use, retired, SigningKey.generate().verify_key


def test_published_keys_come_back_with_their_times_and_in_their_order():
    held = published()
    raw = write_published(held)
    assert raw.startswith(f"Key: {held[0].key_id}\nFrom: 2027-11-22T00:00:00.000Z\n".encode())
    assert read_published(raw) == held
    assert read_published(raw.replace(b"\n", b"\r\n")) == held


def test_one_plain_key_is_read_as_before(signing_key):
    assert read_published(signing_key.verify_key.to_pem()) == (signing_key.verify_key,)


def test_a_key_signs_from_its_first_moment_to_before_its_last():
    in_use, retired, plain = published()
    said = [retired.signs_at(at) for at in (SINCE - MS, SINCE, UNTIL - MS, UNTIL)]
    assert said == [False, True, True, False]
    assert in_use.signs_at(UNTIL + 1000 * MS)
    assert plain.signs_at(SINCE)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ((b"Key: ed25519:", b"Key: ed25519:0"), "not the one under the name"),
        ((b"From: 2026", b"From: in 2026"), "in a way nobody reads"),
        ((b"43.120Z", b"43.120"), "in a way nobody reads"),
        ((b"BEGIN PUBLIC KEY", b"BEGIN CERTIFICATE"), "not a public key"),
    ],
)
def test_a_changed_list_of_keys_is_refused(change, says):
    with pytest.raises(KeyRefused, match=says):
        read_published(write_published(published()[1:2]).replace(*change))
