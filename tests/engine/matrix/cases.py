"""Small rank cases to change one thing in."""

import copy
import json
from pathlib import Path

from apps.engine.matrix.case import run

EXAMPLE = Path(__file__).parents[3] / "docs" / "engine" / "examples" / "rank.json"


def example():
    return json.loads(EXAMPLE.read_text(encoding="utf-8"))


BASE = {
    "method": "weighted-sum",
    "missing": "zero",
    "nodes": [
        {"id": "all", "parent": None, "weight": None, "weights_of_children": "percent"},
        {"id": "quality", "parent": "all", "weight": "60", "weights_of_children": "percent"},
        {"id": "staff", "parent": "quality", "weight": "50"},
        {"id": "plan", "parent": "quality", "weight": "50"},
        {"id": "price", "parent": "all", "weight": "40"},
    ],
    "criteria": [
        {"id": "staff", "scale": ["0", "5"], "direction": "higher"},
        {"id": "plan", "scale": ["0", "5"], "direction": "higher"},
    ],
    "vendors": [
        {"id": "a", "name": "A"},
        {"id": "b", "name": "B"},
        {"id": "c", "name": "C"},
    ],
    "scores": {
        "a": {"staff": "4", "plan": "3"},
        "b": {"staff": "3", "plan": "5"},
        "c": {"staff": "2", "plan": "1"},
    },
    "price": {
        "criterion": "price",
        "formula": "absolute-linear",
        "params": {"cap": "200", "floor": "100"},
        "currency": "EUR",
        "prices": {"a": "120", "b": "150", "c": "110"},
    },
}


def base(**changes):
    """The small case; a change to None removes the field."""
    case = copy.deepcopy(BASE)
    case |= changes
    return {name: value for name, value in case.items() if value is not None}


def priced(**changes):
    """The small case with a changed price block."""
    block = copy.deepcopy(BASE["price"]) | changes
    return base(price={name: value for name, value in block.items() if value is not None})


def without_price_leaf(formula, params, **changes):
    """The small case under a formula in which the lowest adjusted price wins."""
    nodes = [
        {"id": "all", "parent": None, "weight": None, "weights_of_children": "percent"},
        {"id": "staff", "parent": "all", "weight": "50"},
        {"id": "plan", "parent": "all", "weight": "50"},
    ]
    block = {"formula": formula, "params": params, "currency": "EUR"}
    block |= {"prices": BASE["price"]["prices"]} | changes
    return base(nodes=nodes, price={k: v for k, v in block.items() if v is not None})


def vendors(case):
    return {one["id"]: one for one in run(case).result["vendors"]}


def ranks(case):
    return {name: one["rank"] for name, one in vendors(case).items()}


def codes(case):
    return [one["code"] for one in run(case).warnings]
