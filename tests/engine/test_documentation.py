"""What the documentation lists is what there is: modules, and worked cases with their tests."""

import ast
import re
import tomllib
from collections import Counter

import pytest

from tests.engine.diagnostics.examples import EXAMPLES
from tests.engine.shipped import ROOT

SECTION = re.compile(r"^## Inside the engine\n(.+?)^## ", re.MULTILINE | re.DOTALL)
CALCULATORS = ("matrix", "pricing", "readiness", "diagnostics", "decision")


def named():
    """Names of modules in the table, with the calculator of their row."""
    (section,) = SECTION.findall((ROOT / "docs/architecture.md").read_text())
    found = Counter()
    for row in section.splitlines():
        if row.startswith("| ") and not row.startswith("| in "):
            where, modules = row.strip("| ").split(" | ")
            part = where.strip("`").partition("`")[0]
            part = part if part in CALCULATORS else ""
            found.update(f"{part}/{name}" for name in re.findall(r"`(\w+)`", modules))
    return found


def present():
    engine = ROOT / "apps/engine"
    files = [file.relative_to(engine) for file in engine.rglob("*.py")]
    return Counter(
        f"{file.parts[0] if len(file.parts) > 1 else ''}/{file.stem}"
        for file in files
        if file.stem != "__init__"
    )


def test_the_architecture_names_every_module_of_the_engine_once():
    assert named() == present()


CASES = ROOT / "tests/engine/worked_examples"


def rows():
    """Each worked case of the document: its name, its source, the file and the test it names."""
    text = (ROOT / "docs/engine/worked-cases.md").read_text()
    for section in text.split("\n## ")[1:]:
        (file,) = re.findall(r"`(tests/engine/\w+\.py)`$", section.splitlines()[0])
        common = re.findall(r"^All by `(\w+)`", section, re.MULTILINE)
        for row in re.findall(r"^\| `.+ \|$", section, re.MULTILINE):
            case, source, _provenance, *test = row.strip("| ").split(" | ")
            yield case.strip("`"), source, file, (test or common)[0].strip("`")


def test_every_worked_case_is_listed_once():
    assert sorted(row[0] for row in rows()) == sorted(file.stem for file in CASES.glob("*.toml"))


@pytest.mark.parametrize(("case", "source", "file", "test"), list(rows()))
def test_a_worked_case_names_its_source_and_the_test_that_holds_it(case, source, file, test):
    written = tomllib.loads((CASES / f"{case}.toml").read_text())
    assert source == written.get(
        "source", "several public bodies, each row with its own in the file"
    )
    text = (ROOT / file).read_text()
    (function,) = [
        node
        for node in ast.parse(text).body
        if isinstance(node, ast.FunctionDef) and node.name == test
    ]
    names = [
        node.value
        for node in ast.walk(function)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    assert case in names or (case in EXAMPLES and "EXAMPLES" in ast.unparse(function))
