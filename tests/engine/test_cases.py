"""Cases and records: plain data in, the same bytes out."""

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.engine.cases import (
    DEEPEST,
    ENGINE_VERSION,
    LARGEST_INTEGER,
    Record,
    Verdict,
    canonical,
    differences,
    frozen,
    read_json,
    replay,
    run,
)
from apps.engine.errors import InvalidInput
from tests.engine.shipped import example

CASE = {
    "diagnostic": "channel_switch",
    "inputs": {
        "direction": "any",
        "stayed": 800,
        "stayed_resolved": 640,
        "switched": 200,
        "switched_resolved": 100,
        "reading": "points",
    },
}


def record():
    return run("score", CASE)


def refused(act, *given):
    with pytest.raises(InvalidInput) as caught:
        act(*given)
    return caught.value


def test_a_record_keeps_the_case_the_method_and_the_result():
    found = record()
    assert (found.kind, found.engine_version, found.seed) == ("score", ENGINE_VERSION, None)
    assert found.to_plain()["case"] == CASE
    assert found.method["calculator"] == "diagnostics.channel_switch"
    assert found.result["value"] == "24"
    assert found.warnings == ({"code": "period_not_named"},)


def test_the_digest_is_the_sha_256_of_the_bytes():
    found = record()
    assert found.digest == hashlib.sha256(found.to_bytes()).hexdigest()
    assert found.to_bytes() == canonical(found.to_plain())


def test_a_record_comes_back_from_its_bytes():
    found = record()
    again = Record.from_bytes(found.to_bytes())
    assert again == found
    assert hash(again) == hash(found)
    assert (again == "a record") is False
    assert again.to_bytes() == found.to_bytes()


def test_a_record_with_a_seed_comes_back_with_it():
    seeded = Record(kind="rank", case={}, method={}, result={}, seed=7, warnings=({"code": "x"},))
    assert Record.from_bytes(seeded.to_bytes()) == seeded


def test_no_part_of_a_record_can_be_changed():
    case = {**CASE, "inputs": dict(CASE["inputs"])}
    found = run("score", case)
    before = found.to_bytes()
    case["inputs"]["stayed"] = 1
    with pytest.raises(TypeError):
        found.result["value"] = "25"
    with pytest.raises(TypeError):
        found.case["inputs"]["stayed"] = 1
    with pytest.raises(AttributeError):
        found.kind = "rank"
    assert found.to_bytes() == before


def test_the_order_of_names_in_a_case_does_not_change_the_record():
    turned = dict(reversed([*CASE.items()])) | {"inputs": dict(reversed([*CASE["inputs"].items()]))}
    assert run("score", turned).digest == record().digest


def test_an_unknown_kind_is_refused():
    assert str(refused(run, "guess", {})) == "kind: Choose one of: rank, price, staff, score, walk."
    assert refused(lambda: Record(kind="guess", case={}, method={}, result={})).path == "kind"


@pytest.mark.parametrize("name", ["rank", "price", "staff", "score", "walk"])
def test_every_kind_reads_its_own_case(name):
    """An empty case is refused by the calculator itself, with the first field it misses."""
    assert refused(run, name, {}).path


def test_a_walk_and_a_framework_run_through_the_same_door():
    assert run("walk", example("walk")).result["recommendation"] == "outsource"
    assert run("score", example("score")).result["band"] == "hybrid"


# Replay


def test_a_replay_of_an_untouched_record_is_the_same():
    found = replay(Record.from_bytes(record().to_bytes()))
    assert (found.verdict, found.same, found.differences) == (Verdict.SAME, True, ())


def test_a_replay_names_every_place_where_a_record_was_changed():
    plain = record().to_plain()
    plain["result"]["value"] = "14"
    plain["result"]["figures"]["drop_in_points"]["value"] = "14"
    del plain["method"]["version"]
    plain["warnings"] = []
    found = replay(Record.from_plain(plain))
    assert (found.verdict, found.same) == (Verdict.DIFFERENT, False)
    assert found.differences == (
        "method.version",
        "result.figures.drop_in_points.value",
        "result.value",
        "warnings",
    )


def test_a_record_of_another_engine_says_which_one_it_needs():
    plain = record().to_plain() | {"engine_version": "0.9.0"}
    found = replay(Record.from_plain(plain))
    assert (found.verdict, found.engine_version) == (Verdict.NEEDS_ENGINE, "0.9.0")


def test_differences_look_into_lists_of_equal_length_and_tell_true_from_one():
    assert list(differences({"a": [1, {"b": 2}]}, {"a": [1, {"b": 3}]})) == ["a[1].b"]
    assert list(differences({"a": [1]}, {"a": [1, 2]})) == ["a"]
    assert list(differences({"a": 1}, {"a": True})) == ["a"]
    assert list(differences({"a": None}, {})) == ["a"]


# Plain data


@pytest.mark.parametrize(
    ("value", "path", "sentence"),
    [
        (
            {"a": {"b": [1, 2.5]}},
            "a.b[1]",
            'Write this number as text in quotes, for example "12.50".',
        ),
        ({"a": float("nan")}, "a", 'Write this number as text in quotes, for example "12.50".'),
        ({"a": 2**53}, "a", "Write a number this long as text in quotes."),
        ({"é": 1}, "é", "Write names with unaccented letters, digits and signs."),
        ({"a": {7: 1}}, "a.7", "Write names with unaccented letters, digits and signs."),
        ({"a": "\ud800"}, "a", "Remove the half character (a lone surrogate) from this text."),
        ({"a": b"x"}, "a", "Give plain data here; bytes is none."),
        ({"a": {1, 2}}, "a", "Give plain data here; set is none."),
    ],
)
def test_what_has_no_exact_form_in_json_is_refused_with_its_path(value, path, sentence):
    error = refused(run, "score", value)
    assert (error.path, error.sentence) == (path, sentence)


def test_values_nest_to_a_limit():
    def nested(depth):
        value = 1
        for _ in range(depth):
            value = [value]
        return value

    assert frozen(nested(DEEPEST)) is not None
    assert refused(frozen, nested(DEEPEST + 1)).sentence == "Nest values at most 32 deep."


def test_a_case_is_an_object():
    assert refused(run, "score", [1]).sentence == "Give an object with named values here."


def test_the_largest_whole_numbers_are_kept():
    assert frozen([LARGEST_INTEGER, -LARGEST_INTEGER]) == (LARGEST_INTEGER, -LARGEST_INTEGER)


def test_a_name_that_stands_twice_in_json_is_refused():
    error = refused(read_json, b'{"answers": {"crm": 1, "crm": 5}}')
    assert str(error) == "crm: Give this name once; the file has it twice."


def test_what_is_not_json_is_refused_with_a_sentence():
    assert str(refused(read_json, b"{")) == (
        "Give a file of JSON text in UTF-8; Expecting property name enclosed in double quotes: "
        "line 1 column 2 (char 1)."
    )
    assert "UTF-8" in refused(read_json, b"\xff\xfe\xff").sentence
    assert refused(read_json, b"[" * 100_000).sentence == "Nest this file at most 32 deep."
    assert "JSON" in refused(read_json, b"1" * 5000).sentence


@pytest.mark.parametrize("part", ["kind", "case", "method", "result", "warnings", "engine_version"])
def test_a_record_lacking_a_part_is_refused(part):
    plain = record().to_plain()
    del plain[part]
    assert refused(Record.from_plain, plain).path == part


def test_a_record_with_a_part_too_many_or_of_the_wrong_shape_is_refused():
    plain = record().to_plain()
    assert refused(Record.from_plain, plain | {"signature": "x"}).path == "signature"
    assert refused(Record.from_plain, plain | {"result": []}).path == "result"
    assert refused(Record.from_plain, plain | {"result": {"value": 1.5}}).path == "result.value"
    assert refused(Record.from_plain, plain | {"seed": "1.5"}).path == "seed"
    assert refused(Record.from_plain, plain | {"warnings": [0.5]}).path == "warnings[0]"


# Letters of several scripts, signs that JSON escapes, and one beyond the first 65,536.
TEXT = st.text('aZ 0"\\/\b\t\n\x00\x1f\x7f\u00e9\u2028\u6f22\U0001f600', max_size=8)
NAMES = st.text("abcXYZ019_.-", max_size=8)
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-LARGEST_INTEGER, LARGEST_INTEGER) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=20,
)


@given(value=st.dictionaries(NAMES, PLAIN))
def test_any_plain_data_comes_back_from_its_bytes_unchanged(value):
    assert json.loads(canonical(frozen(value))) == value
    assert list(differences(value, json.loads(canonical(frozen(value))))) == []
