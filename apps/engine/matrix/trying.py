"""What a case would give under other weights of its parts: totals, leaders, how firm the lead is.

For a person who moves a weight and waits. A case is read once and tried many times; of robustness
there is one figure, in weightings of the parts alone: inside a part every criterion keeps its share
of it. A record varies the weight of every single criterion, so that the two figures are not the
same, and `as_read` gives the one of the published weights for comparison.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from apps.engine.matrix import case_input
from apps.engine.matrix.case_robustness import FEWEST
from apps.engine.matrix.inputs import Floats, Ints
from apps.engine.matrix.model import Model, model
from apps.engine.matrix.product import totals
from apps.engine.matrix.rank_case import RankCase, Robustness
from apps.engine.matrix.scorecard import Scorecard, assess
from apps.engine.matrix.spaces import Dirichlet, chunk_sizes
from apps.engine.matrix.weights import Node, Tree, check
from apps.engine.numbers import text


@dataclass(frozen=True, kw_only=True)
class Tried:
    """Totals of the admitted by id, as a record writes them, and who would be first.

    `gap` lies between the first two, in the unit of the totals. `first` is the share 0..1 of the
    draws in which the one leader is first; None where several share first place, where fewer than
    three are admitted, and where the case asks for no draws.
    """

    totals: Mapping[str, str]
    winners: tuple[str, ...]
    gap: str | None
    first: str | None


def read(case: Mapping[str, object]) -> RankCase:
    """Read a case to try weights on; InvalidInput with the path of a wrong field."""
    return replace(case_input.read(case), individual=None)


def as_read(case: RankCase, parts: Sequence[str]) -> Tried:
    """Return what the case gives under its own weights."""
    card = assess(case)
    order = sorted((rank, i) for i, rank in enumerate(card.ranking.rank) if rank is not None)
    decimals, values = case.award_decimals, card.award.values
    gap = abs(float(values[order[0][1]] - values[order[1][1]])) if len(order) > 1 else None
    return Tried(
        totals={case.vendors[i]: text(float(values[i]), decimals) for _rank, i in order},
        winners=tuple(case.vendors[i] for i in card.ranking.winners),
        gap=None if gap is None else text(gap, decimals),
        first=_first(card, parts),
    )


def under(case: RankCase, changes: Mapping[str, Node], parts: Sequence[str]) -> Tried:
    """Return what the case gives with some nodes of its tree replaced; raise as a case does."""
    tree = check([changes.get(node.id, node) for node in case.tree.nodes])
    return as_read(replace(case, tree=tree), parts)


def _first(card: Scorecard, parts: Sequence[str]) -> str | None:
    asked, found = card.case.robustness, model(card)
    if asked is None or found is None or len(card.ranking.winners) > 1:
        return None
    if len(found.vendors) < FEWEST:
        return None
    return text(_share(found, _places(card.case.tree, found.criteria, parts), asked))


def _places(tree: Tree, leaves: Sequence[str], parts: Sequence[str]) -> Ints:
    """Return the part of each leaf (K,), by its place among the parts."""
    place = {name: at for at, name in enumerate(parts)}
    found = []
    for leaf in leaves:
        here: str | None = leaf
        while here is not None and here not in place:
            here = tree.parents[here]
        found.append(place[here] if here is not None else len(parts))
    return np.array(found)


def _share(found: Model, places: Ints, asked: Robustness) -> float:
    """How often the winner is first when the weights of the parts vary around the given ones.

    Equals share a first place, as in `smaa`; whoever is not first is not put in order.
    """
    values, weights = _rolled_up(found, places)
    drawn, first = Dirichlet(weights, asked.concentration).prepare(asked.draws, asked.seed), 0.0
    for chunk in range(len(chunk_sizes(asked.draws))):
        scores = totals(drawn(chunk), values)
        best = scores == scores.max(axis=0)
        first += float((best[found.winner] / best.sum(axis=0)).sum())
    return first / asked.draws


def _rolled_up(found: Model, places: Ints) -> tuple[Floats, Floats]:
    """Return values (A, P) and weights (P,) of the parts that are in play."""
    held = np.unique(places)
    inside = (places[:, None] == held).astype(float)  # (K, P)
    weights = found.weights @ inside
    # A part without weight has no mean of its own; nothing is drawn for it either.
    spread = inside * found.weights[:, None] / np.where(weights > 0, weights, 1.0)
    return np.clip(found.values @ spread, 0, 1), weights
