"""Codes and slugs are written one way in each part of the engine, since records keep them for good."""

import ast
import re
from collections.abc import Iterator

import pytest

from apps.engine.diagnostics import DIAGNOSTICS
from apps.engine.matrix.linter import FLAWS
from apps.engine.matrix.methods import METHODS
from apps.engine.matrix.prices import PRICE_FORMULAE
from apps.engine.pricing.models import PRICING_MODELS
from tests.engine.shipped import ROOT

HYPHENS = re.compile(r"[a-z]+(-[a-z0-9]+)*")
UNDERSCORES = re.compile(r"[a-z]+(_[a-z0-9]+)*")
PARTS = ("matrix", "pricing", "readiness", "diagnostics", "decision")


def texts(node: ast.AST) -> Iterator[str]:
    """Every text a code may be: of a literal, or of either side of a choice."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from texts(node.body)
        yield from texts(node.orelse)


def written(node: ast.AST) -> Iterator[ast.AST]:
    """What one piece of syntax writes as a code: `"code": …`, `code=…`, `Finding(…)`, `warning(…)`."""
    if isinstance(node, ast.Dict):
        for name, value in zip(node.keys, node.values, strict=True):
            if isinstance(name, ast.Constant) and name.value == "code":
                yield value
    elif isinstance(node, ast.keyword) and node.arg == "code":
        yield node.value
    elif isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"Finding", "warning"}:
        yield from node.args[:1]


def codes(part: str) -> set[str]:
    return {
        text
        for file in (ROOT / "apps/engine" / part).rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        for value in written(node)
        for text in texts(value)
    }


def test_codes_of_the_matrix_are_written_with_hyphens():
    found = codes("matrix")
    assert {"weights-converted", "weight-zero", "below-threshold", "minimum-unanswered"} <= found
    found |= {code for code, _severity in FLAWS.values()}
    assert [code for code in sorted(found) if not HYPHENS.fullmatch(code)] == []


@pytest.mark.parametrize("part", PARTS[1:])
def test_codes_of_all_other_parts_are_written_with_underscores(part):
    found = codes(part)
    assert found
    assert [code for code in sorted(found) if not UNDERSCORES.fullmatch(code)] == []


def test_no_code_is_another_one_with_other_signs():
    found = [code for part in PARTS for code in sorted(codes(part))]
    plain = {code.replace("-", "_"): code for code in found}
    assert [code for code in found if plain[code.replace("-", "_")] != code] == []


@pytest.mark.parametrize("registry", [METHODS, PRICE_FORMULAE], ids=lambda one: one.kind)
def test_slugs_of_the_matrix_are_written_with_hyphens(registry):
    assert [slug for slug in registry if not HYPHENS.fullmatch(slug)] == []


@pytest.mark.parametrize("registry", [PRICING_MODELS, DIAGNOSTICS], ids=lambda one: one.kind)
def test_slugs_of_all_other_registries_are_written_with_underscores(registry):
    assert [slug for slug in registry if not UNDERSCORES.fullmatch(slug)] == []
