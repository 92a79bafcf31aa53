"""Small frozen rankings for tests of sentences and charts: made by the engine, never by hand."""

import json
from collections.abc import Mapping
from typing import Any

from apps.engine import cases
from apps.matrix.models import Ranking
from apps.matrix.selectors.frozen import Frozen

NAMES = {"a": "Aster", "b": "Birch", "c": "Cedar"}


def case(scores: Mapping[str, Mapping[str, str | None]], **more: Any) -> dict[str, Any]:
    """Quality 60 in two sections of one question each, price 40 by absolute linear."""
    return {
        "method": "weighted-sum",
        "missing": "zero",
        "award_decimals": 9,
        "nodes": [
            {"id": "total", "weights_of_children": "percent"},
            {"id": "quality", "parent": "total", "weight": "60", "weights_of_children": "percent"},
            {"id": "price", "parent": "total", "weight": "40"},
            {"id": "section:1", "name": "People", "parent": "quality", "weight": "50", "weights_of_children": "points"},
            {"id": "section:2", "name": "Security", "parent": "quality", "weight": "50", "weights_of_children": "points"},
            {"id": "1.01", "name": "Training", "parent": "section:1", "weight": "3"},
            {"id": "2.01", "name": "Notice", "parent": "section:2", "weight": "3"},
        ],
        "criteria": [
            {"id": code, "scale": ["0", "10"], "direction": "higher"} for code in ("1.01", "2.01")
        ],
        "vendors": [{"id": vendor, "name": NAMES[vendor]} for vendor in scores],
        "scores": scores,
        "price": {
            "criterion": "price",
            "formula": "absolute-linear",
            "params": {"floor": "0", "cap": "100"},
            "currency": "EUR",
            "prices": dict.fromkeys(scores, "50"),
        },
        "robustness": {"draws": 1000, "seed": 7, "concentration": "60"},
        **more,
    }  # fmt: skip


def frozen(given: Mapping[str, Any]) -> Frozen:
    record = cases.run("rank", given)
    ranking = Ranking(
        stage="full" if given.get("price") else "quality",
        number=1,
        record=record.to_bytes().decode(),
        digest=record.digest,
        engine_version=record.engine_version,
    )
    letters = {vendor: vendor.upper() for vendor in NAMES}
    return Frozen(ranking=ranking, content=json.loads(ranking.record), letters=letters)
