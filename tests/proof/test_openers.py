import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.proof import canonical, openers
from apps.proof.errors import KeyRefused
from apps.proof.openers import Purpose

SECRET = bytes(range(32))
CODE = "000G-40R4-0M30-E209-185G-R38E-1W81-24GK-2GAH-C5RR-34D1-P70X-3RFG"
PURPOSE = Purpose(environment="test", envelope="technical", opener="lindqvist", round="r-1")
PASSPHRASE = "three openers, two keys"


@pytest.fixture(scope="module")
def file():
    return openers.write_file(SECRET, PURPOSE, PASSPHRASE, salt=bytes(16))


def test_a_code_is_fourteen_groups_of_four_and_begins_with_the_secret():
    code = openers.write_code(SECRET)
    assert [len(group) for group in code.split("-")] == [4] * 14
    assert code.startswith(CODE[:60])


@given(st.binary(min_size=32, max_size=32))
def test_every_secret_comes_back_from_its_code(secret):
    assert openers.read_code(openers.write_code(secret)) == secret


def test_a_code_is_read_however_it_is_typed():
    code = openers.write_code(SECRET)
    for typed in (code.lower(), code.replace("-", " "), f"  {code}\n", code.replace("0", "o"),
                  code.replace("1", "l"), code.replace("1", "i")):  # fmt: skip
        assert openers.read_code(typed) == SECRET


def test_every_single_slip_is_told():
    code = openers.write_code(SECRET).replace("-", "")
    for place, letter in enumerate(code):
        other = "7" if letter != "7" else "8"
        with pytest.raises(KeyRefused, match="slip"):
            openers.read_code(code[:place] + other + code[place + 1 :])


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [("", "this one has 0"), ("A" * 55, "this one has 55"), ("A" * 4 + "U" * 52, "Group 2")],
)
def test_what_is_no_code_is_refused_with_a_sentence(typed, sentence):
    with pytest.raises(KeyRefused, match=sentence):
        openers.read_code(typed)


def test_a_key_file_opens_with_its_passphrase_for_its_purpose(file):
    assert openers.read_file(file, PURPOSE, PASSPHRASE) == SECRET
    assert SECRET.hex().encode() not in file


def test_another_passphrase_opens_nothing(file):
    with pytest.raises(KeyRefused, match="passphrase is another one"):
        openers.read_file(file, PURPOSE, PASSPHRASE + "!")


@pytest.mark.parametrize("name", ["environment", "envelope", "opener", "round"])
def test_a_key_file_of_another_purpose_is_refused_even_when_it_says_ours(file, name):
    other = Purpose(**{**PURPOSE.__dict__, name: "other"})
    with pytest.raises(KeyRefused, match="another opener, round or envelope"):
        openers.read_file(file, other, PASSPHRASE)
    relabelled = canonical.encode({**canonical.decode(file), "purpose": other.context})
    with pytest.raises(KeyRefused, match="was changed"):
        openers.read_file(relabelled, other, PASSPHRASE)


@pytest.mark.parametrize("raw", [b"", b"{}", b"[]", b'{"format":"cceval opener key 2"}', b"\xff"])
def test_what_is_no_key_file_is_refused(raw):
    with pytest.raises(KeyRefused, match="not the key file"):
        openers.read_file(raw, PURPOSE, PASSPHRASE)


def test_short_secrets_and_passphrases_are_refused():
    with pytest.raises(KeyRefused, match="32 bytes"):
        openers.write_code(b"short")
    with pytest.raises(KeyRefused, match="12 characters"):
        openers.write_file(SECRET, PURPOSE, "short", salt=bytes(16))


@pytest.mark.parametrize("change", [{"salt": "zz"}, {"sealed": "00"}, {"salt": 7}])
def test_a_broken_key_file_is_refused(file, change):
    with pytest.raises(KeyRefused, match="was changed"):
        openers.read_file(
            canonical.encode({**canonical.decode(file), **change}), PURPOSE, PASSPHRASE
        )
