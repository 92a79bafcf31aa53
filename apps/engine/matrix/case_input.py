"""Reads a rank case from plain data into checked parts; every error names its field."""

import re
from collections.abc import Mapping, Sequence

import numpy as np

from apps.engine.errors import InvalidInput, MissingScores
from apps.engine.matrix import case_price
from apps.engine.matrix.inputs import Flags, Floats, Missing, ValueFunction, frozen
from apps.engine.matrix.methods import METHODS
from apps.engine.matrix.prices import PRICE_FORMULAE
from apps.engine.matrix.rank_case import (
    Criterion,
    Individual,
    Knockout,
    RankCase,
    Robustness,
    Threshold,
    TieBreak,
)
from apps.engine.matrix.ranking import AWARD_DECIMALS
from apps.engine.matrix.weights import MODES, Node, Tree, check
from apps.engine.reading import Reader

ID = re.compile(r"[A-Za-z0-9._:-]{1,64}", re.ASCII)
MOST_VENDORS, MOST_NODES, MOST_EVALUATORS = 100, 1000, 100
LARGEST_SEED = 2**53 - 1

FIELDS = (
    "method", "award_decimals", "missing", "tie_break", "nodes", "criteria", "vendors", "scores",
    "not_applicable", "knockouts", "thresholds", "price", "robustness", "individual",
)  # fmt: skip


def read(case: Mapping[str, object]) -> RankCase:
    reader = Reader(case).only(*FIELDS)
    tree, names = _tree(reader.key("nodes"))
    vendors = _vendors(reader.key("vendors"))
    ids = tuple(vendors)
    price_leaf = _price_leaf(reader, tree)
    criteria = _criteria(reader.key("criteria"), tree, price_leaf)
    individual = reader.optional("individual")
    decimals = reader.optional("award_decimals")
    raw = _scores(reader.key("scores"), ids, criteria)
    return RankCase(
        tree=tree,
        names=names,
        criteria=criteria,
        vendors=ids,
        vendor_names=tuple(vendors.values()),
        raw=raw,
        not_applicable=_not_applicable(reader.optional("not_applicable"), ids, criteria, raw),
        knockouts=tuple(_knockout(item, ids) for item in entries_of(reader, "knockouts")),
        thresholds=tuple(
            _threshold(item, tree, price_leaf) for item in entries_of(reader, "thresholds")
        ),
        price=case_price.read(reader.optional("price"), ids, price_leaf),
        method=METHODS[reader.convention("method", METHODS)],
        missing=Missing(reader.convention("missing", [policy.value for policy in Missing])),
        award_decimals=decimals.integer(0, 12) if decimals else AWARD_DECIMALS,
        tie_break=tuple(_tie_break(item, tree) for item in entries_of(reader, "tie_break")),
        robustness=_robustness(reader.optional("robustness")),
        individual=_individual(individual, ids, criteria) if individual else None,
    )


def entries_of(reader: Reader, name: str) -> list[Reader]:
    child = reader.optional(name)
    return child.items() if child else []


def _id(reader: Reader) -> str:
    text = reader.text()
    if not ID.fullmatch(text):
        raise reader.error("Use letters, digits and . _ : - for an id, 64 at most.")
    return text


def one_of(reader: Reader, known: Sequence[str], what: str) -> str:
    text = _id(reader)
    if text not in known:
        raise reader.error(f"Name one of the {what}; {text} is none of them.")
    return text


def _tree(reader: Reader) -> tuple[Tree, dict[str, str]]:
    nodes, names, paths = [], {}, {}
    for item in reader.items(least=2, most=MOST_NODES):
        node = read_node(item)
        if node.id in paths:
            raise item.key("id").error("Give every criterion an id of its own.")
        name = item.optional("name")
        nodes.append(node)
        names[node.id] = name.text() if name else node.id
        paths[node.id] = item.path
    try:
        return check(nodes), names
    except InvalidInput as error:
        path = paths.get(error.path or "", reader.path)
        raise type(error)(error.sentence, path=path) from None


def read_node(item: Reader) -> Node:
    item.only("id", "name", "parent", "weight", "weights_of_children")
    parent, weight = item.optional("parent"), item.optional("weight")
    mode = item.optional("weights_of_children")
    return Node(
        id=_id(item.key("id")),
        parent=_id(parent) if parent else None,
        weight=weight.decimal(0) if weight else None,
        weights_of_children=mode.choice(MODES) if mode else None,
    )


def _price_leaf(reader: Reader, tree: Tree) -> str | None:
    """The leaf that prices are scored on, for formulae that give points."""
    price = reader.optional("price")
    if price is None:
        return None
    formula = PRICE_FORMULAE[price.convention("formula", PRICE_FORMULAE)]
    if not formula.lowest_wins:
        return one_of(price.key("criterion"), tree.leaves, "criteria without parts")
    leaf = price.optional("criterion")
    if leaf is not None:
        raise leaf.error(f"Leave this out: {formula.name} gives price no weight of its own.")
    return None


def _criteria(reader: Reader, tree: Tree, price_leaf: str | None) -> tuple[Criterion, ...]:
    found = {}
    for item in reader.items(least=1, most=MOST_NODES):
        one = read_criterion(item, [leaf for leaf in tree.leaves if leaf != price_leaf])
        if one.id in found:
            raise item.key("id").error("Describe every criterion once.")
        found[one.id] = one
    if price_leaf:
        found[price_leaf] = Criterion(price_leaf, priced=True)
    for leaf in tree.leaves:
        if leaf not in found:
            raise reader.error(f"Describe the scale of {leaf}.")
    return tuple(found[leaf] for leaf in tree.leaves)


def read_criterion(item: Reader, scored: Sequence[str]) -> Criterion:
    """Read the scale of one of the leaves that people score."""
    item.only("id", "scale", "direction", "value_function", "minimum")
    leaf = one_of(item.key("id"), scored, "criteria that are scored and have no parts")
    ends = [float(end.decimal()) for end in item.key("scale").items(least=2, most=2)]
    if not ends[0] < ends[1]:
        raise item.key("scale").error("Give the lower end of the scale first, then the higher.")
    if item.convention("direction", ("higher", "lower")) == "lower":
        ends.reverse()
    minimum, function = item.optional("minimum"), item.optional("value_function")
    return Criterion(
        id=leaf,
        worst=ends[0],
        best=ends[1],
        value_function=_value_function(function) if function else None,
        minimum=float(minimum.decimal()) if minimum else None,
    )


def _value_function(reader: Reader) -> ValueFunction:
    points = [point.items(least=2, most=2) for point in reader.items(least=2, most=100)]
    try:
        return ValueFunction(
            tuple(float(point[0].decimal()) for point in points),
            tuple(float(point[1].decimal()) for point in points),
        )
    except InvalidInput as error:
        raise error.at(reader.path) from None


def _vendors(reader: Reader) -> dict[str, str]:
    vendors: dict[str, str] = {}
    for item in reader.items(least=1, most=MOST_VENDORS):
        item.only("id", "name")
        vendor = _id(item.key("id"))
        if vendor in vendors:
            raise item.key("id").error("Give every vendor an id of its own.")
        vendors[vendor] = item.key("name").text()
    return vendors


def _scores(reader: Reader, vendors: Sequence[str], criteria: Sequence[Criterion]) -> Floats:
    """Return raw scores (V, C); what is null or absent is NaN."""
    raw = np.full((len(vendors), len(criteria)), np.nan)
    rows = {vendor: i for i, vendor in enumerate(vendors)}
    columns = {one.id: j for j, one in enumerate(criteria)}
    for vendor, line in reader.entries():
        if vendor not in rows:
            raise line.error("Score vendors of the list only.")
        for name, cell in line.entries():
            if name not in columns or criteria[columns[name]].priced:
                raise cell.error("Score criteria of the list only, and not the price.")
            if cell.raw is not None:
                raw[rows[vendor], columns[name]] = _score(cell, criteria[columns[name]])
    return frozen(raw)


def _score(cell: Reader, criterion: Criterion) -> float:
    ends = sorted((criterion.worst, criterion.best))
    score = float(cell.decimal())
    if not ends[0] <= score <= ends[1]:
        raise cell.error(f"Give a score from {ends[0]:g} to {ends[1]:g}; this is {score:g}.")
    return score


def _not_applicable(
    reader: Reader | None, vendors: Sequence[str], criteria: Sequence[Criterion], raw: Floats
) -> Flags:
    """Return the cells (V, C) that do not apply; none of them has a score."""
    flags = np.zeros(raw.shape, dtype=bool)
    scored = [one.id for one in criteria if not one.priced]
    columns = {one.id: j for j, one in enumerate(criteria)}
    for vendor, cells in reader.entries() if reader else ():
        if vendor not in vendors:
            raise cells.error("Name vendors of the list only.")
        for item in cells.items(most=MOST_NODES):
            at = vendors.index(vendor), columns[one_of(item, scored, "criteria that are scored")]
            if not np.isnan(raw[at]):
                raise item.error("Leave the score empty, or the criterion out here: not both.")
            flags[at] = True
    flags.flags.writeable = False
    return flags


def _knockout(item: Reader, vendors: Sequence[str]) -> Knockout:
    item.only("vendor", "code", "passed")
    passed = item.optional("passed")
    vendor = one_of(item.key("vendor"), vendors, "vendors")
    return Knockout(vendor, _id(item.key("code")), passed.flag() if passed else None)


def _threshold(item: Reader, tree: Tree, price_leaf: str | None) -> Threshold:
    item.only("on", "at_least_percent")
    on = one_of(item.key("on"), [node.id for node in tree.nodes], "criteria")
    if price_leaf and tree.share(price_leaf, on):
        raise item.key("on").error("Set thresholds on quality only: prices are scored afterwards.")
    return Threshold(on, float(item.key("at_least_percent").decimal(0, 100)))


def _tie_break(item: Reader, tree: Tree) -> TieBreak:
    item.only("by", "id")
    if item.key("by").choice(("node", "price")) == "price":
        return TieBreak("price")
    return TieBreak("node", one_of(item.key("id"), [node.id for node in tree.nodes], "criteria"))


def _robustness(reader: Reader | None) -> Robustness | None:
    if reader is None:
        return None
    reader.only("draws", "seed", "concentration")
    return Robustness(
        draws=reader.key("draws").integer(100, 1_000_000),
        seed=reader.key("seed").integer(0, LARGEST_SEED),
        concentration=float(reader.key("concentration").decimal(1, 1_000_000)),
    )


def _individual(
    reader: Reader, vendors: Sequence[str], criteria: Sequence[Criterion]
) -> Individual:
    names, sheets = [], []
    for name, sheet in reader.entries():
        if not ID.fullmatch(name):
            raise sheet.error("Use letters, digits and . _ : - for an id, 64 at most.")
        names.append(name)
        sheets.append(_scores(sheet, vendors, criteria))
    if not 0 < len(names) <= MOST_EVALUATORS:
        raise MissingScores(
            f"Give the scores of 1 to {MOST_EVALUATORS} evaluators.", path=reader.path
        )
    return Individual(tuple(names), frozen(np.stack(sheets)))
