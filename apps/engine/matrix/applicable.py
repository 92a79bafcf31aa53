"""Cells that do not apply to a vendor: its own weighted mean stands in them.

A question that does not apply leaves that vendor's denominator. Filled with the weighted mean of the
other applicable parts of its group, at the published weights, the published sum gives exactly that:

    w_1 T_1 + ... + w_n T_n  with T_n := (w_1 T_1 + ... + w_m T_m) / (w_1 + ... + w_m)
                             =   (w_1 T_1 + ... + w_m T_m) / (w_1 + ... + w_m)

if the weights of the group add up to 1. A group none of whose parts applies is filled one level up in
the same way. Every analysis then sees a table without gaps, and no other vendor's points move.
"""

from collections.abc import Iterable, Mapping

import numpy as np

from apps.engine.errors import MissingScores
from apps.engine.matrix.inputs import Flags, Floats, frozen
from apps.engine.matrix.rank_case import RankCase
from apps.engine.matrix.weights import Tree


def refuse_empty(case: RankCase, active: Flags, vendors: Flags) -> None:
    """Refuse a vendor among `vendors` (V,) to whom nothing applies that is scored and weighs."""
    for i in np.flatnonzero(vendors & case.not_applicable.any(axis=1)):
        if not any(_counted(case, active, int(i)).values()):
            raise MissingScores(
                "Nothing that is scored applies to this vendor; exclude it, or score a criterion.",
                path=f"not_applicable.{case.vendors[i]}",
            )


def filled(case: RankCase, values: Floats, active: Flags) -> Floats:
    """Return values (V, C) with every cell that does not apply filled; NaN where nothing applies.

    Other cells stay as they are; a missing one has to have its value by the published rule before.
    """
    if not case.not_applicable.any():
        return values
    found = np.array(values)
    for i in np.flatnonzero(case.not_applicable.any(axis=1)):
        means = _means(case.tree, _given(case, values[i], active, int(i)))
        for j in np.flatnonzero(case.not_applicable[i]):
            found[i, j] = _nearest(case.tree, means, case.criteria[j].id)
    return frozen(found)


def _counted(case: RankCase, active: Flags, i: int) -> Mapping[str, bool]:
    """Whether each leaf is scored, in play, applies to the vendor and weighs something."""
    return {
        one.id: bool(
            active[j]
            and not one.priced
            and not case.not_applicable[i, j]
            and case.tree.share(one.id) > 0
        )
        for j, one in enumerate(case.criteria)
    }


def _given(case: RankCase, row: Floats, active: Flags, i: int) -> dict[str, float]:
    counted = _counted(case, active, i)
    return {one.id: float(row[j]) for j, one in enumerate(case.criteria) if counted[one.id]}


def _means(tree: Tree, given: Mapping[str, float]) -> dict[str, float]:
    """Return the weighted mean of every node that holds something given, from the leaves up."""
    means = dict(given)
    for node in reversed(list(_downwards(tree))):
        parts = [(float(tree.local[one.id]), means[one.id]) for one in tree.children[node]
                 if one.id in means]  # fmt: skip
        if parts:
            weight = sum(share for share, _mean in parts)
            means[node] = sum(share * mean for share, mean in parts) / weight
    return means


def _downwards(tree: Tree) -> Iterable[str]:
    """Yield every node with the parents before their parts."""
    level = [tree.root]
    while level:
        yield from level
        level = [child.id for node in level for child in tree.children[node]]


def _nearest(tree: Tree, means: Mapping[str, float], leaf: str) -> float:
    """Return the mean of the nearest group above a leaf that has one."""
    node = tree.parents[leaf]
    while node is not None and node not in means:
        node = tree.parents[node]
    return np.nan if node is None else means[node]
