"""Reads a scoring rule for the linter: a rank case before anybody has bid.

The same names as in a rank case, without vendors, scores and prices; `award_decimals` and
`tie_break` count as they will be published. Weights may still be wrong here.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from apps.engine.errors import WeightsError
from apps.engine.matrix.case_input import entries_of, one_of, read_criterion, read_node
from apps.engine.matrix.case_price import params_of
from apps.engine.matrix.inputs import Missing
from apps.engine.matrix.linter import Finding, Rule, lint
from apps.engine.matrix.methods import METHODS
from apps.engine.matrix.prices import PRICE_FORMULAE
from apps.engine.matrix.prices.rule import PriceRule
from apps.engine.matrix.rank_case import Criterion, Threshold
from apps.engine.matrix.ranking import AWARD_DECIMALS
from apps.engine.matrix.weights import MODES, Node
from apps.engine.reading import Json, Reader

FIELDS = (
    "method", "award_decimals", "missing", "tie_break", "nodes", "criteria", "thresholds", "price",
)  # fmt: skip
FULL = 100.0


def findings(plain: Mapping[str, object], seed: int) -> list[Json]:
    """Lint a rule given as plain data; each finding as plain data."""
    return [_plain(one) for one in lint(read(plain), seed)]


def _plain(one: Finding) -> Json:
    return {
        "code": one.code,
        "severity": one.severity,
        "where": one.where,
        "facts": dict(one.facts),
    }


def read(plain: Mapping[str, object]) -> Rule:
    reader = Reader(plain).only(*FIELDS)
    nodes = tuple(read_node(item) for item in reader.key("nodes").items(least=1))
    parents = {one.parent for one in nodes}
    leaves = [one.id for one in nodes if one.id not in parents]
    leaf, price = _price(reader, leaves, nodes)
    decimals = reader.optional("award_decimals")
    scored = [one for one in leaves if one != leaf]
    criteria = tuple(read_criterion(item, scored) for item in entries_of(reader, "criteria"))
    block = reader.optional("price")
    rounded = block.optional("decimals") if block else None
    return Rule(
        nodes=nodes,
        criteria=(*criteria, Criterion(leaf, priced=True)) if leaf else criteria,
        method=METHODS[reader.key("method").choice(METHODS)],
        missing=Missing(reader.convention("missing", [policy.value for policy in Missing])),
        award_decimals=decimals.integer(0, 12) if decimals else AWARD_DECIMALS,
        tie_breaks=len(entries_of(reader, "tie_break")),
        thresholds=tuple(_threshold(item, nodes) for item in entries_of(reader, "thresholds")),
        price=price,
        price_decimals=rounded.integer(0, 12) if rounded else None,
    )


def _threshold(item: Reader, nodes: Sequence[Node]) -> Threshold:
    item.only("on", "at_least_percent")
    on = one_of(item.key("on"), [one.id for one in nodes], "criteria")
    return Threshold(on, float(item.key("at_least_percent").decimal(0, 100)))


def _price(
    reader: Reader, leaves: Sequence[str], nodes: Sequence[Node]
) -> tuple[str | None, PriceRule | None]:
    """Return the leaf that price points belong to, and the rule with the points it carries."""
    block = reader.optional("price")
    if block is None:
        return None, None
    block.only("criterion", "formula", "params", "currency", "decimals")
    formula = PRICE_FORMULAE[block.key("formula").choice(PRICE_FORMULAE)]
    params = params_of(block, formula)
    if formula.lowest_wins:
        return None, PriceRule(formula=formula, params=params)
    leaf = one_of(block.key("criterion"), leaves, "criteria without parts")
    points = _share(leaf, nodes) * FULL
    return leaf, PriceRule(formula=formula, points=points or FULL, params=params)


def _share(leaf: str, nodes: Sequence[Node]) -> float:
    """Return the share of a leaf in the whole, as far as the weights can be read yet."""
    by_id = {one.id: one for one in nodes}
    share, here = 1.0, by_id[leaf]
    for _ in nodes:
        parent = by_id.get(here.parent or "")
        if parent is None:
            break
        siblings = [one for one in nodes if one.parent == parent.id]
        shares = _local(parent, siblings)
        share *= shares[siblings.index(here)]
        here = parent
    return share


def _local(parent: Node, siblings: Sequence[Node]) -> list[float]:
    """Shares of a level; where its weights are wrong, each over their sum."""
    weights = [one.weight or Decimal(0) for one in siblings]
    mode = MODES.get(parent.weights_of_children or "")
    try:
        shares = mode(weights) if mode else MODES["points"](weights)
    except WeightsError:
        total = sum(weights)
        shares = [Fraction(weight) / Fraction(total or 1) for weight in weights]
    return [float(share) for share in shares]
