"""A case with one thing wrong in it is calculated or refused by its path; it never crashes."""

from copy import deepcopy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.engine.cases import Record, run
from apps.engine.errors import InvalidInput
from tests.engine.shipped import FILES, example

JUNK = [None, True, 0, -1, "", "x", "1e5", 1.5, [], {}, [1], {"a": 1}, "-1", 10**15, ["x"] * 3]
DEEP = 6  # entries of a list that are tried; the rest are alike


def places(value, path=()):
    """The path of every value inside, as the keys that lead to it."""
    inside = value.items() if isinstance(value, dict) else ()
    if isinstance(value, list):
        inside = enumerate(value[:DEEP])
    for key, inner in inside:
        yield (*path, key)
        yield from places(inner, (*path, key))


CASES = {file.stem: example(file.stem) for file in FILES}
PLACES = {name: list(places(case)) for name, case in CASES.items()}


def spoilt(data, name):
    """The example with one value taken away, replaced or, in an object, added."""
    case = deepcopy(CASES[name])
    *outer, last = data.draw(st.sampled_from(PLACES[name]))
    holder = case
    for key in outer:
        holder = holder[key]
    act = data.draw(st.sampled_from(["replace", "replace", "delete", "add"]))
    if act == "delete":
        del holder[last]
    elif act == "add" and isinstance(holder, dict):
        holder["zz"] = 1
    else:
        holder[last] = data.draw(st.sampled_from(JUNK))
    return case


def outcome(kind, case):
    try:
        return run(kind, case)
    except InvalidInput as error:
        return error


@pytest.mark.parametrize("name", CASES)
@settings(max_examples=30)
@given(data=st.data())
def test_one_thing_wrong_is_calculated_or_refused_by_its_path(name, data):
    found = outcome(name.partition("-")[0], spoilt(data, name))
    assert isinstance(found, Record) or found.path
