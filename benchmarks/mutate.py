"""Mutants of the engine: one operator, comparison, figure or result changed at a time.

A copy of the tree is changed, the tests that run the changed line are run, and a mutant that no
test notices is listed. ``python benchmarks/mutate.py --each 4 --seed 1 [--only matrix/smaa]
[--lines FILE]``.
Why not mutmut or cosmic-ray: docs/engine/mutation.md.
"""

import argparse
import ast
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from coverage import CoverageData

ROOT = Path(__file__).resolve().parents[1]
ENGINE = Path("apps/engine")
TESTS = Path("tests/engine")
# Without the product's database and Django, so that a mutant takes seconds.
PYTEST = (
    *("pytest", "-c", "pytest.ini", "--rootdir=.", "--confcutdir=tests/engine", "-q", "-x"),
    *("--no-header", "--tb=no", "-p", "no:django", "-p", "no:cacheprovider", "-p", "no:randomly"),
    *("--hypothesis-seed=0", "-W", "error"),
)
# A killed mutant needs no smallest example; each test has a coverage context of its own.
CONFTEST = """
import coverage
import pytest
from hypothesis import Phase

settings.register_profile(
    "mutants", deadline=None, database=None, phases=[Phase.explicit, Phase.generate]
)
settings.load_profile("mutants")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    if running := coverage.Coverage.current():
        running.switch_context(item.nodeid.partition("[")[0])
"""
SWAPS = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div, ast.Mod: ast.Mult, ast.Pow: ast.Mult, ast.MatMult: ast.Mult,
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.And: ast.Or, ast.Or: ast.And,
}  # fmt: skip
NAMES = {
    "min": "max", "max": "min", "any": "all", "all": "any", "minimum": "maximum",
    "maximum": "minimum", "argmin": "argmax", "argmax": "argmin",
}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    file: Path
    node: ast.expr | ast.stmt
    text: str

    def __str__(self) -> str:
        before = " ".join(ast.unparse(self.node).split())
        return f"{self.file.relative_to(ENGINE)}:{self.node.lineno}: {before}  ->  {self.text}"

    def source(self, original: bytes) -> bytes:
        """The whole file with the one change."""
        lines = original.splitlines(keepends=True)
        first, last = self.node.lineno - 1, self.node.end_lineno - 1
        head = b"".join(lines[:first]) + lines[first][: self.node.col_offset]
        tail = lines[last][self.node.end_col_offset :] + b"".join(lines[last + 1 :])
        return head + self.text.encode() + tail


def changed(node: ast.AST) -> Iterator[str]:
    """What may stand in place of one piece of syntax."""
    yield from changed_operator(node)
    match node:
        case ast.Return(value=value) if value is not None and ast.unparse(value) != "None":
            yield "return None"
        case ast.Constant(value=bool() as value):
            yield str(not value)
        case ast.Constant(value=int() | float() as value):
            yield from (f"({value + 1})", f"({value - 1})")
        case ast.Name(id=name) if name in NAMES:
            yield NAMES[name]
        case ast.Attribute(value=owner, attr=name) if name in NAMES:
            yield ast.unparse(ast.Attribute(owner, NAMES[name]))


def changed_operator(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.BinOp(left, op, right) if type(op) in SWAPS:
            yield f"({ast.unparse(ast.BinOp(left, SWAPS[type(op)](), right))})"
        case ast.Compare(left, [op], right):
            yield f"({ast.unparse(ast.Compare(left, [SWAPS[type(op)]()], right))})"
        case ast.BoolOp(op, values):
            yield f"({ast.unparse(ast.BoolOp(SWAPS[type(op)](), values))})"
        case ast.UnaryOp(ast.Not() | ast.USub(), operand):
            yield f"({ast.unparse(operand)})"


def pieces(node: ast.AST) -> Iterator[ast.AST]:
    """Syntax that decides something: no types, no decorators, no text, no `strict=True`."""
    yield node
    for name, value in ast.iter_fields(node):
        if name in {"annotation", "returns", "decorator_list"} or isinstance(value, ast.JoinedStr):
            continue
        for child in value if isinstance(value, list) else [value]:
            strict = isinstance(child, ast.keyword) and child.arg == "strict"
            if isinstance(child, ast.AST) and not strict and not isinstance(child, ast.JoinedStr):
                yield from pieces(child)


def sample(only: str, each: int, seed: int) -> list[Mutant]:
    chosen = []
    for path in sorted((ROOT / ENGINE).rglob("*.py")):
        file = path.relative_to(ROOT)
        found = [
            Mutant(file, node, text)
            for node in pieces(ast.parse(path.read_text()))
            for text in changed(node)
        ]
        if only in str(file):
            draw = random.Random(f"{seed} {file}")  # noqa: S311 -- a sample, not a secret
            chosen += draw.sample(found, min(each, len(found)))
    return chosen


class Tree:
    """A copy of what the engine's tests need, and which test runs which line of it."""

    def __init__(self, folder: Path, lines: Path) -> None:
        self.folder = folder
        hidden = shutil.ignore_patterns("__pycache__", ".*")
        for name in ("apps", "docs", "tests/engine"):
            shutil.copytree(ROOT / name, folder / name, ignore=hidden)
        (folder / "pytest.ini").write_text("[pytest]\npythonpath = .\n")
        (folder / "tests/__init__.py").touch()
        with (folder / TESTS / "conftest.py").open("a") as conftest:
            conftest.write(CONFTEST)
        if not lines.exists():
            self.record(lines)
        self.data = CoverageData(str(lines))
        self.data.read()
        names = self.data.measured_contexts() - {""}
        if not names or not all((folder / name.partition("::")[0]).is_file() for name in names):
            sys.exit(f"{lines} does not say which test runs which line; remove it.")

    def record(self, lines: Path) -> None:
        """Run every test once, unchanged, and keep which of them runs which line."""
        (self.folder / "rc").write_text(
            f"[run]\nsource = apps/engine\nrelative_files = true\ndata_file = {lines}\n"
        )
        if self.run("coverage", "run", "--rcfile=rc", "-m", *PYTEST, str(TESTS), limit=1800):
            sys.exit("The tests fail on the unchanged engine: run them first.")

    def run(self, *command: str, limit: int) -> int:
        done = subprocess.run(  # noqa: S603 -- our own tests
            [sys.executable, "-B", "-m", *command],
            cwd=self.folder, timeout=limit, capture_output=True, check=False,
        )  # fmt: skip
        return done.returncode

    def tests(self, mutant: Mutant) -> list[list[str]]:
        """Tests that run the line, then all of its calculator: caches hide who runs a line."""
        by_line = self.data.contexts_by_lineno(str(mutant.file))
        lines = range(mutant.node.lineno, mutant.node.end_lineno + 1)
        own = {name for line in lines for name in by_line.get(line, ()) if name}
        part = TESTS / mutant.file.relative_to(ENGINE).parts[0]
        whole = {f"{TESTS}/{file.name}" for file in (self.folder / TESTS).glob("test_*.py")}
        if (self.folder / part).is_dir():
            whole.add(str(part))
        mirror = f"test_{mutant.file.stem}"
        first = [sorted(own, key=lambda one: (mirror not in one, one))] if own else []
        return [*first, sorted(whole)]

    def outcome(self, mutant: Mutant, limit: int) -> str:
        target = self.folder / mutant.file
        original = target.read_bytes()
        target.write_bytes(mutant.source(original))
        try:
            if any(self.run(*PYTEST, *tests, limit=limit) for tests in self.tests(mutant)):
                return "killed"
        except subprocess.TimeoutExpired:
            return "timed out"
        finally:
            target.write_bytes(original)
        return "survived"


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--only", default="", help="part of a path, such as matrix/smaa")
    asked.add_argument("--each", type=int, default=4, help="mutants of each module")
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument(
        "--lines", type=Path, help="keeps which test runs which line, for later runs"
    )
    asked.add_argument("--limit", type=int, default=120, help="seconds for one mutant")
    options = asked.parse_args()
    mutants = sample(options.only, options.each, options.seed)
    started, counts = time.monotonic(), Counter[str]()
    with tempfile.TemporaryDirectory() as folder:
        tree = Tree(Path(folder), (options.lines or Path(folder) / "lines").resolve())
        for mutant in mutants:
            outcome = tree.outcome(mutant, options.limit)
            counts[outcome] += 1
            if outcome != "killed":
                print(f"{outcome}: {mutant}", flush=True)
    print(f"{len(mutants)} mutants: {dict(counts)}, {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
