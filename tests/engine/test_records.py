"""The bytes of a record are those of RFC 8785, and anyone can recompute them."""

import hashlib
import json
import tomllib

import pytest
import rfc8785
from hypothesis import given

from apps.engine.cases import Record, canonical, frozen, replay, run
from tests.engine.shipped import FILES, ROOT, example, kind_of
from tests.engine.test_cases import PLAIN

EVERY = {file.stem: run(kind_of(file), json.loads(file.read_text())) for file in FILES}


def test_there_is_an_example_of_every_kind():
    assert {kind_of(file) for file in FILES} == {"rank", "price", "staff", "score", "walk"}


@pytest.mark.parametrize("name", EVERY)
def test_the_bytes_of_an_example_record_are_those_of_rfc_8785(name):
    assert EVERY[name].to_bytes() == rfc8785.dumps(EVERY[name].to_plain())


@pytest.mark.parametrize("name", EVERY)
def test_an_example_record_replays_from_its_own_bytes(name):
    found = replay(Record.from_bytes(EVERY[name].to_bytes()))
    assert (found.same, found.differences) == (True, ())


@given(value=PLAIN)
def test_any_plain_data_has_the_bytes_of_rfc_8785(value):
    assert canonical(frozen(value)) == rfc8785.dumps(value)


def test_the_examples_carry_the_shipped_framework_and_tree():
    framework = ROOT / "apps/readiness/frameworks/outsourcing_readiness.toml"
    tree = ROOT / "apps/decision/trees/outsourcing.toml"
    assert example("score")["framework"] == tomllib.loads(framework.read_text())
    for name in ("walk", "walk-not-shown"):
        assert example(name)["tree"] == tomllib.loads(tree.read_text())


def test_the_walk_names_the_readiness_record_it_rests_on():
    digest = hashlib.sha256(EVERY["score"].to_bytes()).hexdigest()
    for name in ("walk", "walk-not-shown"):
        assert example(name)["evidence"]["readiness.score"]["digest"] == digest
