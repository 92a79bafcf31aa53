"""Weights: rolled up from a published tree, or elicited by swing, rank order or AHP.

Published weights are never rescaled in silence: percentages that miss 100 raise `WeightsError`,
and what is turned into shares (points, swing ratings, ranks) says so in `Tree.converted`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from types import MappingProxyType

from numpy.typing import ArrayLike

from apps.engine.errors import InvalidInput, WeightsError
from apps.engine.matrix.ahp import Ahp, ahp
from apps.engine.matrix.inputs import WEIGHTS_TOLERANCE, Floats, frozen

__all__ = [
    "AS_PUBLISHED",
    "MODES",
    "Ahp",
    "Node",
    "Tree",
    "ahp",
    "check",
    "rank_order_centroid",
    "rank_sum",
    "roll_up",
    "swing",
]

HUNDRED = Decimal(100)


def _points(weights: Sequence[Decimal]) -> list[Fraction]:
    total = sum(weights, Decimal(0))
    if total <= 0:
        raise WeightsError("Give at least one weight above 0.")
    return [Fraction(weight) / Fraction(total) for weight in weights]


def _percent(weights: Sequence[Decimal]) -> list[Fraction]:
    total = sum(weights, Decimal(0))
    if total != HUNDRED:
        raise WeightsError(f"Weights add up to {total}; they must add up to 100.")
    return [Fraction(weight) / 100 for weight in weights]


def _shares(weights: Sequence[Decimal]) -> list[Fraction]:
    total = sum(weights, Decimal(0))
    if abs(total - 1) > Decimal(str(WEIGHTS_TOLERANCE)):
        raise WeightsError(f"Weights add up to {total}; they must add up to 1.")
    return [Fraction(weight) for weight in weights]


def _swing(weights: Sequence[Decimal]) -> list[Fraction]:
    if max(weights) != HUNDRED:
        raise WeightsError("Rate the largest swing 100 and the others against it.")
    return _points(weights)


def _places(weights: Sequence[Decimal]) -> list[int]:
    places = [int(weight) for weight in weights]
    if sorted(places) != list(range(1, len(places) + 1)) or any(
        p != w for p, w in zip(places, weights, strict=True)
    ):
        raise WeightsError(f"Rank the criteria 1 to {len(places)}, each place once.")
    return places


def _centroid_share(n: int, place: int) -> Fraction:
    return sum((Fraction(1, i) for i in range(place, n + 1)), Fraction(0)) / n


def _rank_sum_share(n: int, place: int) -> Fraction:
    return Fraction(2 * (n + 1 - place), n * (n + 1))


def _centroid(weights: Sequence[Decimal]) -> list[Fraction]:
    return [_centroid_share(len(weights), place) for place in _places(weights)]


def _rank_sum(weights: Sequence[Decimal]) -> list[Fraction]:
    return [_rank_sum_share(len(weights), place) for place in _places(weights)]


# How the children of a node are weighted. All but the first two change the figures that people
# entered, so that a result has to declare them.
MODES = MappingProxyType(
    {
        "percent": _percent,
        "shares": _shares,
        "points": _points,
        "swing": _swing,
        "rank-order-centroid": _centroid,
        "rank-sum": _rank_sum,
    }
)
AS_PUBLISHED = ("percent", "shares")


@dataclass(frozen=True)
class Node:
    """A criterion or a group of them; the root has neither parent nor weight."""

    id: str
    parent: str | None
    weight: Decimal | None
    weights_of_children: str | None = None


def children_of(nodes: Sequence[Node]) -> dict[str, list[Node]]:
    """Return the nodes under each node, in their order; what lies under none is left out."""
    found: dict[str, list[Node]] = {node.id: [] for node in nodes}
    for node in nodes:
        if node.parent in found:
            found[node.parent].append(node)
    return found


@dataclass(frozen=True)
class Tree:
    """One root, every other node under a known parent, weights right at every level."""

    nodes: tuple[Node, ...]

    def __post_init__(self) -> None:
        ids = [node.id for node in self.nodes]
        if len(set(ids)) != len(ids):
            raise InvalidInput("Give every criterion an id of its own.")
        if sum(node.parent is None for node in self.nodes) != 1:
            raise InvalidInput("Give exactly one node without a parent: the whole.")
        known = set(ids)
        for node in self.nodes:
            self._check(node, known)
        reached = [self.root]
        for name in reached:  # grows by the children of each node it comes to
            reached += [child.id for child in self.children[name]]
        if len(reached) != len(ids):
            raise InvalidInput("A group of criteria lies inside itself; put it under the whole.")
        _ = self.local  # raises where the weights of a level are wrong

    @staticmethod
    def _check(node: Node, ids: set[str]) -> None:
        if node.parent is None:
            if node.weight is not None:
                raise WeightsError(
                    f"Leave the weight of {node.id} empty: it is the whole.", path=node.id
                )
            return
        if node.parent not in ids:
            raise InvalidInput(
                f"{node.id} lies under {node.parent}, which is not in the list.", path=node.id
            )
        if node.weight is None or not node.weight.is_finite() or node.weight < 0:
            raise WeightsError(f"Give {node.id} a weight of 0 or more.", path=node.id)

    @cached_property
    def parents(self) -> Mapping[str, str | None]:
        return {node.id: node.parent for node in self.nodes}

    @cached_property
    def root(self) -> str:
        return next(node.id for node in self.nodes if node.parent is None)

    @cached_property
    def children(self) -> Mapping[str, tuple[Node, ...]]:
        return {name: tuple(held) for name, held in children_of(self.nodes).items()}

    @cached_property
    def leaves(self) -> tuple[str, ...]:
        return tuple(node.id for node in self.nodes if not self.children[node.id])

    @cached_property
    def top(self) -> tuple[str, ...]:
        return tuple(child.id for child in self.children[self.root])

    @cached_property
    def local(self) -> Mapping[str, Fraction]:
        """The share of each node in its parent."""
        shares = {self.root: Fraction(1)}
        for node in self.nodes:
            if self.children[node.id]:
                shares |= self._level(node)
        return shares

    def _level(self, node: Node) -> dict[str, Fraction]:
        children = self.children[node.id]
        mode = MODES.get(node.weights_of_children or "")
        if mode is None:
            raise WeightsError(
                f"Say how {node.id} weighs its parts: {', '.join(MODES)}.", path=node.id
            )
        weights = [child.weight or Decimal(0) for child in children]
        try:
            shares = mode(weights)
        except WeightsError as error:
            raise WeightsError(f"Under {node.id}: {error.sentence}", path=node.id) from None
        return {child.id: share for child, share in zip(children, shares, strict=True)}

    @cached_property
    def converted(self) -> tuple[str, ...]:
        """Groups whose parts were not weighted in percent or shares: their weights are derived."""
        return tuple(
            node.id
            for node in self.nodes
            if self.children[node.id] and node.weights_of_children not in AS_PUBLISHED
        )

    def share(self, node: str, within: str | None = None) -> Fraction:
        """The share of a node in the whole, or in a group that holds it; 0 if it does not."""
        share, here, goal = Fraction(1), node, within or self.root
        while here != goal:
            parent = self.parents[here]
            if parent is None:
                return Fraction(0)
            share, here = share * self.local[here], parent
        return share


def check(nodes: Sequence[Node]) -> Tree:
    """Return the tree of these nodes, or raise with the level that is wrong."""
    return Tree(tuple(nodes))


def roll_up(tree: Tree) -> Floats:
    """Return the global weight of each leaf, (C,) in the order of `tree.leaves`."""
    return frozen([float(tree.share(leaf)) for leaf in tree.leaves])


def swing(ratings: ArrayLike) -> Floats:
    """Return shares of swing ratings: worst to best of each criterion, the largest is 100."""
    given = frozen(ratings, ndim=1)
    if given.size == 0 or not (given >= 0).all() or given.max() != 100:
        raise WeightsError("Rate the largest swing 100 and the others from 0 to 100 against it.")
    return frozen(given / given.sum())


def _many(n: int) -> range:
    if n < 1:
        raise WeightsError("Rank at least one criterion.")
    return range(1, n + 1)


def rank_order_centroid(n: int) -> Floats:
    """Return w_k = (1/n) sum_{i=k..n} 1/i (Barron and Barrett, 1996), the first weight largest."""
    return frozen([float(_centroid_share(n, place)) for place in _many(n)])


def rank_sum(n: int) -> Floats:
    """Return 2 (n + 1 - k) / (n (n + 1)), the first weight largest."""
    return frozen([float(_rank_sum_share(n, place)) for place in _many(n)])
