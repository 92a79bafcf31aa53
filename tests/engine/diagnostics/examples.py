"""The worked examples of the diagnostics, by id."""

import tomllib
from pathlib import Path

import pytest

from apps.engine.diagnostics import DIAGNOSTICS
from apps.engine.errors import InvalidInput

FOLDER = Path(__file__).parents[1] / "worked_examples"


def load():
    """Every example that names a diagnostic, in the order of the file names."""
    found = (tomllib.loads(file.read_text()) for file in sorted(FOLDER.glob("*.toml")))
    return {example["id"]: example for example in found if "diagnostic" in example}


EXAMPLES = load()
# One complete set of inputs for each diagnostic: the last example of each is the fullest.
INPUTS = {
    example["diagnostic"]: example["inputs"]
    for example in sorted(EXAMPLES.values(), key=lambda example: len(example["inputs"]))
}


def run(slug, *without, **changes):
    """The finding of a diagnostic for its example, some inputs left out and some changed."""
    inputs = {name: raw for name, raw in INPUTS[slug].items() if name not in without}
    return DIAGNOSTICS[slug].run(inputs | changes)


def refused(slug, *without, **changes):
    with pytest.raises(InvalidInput) as caught:
        run(slug, *without, **changes)
    return caught.value


def codes(finding):
    return [warning["code"] for warning in finding.warnings]
