"""Walks a tree with evidence: the path, the recommendation, and what would change it.

The counterfactuals are exact. A tree compares a fact with a few limits only, so every fact has a
few regions of values with one outcome each; the nearest region with another outcome is the flip.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum
from itertools import pairwise

from apps.engine.decision.evidence import Evidence, Shown
from apps.engine.decision.facts import Fact, Value
from apps.engine.decision.nodes import NOT_SHOWN, PLACEHOLDER, Answer, Leaf, Node
from apps.engine.decision.regions import End, Piece, pieces
from apps.engine.decision.tree import Tree


@dataclass(frozen=True, kw_only=True)
class Step:
    """One question on the way; `shown` is None where the fact is not shown."""

    node: Node
    shown: Shown | None
    answer: Answer
    target: str | None


@dataclass(frozen=True, kw_only=True)
class Walk:
    """`leaf` is None where the walk stopped: the fact of the last step is not shown."""

    steps: tuple[Step, ...]
    leaf: Leaf | None

    @property
    def recommendation(self) -> str:
        return self.leaf.recommend if self.leaf else NOT_SHOWN

    @property
    def missing(self) -> Fact | None:
        return None if self.leaf else self.steps[-1].node.fact

    @property
    def conditions(self) -> tuple[str, ...]:
        """The conditions met on the way, then those of the leaf."""
        met = [step.node.conditions.get(step.answer) for step in self.steps]
        return (*filter(None, met), *(self.leaf.conditions if self.leaf else ()))


@dataclass(frozen=True, kw_only=True)
class Region:
    """A range of values (or one option) of a fact under which a walk ends the same way."""

    first: Piece
    last: Piece
    walk: Walk

    @property
    def low(self) -> End | None:
        return self.first.low

    @property
    def high(self) -> End | None:
        return self.last.high

    def holds(self, value: Decimal) -> bool:
        low, high = self.low, self.high
        above = low is None or value > low.value or (value == low.value and not low.strict)
        below = high is None or value < high.value or (value == high.value and not high.strict)
        return above and below


class Direction(Enum):
    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, kw_only=True)
class Flip:
    """The nearest value in one direction that changes the recommendation.

    `strict` when the value itself does not change it yet, and anything beyond does; `direction`
    is None for what is no figure.
    """

    shown: Shown
    to: Value
    strict: bool
    direction: Direction | None
    walk: Walk

    @property
    def distance(self) -> Decimal | None:
        """How far the value has to move; None for what is no figure."""
        if isinstance(self.to, Decimal) and isinstance(self.shown.value, Decimal):
            return abs(self.to - self.shown.value)
        return None


def walk(tree: Tree, evidence: Evidence) -> Walk:
    steps: list[Step] = []
    place: str | None = tree.start
    while place is not None and place in tree.nodes:
        node = tree.nodes[place]
        shown = evidence.get(node.fact.slug)
        answer = node.answer(shown.value if shown else None)
        place = node.routes.get(answer)
        steps.append(Step(node=node, shown=shown, answer=answer, target=place))
    return Walk(steps=tuple(steps), leaf=tree.leaves[place] if place else None)


def regions(tree: Tree, evidence: Evidence, fact: Fact) -> tuple[Region, ...]:
    """Try every value of one fact, the rest of the evidence unchanged; neighbours are joined."""
    limits = (node.check.limit for node in tree.nodes.values() if node.fact == fact)
    joined: list[Region] = []
    for piece in pieces(fact, limits):
        shown = Shown(fact=fact, value=piece.sample, source="what if")
        ended = walk(tree, {**evidence, fact.slug: shown})
        if joined and piece.low and joined[-1].walk.recommendation == ended.recommendation:
            joined[-1] = replace(joined[-1], last=piece)
        else:
            joined.append(Region(first=piece, last=piece, walk=ended))
    return tuple(joined)


def flips(tree: Tree, evidence: Evidence, walked: Walk) -> tuple[Flip, ...]:
    """By fact in the order of the path, the nearest changes first."""
    found: list[Flip] = []
    for shown in _shown(walked):
        here = _changes(shown, regions(tree, evidence, shown.fact), walked)
        found.extend(sorted(here, key=lambda flip: flip.distance or Decimal(0)))
    return tuple(found)


def if_shown(tree: Tree, evidence: Evidence, walked: Walk) -> tuple[tuple[Fact, Region], ...]:
    """For facts that are missing on the path, the values that would change the recommendation."""
    missing = {step.node.fact.slug: step.node.fact for step in walked.steps if not step.shown}
    return tuple(
        (fact, region)
        for fact in missing.values()
        for region in regions(tree, evidence, fact)
        if region.walk.recommendation != walked.recommendation
    )


def fill(template: str, evidence: Evidence, show: Callable[[Shown], str], absent: str) -> str:
    """Put the facts that a text names in braces into it, written by `show`."""

    def written(name: str) -> str:
        shown = evidence.get(name)
        return absent if shown is None else show(shown)

    return PLACEHOLDER.sub(lambda found: written(found[1]), template)


def _shown(walked: Walk) -> tuple[Shown, ...]:
    """Each fact that was asked and is shown, once."""
    return tuple({step.node.fact.slug: step.shown for step in walked.steps if step.shown}.values())


def _changes(shown: Shown, found: tuple[Region, ...], walked: Walk) -> Iterator[Flip]:
    value = shown.value
    if not isinstance(value, Decimal):
        for region in found:
            if region.walk.recommendation != walked.recommendation:
                yield Flip(
                    shown=shown,
                    to=region.first.sample,
                    strict=False,
                    direction=None,
                    walk=region.walk,
                )
        return
    for lower, upper in pairwise(found):
        if lower.holds(value) and upper.low:
            yield _flip(shown, upper.low, Direction.UP, upper.walk)
        if upper.holds(value) and lower.high:
            yield _flip(shown, lower.high, Direction.DOWN, lower.walk)


def _flip(shown: Shown, end: End, direction: Direction, there: Walk) -> Flip:
    return Flip(shown=shown, to=end.value, strict=end.strict, direction=direction, walk=there)
