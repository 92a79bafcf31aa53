"""Calculations done by hand or taken from a source, each within the tolerance of its figures."""

from decimal import Decimal

import pytest

from apps.engine.cases import run
from apps.engine.diagnostics import DIAGNOSTICS
from tests.engine.diagnostics.examples import EXAMPLES


def calculated(example):
    case = {"diagnostic": example["diagnostic"], "inputs": example["inputs"], "period": "2026"}
    if "currency" in example:
        case["currency"] = example["currency"]
    return run("score", case).to_plain()["result"]


def near(found, wanted, tolerance):
    return abs(Decimal(found) - Decimal(wanted)) <= Decimal(tolerance)


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_engine_reproduces_the_example(name):
    example = EXAMPLES[name]
    result, expected = calculated(example), example["expected"]
    pairs = {
        "value": (result["value"], expected.get("value")),
        "guide": ((result["guide"] or {}).get("value"), expected.get("guide")),
        "lo": ((result["interval"] or {}).get("lo"), expected.get("lo")),
        "hi": ((result["interval"] or {}).get("hi"), expected.get("hi")),
    }
    pairs |= {
        figure: (result["figures"][figure]["value"], wanted)
        for figure, wanted in expected.get("figures", {}).items()
    }
    wrong = {
        figure: pair
        for figure, pair in pairs.items()
        if pair[1] is not None and not near(*pair, example["tolerance"])
    }
    assert wrong == {}
    assert result["band"] == expected.get("band")


def test_every_example_carries_its_source_and_checks_a_figure_or_a_band():
    for name, example in EXAMPLES.items():
        assert example["id"] == name
        assert example["source"]
        assert example["provenance"] in {"retrieved", "derived"}
        assert {"value", "band"} & set(example["expected"])


def test_every_diagnostic_has_a_worked_example():
    assert {example["diagnostic"] for example in EXAMPLES.values()} == set(DIAGNOSTICS)
