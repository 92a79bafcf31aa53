"""Proves that some evidence leads along every branch of a tree and to every leaf.

A drawn line is not enough: below "60 or more: yes" a question for "50 or more" is always
answered yes, and its other branch would be a promise that nobody can redeem.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

from apps.engine.decision.nodes import Answer, Leaf, Node
from apps.engine.decision.regions import Piece, pieces
from apps.engine.errors import InvalidInput

MOST_STATES = 20_000

# What the answers so far leave open: by fact the pieces of its scale, None for a missing fact.
Open: TypeAlias = frozenset[tuple[str, frozenset[Piece | None]]]


@dataclass(frozen=True)
class _Survey:
    nodes: Mapping[str, Node]
    scales: Mapping[str, frozenset[Piece | None]]
    asked_below: Mapping[str, frozenset[str]]


def check_reach(start: str, nodes: Mapping[str, Node], leaves: Mapping[str, Leaf]) -> None:
    """Raise InvalidInput for what no evidence reaches; targets must exist, without a circle."""
    survey = _Survey(nodes, scales(nodes), _asked_below(nodes))
    travelled, reached = _explore(survey, start)
    for slug in (*nodes, *leaves):
        if slug not in reached:
            raise InvalidInput(
                "Lead to this from another node, or remove it: no evidence reaches it.",
                path=f"nodes.{slug}" if slug in nodes else f"leaves.{slug}",
            )
    for node in nodes.values():
        for answer, _ in node.ordered_routes():
            if (node.slug, answer) not in travelled:
                raise InvalidInput(
                    "Remove this branch: an earlier question has settled the answer.",
                    path=f"nodes.{node.slug}.{answer.value}",
                )


def scales(nodes: Mapping[str, Node]) -> Mapping[str, frozenset[Piece | None]]:
    """By fact, the pieces that the whole tree can tell apart, and None for a missing one."""
    facts = {node.fact.slug: node.fact for node in nodes.values()}
    return {
        slug: frozenset(
            (None, *pieces(fact, (n.check.limit for n in nodes.values() if n.fact == fact)))
        )
        for slug, fact in facts.items()
    }


def _explore(survey: _Survey, start: str) -> tuple[set[tuple[str, Answer]], set[str]]:
    travelled: set[tuple[str, Answer]] = set()
    empty: Open = frozenset()
    seen = {(start, empty)}
    stack = [(start, empty)]
    while stack:
        slug, before = stack.pop()
        if slug not in survey.nodes:
            continue
        for answer, target, after in _branches(survey, survey.nodes[slug], before):
            travelled.add((slug, answer))
            state = (target, after)
            if state not in seen:
                seen.add(state)
                stack.append(state)
        if len(seen) > MOST_STATES:
            raise InvalidInput(
                "Ask the same facts in fewer places: this tree has too many ways through it.",
                path="nodes",
            )
    return travelled, {slug for slug, _ in seen}


def _branches(survey: _Survey, node: Node, before: Open) -> Iterator[tuple[Answer, str, Open]]:
    left = dict(before)
    here = left.get(node.fact.slug, survey.scales[node.fact.slug])
    for answer, target in node.ordered_routes():
        kept = frozenset(piece for piece in here if _answer(node, piece) is answer)
        if kept:
            after = {**left, node.fact.slug: kept}
            asked = survey.asked_below.get(target, frozenset())
            yield answer, target, frozenset((f, open_) for f, open_ in after.items() if f in asked)


def _answer(node: Node, piece: Piece | None) -> Answer:
    return node.answer(None if piece is None else piece.sample)


def _asked_below(nodes: Mapping[str, Node]) -> Mapping[str, frozenset[str]]:
    """By node, the facts asked there or further on; only these need to be remembered."""
    asked: dict[str, frozenset[str]] = {}

    def visit(slug: str) -> frozenset[str]:
        if slug not in nodes:
            return frozenset()
        if slug not in asked:
            node = nodes[slug]
            below = (visit(target) for target in node.routes.values())
            asked[slug] = frozenset({node.fact.slug}).union(*below)
        return asked[slug]

    for slug in nodes:
        visit(slug)
    return MappingProxyType(asked)
