"""The case files of the documentation, by kind."""

import json
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs/engine/examples"
FILES = sorted(FOLDER.glob("*.json"))


def kind_of(file):
    """score-diagnostic.json is a case of the kind score."""
    return file.stem.partition("-")[0]


def example(name):
    return json.loads((FOLDER / f"{name}.json").read_text())
