"""A decision tree: complete, acyclic, with evidence that leads to every branch and leaf.

Two nodes may go on to the same one. The texts belong to the tree, which is content; the engine
only walks it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from apps.engine.decision.nodes import Leaf, Node, check_slug, read_leaf, read_node
from apps.engine.decision.reach import check_reach
from apps.engine.errors import InvalidInput
from apps.engine.reading import Reader

MOST_NODES = 100


@dataclass(frozen=True, kw_only=True)
class Tree:
    slug: str
    name: str
    version: str
    source: str
    start: str
    nodes: Mapping[str, Node]
    leaves: Mapping[str, Leaf]
    about: str = ""

    def __post_init__(self) -> None:
        check_slug(self.slug, "slug")
        self._check_size()
        self._check_targets()
        self._check_acyclic()
        check_reach(self.start, self.nodes, self.leaves)

    def facts_from(self, start: str) -> tuple[str, ...]:
        """The facts that a walk may still ask from here on, the nearest first."""
        facts: dict[str, None] = {}
        queue, met = [start], set[str]()
        for place in queue:
            if place in self.nodes and place not in met:
                met.add(place)
                facts[self.nodes[place].fact.slug] = None
                queue.extend(target for _, target in self.nodes[place].ordered_routes())
        return tuple(facts)

    def _check_size(self) -> None:
        if not 1 <= len(self.nodes) <= MOST_NODES:
            raise InvalidInput(f"Give 1 to {MOST_NODES} nodes.", path="nodes")
        if self.start not in self.nodes:
            raise InvalidInput("Name one of the nodes.", path="start")

    def _check_targets(self) -> None:
        for slug in self.leaves:
            if slug in self.nodes:
                raise InvalidInput("Give a leaf another name than any node.", path=f"leaves.{slug}")
        for node in self.nodes.values():
            for answer, target in node.ordered_routes():
                if target not in self.nodes and target not in self.leaves:
                    raise InvalidInput(
                        "Name a node or a leaf of this tree.",
                        path=f"nodes.{node.slug}.{answer.value}",
                    )

    def _check_acyclic(self) -> None:
        """Remove nodes that lead only to what is removed already; the rest runs in circles."""
        left = dict(self.nodes)
        while left:
            done = [
                slug
                for slug, node in left.items()
                if not any(target in left for target in node.routes.values())
            ]
            if not done:
                circle = ", ".join(sorted(left))
                raise InvalidInput(
                    f"Lead out of these nodes to a leaf; they go round in a circle: {circle}.",
                    path="nodes",
                )
            for slug in done:
                del left[slug]


def parse(raw: object, path: str = "") -> Tree:
    """Read a tree from plain data; a fault is named with the path of its field."""
    reader = Reader(raw, path).only(
        "slug", "name", "version", "source", "about", "start", "nodes", "leaves"
    )
    about = reader.optional("about")
    nodes = {slug: read_node(slug, child) for slug, child in reader.key("nodes").entries()}
    leaves = {slug: read_leaf(slug, child) for slug, child in reader.key("leaves").entries()}
    named = {name: reader.key(name).text() for name in ("slug", "name", "version", "source")}
    start = reader.key("start").text()
    try:
        return Tree(
            **named,
            about="" if about is None else about.text(),
            start=start,
            nodes=MappingProxyType(nodes),
            leaves=MappingProxyType(leaves),
        )
    except InvalidInput as error:
        # the tree does not know where it stands in a case
        error.path = f"{reader.path}.{error.path}" if reader.path else error.path
        raise
