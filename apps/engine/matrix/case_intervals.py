"""Writes between which weights an award stands, as plain data."""

from collections.abc import Sequence

import numpy as np

from apps.engine.matrix.inputs import Flags, Floats
from apps.engine.matrix.model import Model
from apps.engine.matrix.scorecard import Scorecard
from apps.engine.matrix.stability import NOBODY, WeightIntervals
from apps.engine.matrix.stability import weight_intervals as intervals
from apps.engine.numbers import text
from apps.engine.reading import Json


def weight_intervals(card: Scorecard, found: Model) -> Json:
    """Ranges of weights in percent of the total in which the award stands."""
    return {
        "criteria": _intervals(found, found.values, found.weights, found.criteria),
        "nodes": _of_parts(card, found) + _of_groups(card, found),
    }


def _intervals(found: Model, values: Floats, weights: Floats, names: Sequence[str]) -> list[Json]:
    ends = intervals(values, weights, found.winner)
    percent = found.attainable * 100
    return [
        {
            "id": name,
            "weight": text(float(weights[k]) * percent),
            "low": _maybe(float(ends.lo[k]), percent),
            "high": _maybe(float(ends.hi[k]), percent),
            "wins_below": _rival(found, ends, k, below=True),
            "wins_above": _rival(found, ends, k, below=False),
        }
        for k, name in enumerate(names)
    ]


def _maybe(figure: float, factor: float) -> str | None:
    return text(figure * factor) if np.isfinite(figure) else None


def _rival(found: Model, ends: WeightIntervals, k: int, *, below: bool) -> str | None:
    rival = int((ends.rival_lo if below else ends.rival_hi)[k])
    return None if rival == NOBODY else found.vendors[rival]


def _of_parts(card: Scorecard, found: Model) -> list[Json]:
    """The parts of the whole, each kept as it is inside."""
    tree = card.case.tree
    inside = np.array(
        [[float(tree.share(leaf, node)) for node in tree.top] for leaf in found.criteria]
    )
    held = [k for k in range(len(tree.top)) if inside[:, k].sum() > 0]
    local = inside[:, held] / inside[:, held].sum(axis=0)
    weights = np.array([found.weights[inside[:, k] > 0].sum() for k in held])
    names = [tree.top[k] for k in held]
    return _intervals(found, np.clip(found.values @ local, 0, 1), weights, names)


def _of_groups(card: Scorecard, found: Model) -> list[Json]:
    """The groups below the parts: each against everything else, both kept as they are inside."""
    tree = card.case.tree
    groups = [
        node.id
        for node in tree.nodes
        if tree.children[node.id] and node.id not in {tree.root, *tree.top}
    ]
    rows: list[Json] = []
    for group in groups:
        inside: Flags = np.array([tree.share(leaf, group) > 0 for leaf in found.criteria])
        weight = float(found.weights[inside].sum())
        if weight > 0:
            sides = np.stack([_mean(found, inside), _mean(found, ~inside)], axis=1)
            weights = np.array([weight, 1 - weight])
            rows.append(_intervals(found, np.clip(sides, 0, 1), weights, (group, ""))[0])
    return rows


def _mean(found: Model, inside: Flags) -> Floats:
    """Values (A,) of the criteria inside, together as one, at their proportions."""
    weights = np.where(inside, found.weights, 0.0)
    return np.asarray(found.values @ weights / (weights.sum() or 1.0), dtype=np.float64)
