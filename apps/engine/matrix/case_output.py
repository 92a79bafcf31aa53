"""Writes a scorecard as plain data: every figure a decimal string, every name ASCII."""

import numpy as np

from apps.engine.matrix.inputs import Floats
from apps.engine.matrix.model import model
from apps.engine.matrix.rank_case import PriceBlock, RankCase
from apps.engine.matrix.scorecard import FULL, Scorecard, lowest_wins
from apps.engine.matrix.weights import AS_PUBLISHED
from apps.engine.numbers import text
from apps.engine.reading import Json

VERSION = "1"
OWN_MEAN = "own-weighted-mean"  # what stands in a cell that does not apply to a vendor


def method(case: RankCase) -> dict[str, Json]:
    """Name the methods, formulae and conventions of a case, each with its version."""
    filled = {"not_applicable": OWN_MEAN} if case.not_applicable.any() else {}
    return {
        "calculator": "matrix",
        "version": VERSION,
        "scoring": {"slug": case.method.slug, "version": case.method.version},
        "price_formula": _formula(case.price) if case.price else None,
        "missing": case.missing.value,
        "award_decimals": case.award_decimals,
        "rounding": "half-up",
        "ties": "competition-ranking",
        **filled,
    }


def _formula(price: PriceBlock) -> dict[str, Json]:
    return {
        "slug": price.formula.slug,
        "version": price.formula.version,
        "params": {name: text(value) for name, value in price.params.items()},
        "depends_on_others": price.formula.depends_on_others,
        "lowest_wins": price.formula.lowest_wins,
        "decimals": price.decimals,
    }


def result(card: Scorecard) -> dict[str, Json]:
    case = card.case
    return {
        "basis": _basis(card),
        "weights": {"nodes": _nodes(case), "converted": list(case.tree.converted)},
        "criteria_in_play": list(card.in_play),
        "vendors": [_vendor(card, i) for i in range(len(case.vendors))],
        "order": _order(card),
        "winners": [case.vendors[i] for i in card.ranking.winners],
        "margin": margin(card),
        "certain_winner": card.certain_winner,
        "price": _price(card),
    }


def _basis(card: Scorecard) -> dict[str, Json]:
    """Say what a total is, and how much there is to reach."""
    if lowest_wins(card.case) and card.case.price:
        return {"total": "adjusted-price", "unit": card.case.price.currency, "wins": "lowest"}
    attainable = text(FULL * float(card.weights[card.gates.active].sum()))
    return {"total": "points", "unit": "points", "wins": "highest", "attainable": attainable}


def _nodes(case: RankCase) -> list[Json]:
    tree = case.tree
    return [
        {
            "id": node.id,
            "name": case.names[node.id],
            "parent": node.parent,
            "leaf": not tree.children[node.id],
            "given": None if node.weight is None else text(node.weight, 18),
            "percent_of_parent": text(float(tree.local[node.id]) * 100),
            "percent_of_total": text(float(tree.share(node.id)) * 100),
        }
        for node in tree.nodes
    ]


def _vendor(card: Scorecard, i: int) -> dict[str, Json]:
    case, ok = card.case, bool(card.gates.admitted[i])
    points = card.award.points[i]
    priced = np.array([one.priced for one in case.criteria])
    missing = [
        one.id
        for j, one in enumerate(case.criteria)
        if np.isnan(card.values[i, j]) and not one.priced and card.gates.active[j]
    ]
    return {
        "id": case.vendors[i],
        "name": case.vendor_names[i],
        "admitted": ok,
        "reasons": [dict(reason) for reason in card.gates.reasons[i]],
        "rank": card.ranking.rank[i],
        "tied_with": [case.vendors[k] for k in card.ranking.tied_with[i]],
        "tie_broken_by": _broken(card, i),
        "total": text(float(card.award.values[i]), case.award_decimals) if ok else None,
        "total_low": text(float(card.low[i]), case.award_decimals) if ok else None,
        "total_high": text(float(card.high[i]), case.award_decimals) if ok else None,
        "quality": text(_quality(card, i)),
        "missing": missing,
        "values": _by_leaf(card, card.values[i]),
        "contributions": _by_leaf(card, np.where(priced & (not ok), np.nan, points)),
        "nodes": _by_node(case, points),
    }


def _quality(card: Scorecard, i: int) -> float:
    """Points of all leaves but the price."""
    return float(
        sum(card.award.points[i, j] for j, one in enumerate(card.case.criteria) if not one.priced)
    )


def _broken(card: Scorecard, i: int) -> Json:
    place = card.ranking.broken_by[i]
    if place is None:
        return None
    rule = card.case.tie_break[place]
    return {"place": place + 1, "by": rule.by, "id": rule.node}


def _by_leaf(card: Scorecard, figures: Floats) -> dict[str, Json]:
    """Return a figure for each leaf in play; None where the score is missing."""
    pairs = zip(card.case.criteria, figures, card.gates.active, strict=True)
    return {one.id: None if np.isnan(x) else text(float(x)) for one, x, on in pairs if on}


def _by_node(case: RankCase, points: Floats) -> dict[str, Json]:
    """Points of every group of criteria."""
    sums = {node.id: 0.0 for node in case.tree.nodes if case.tree.children[node.id]}
    for leaf, figure in zip(case.tree.leaves, points, strict=True):
        parent = case.tree.parents[leaf]
        while parent is not None:
            sums[parent] += float(figure)
            parent = case.tree.parents[parent]
    return {node: text(value) for node, value in sums.items()}


def _order(card: Scorecard) -> list[Json]:
    """Vendors in order of rank; those that share a rank stand together."""
    found: dict[int, list[str]] = {}
    for vendor, rank in zip(card.case.vendors, card.ranking.rank, strict=True):
        if rank is not None:
            found.setdefault(rank, []).append(vendor)
    return [{"rank": rank, "vendors": found[rank]} for rank in sorted(found)]


def margin(card: Scorecard) -> Json:
    """Distance between the first two of the order, in the unit of the totals."""
    order = sorted((rank, i) for i, rank in enumerate(card.ranking.rank) if rank is not None)
    if len(order) < 2:
        return None
    first, second = order[0][1], order[1][1]
    gap = abs(float(card.award.values[first] - card.award.values[second]))
    return {
        "first": card.case.vendors[first],
        "second": card.case.vendors[second],
        "gap": text(gap, card.case.award_decimals),
    }


def _price(card: Scorecard) -> Json:
    price, scored = card.case.price, card.award.price
    if price is None:
        return None
    if price.prices is None or scored is None:
        return {"opened": False, "criterion": price.criterion, "currency": price.currency}
    vendors: list[Json] = [
        {
            "id": vendor,
            "price": None if np.isnan(price.prices[i]) else text(float(price.prices[i])),
            "scored": text(float(scored.values[i])) if card.gates.admitted[i] else None,
            "clamped": bool(scored.clamped[i]),
        }
        for i, vendor in enumerate(card.case.vendors)
    ]
    return {
        "opened": True,
        "criterion": price.criterion,
        "currency": price.currency,
        "reference": {name: text(value) for name, value in scored.reference.items()},
        "vendors": vendors,
    }


def warnings(card: Scorecard) -> tuple[Json, ...]:
    """Typed facts that a reader of the result has to know."""
    found: list[Json] = [
        {"code": "weights-converted", "node": node.id, "from": node.weights_of_children}
        for node in card.case.tree.nodes
        if node.id in card.case.tree.converted and node.weights_of_children not in AS_PUBLISHED
    ]
    found += [
        {"code": "criterion-excluded", "criterion": one.id}
        for one, on in zip(card.case.criteria, card.gates.active, strict=True)
        if not on and not one.priced
    ]
    found += [
        {
            "code": "not-applicable-filled",
            "vendor": vendor,
            "criteria": [one.id for one, na in zip(card.case.criteria, row, strict=True) if na],
        }
        for vendor, row in zip(card.case.vendors, card.case.not_applicable, strict=True)
        if row.any()
    ]
    if not card.gates.admitted.any():
        found.append({"code": "nobody-admitted"})
    elif model(card) is None:
        found.append({"code": "analysis-undefined"})
    found += _price_warnings(card)
    return tuple(found)


def _price_warnings(card: Scorecard) -> list[Json]:
    price, scored = card.case.price, card.award.price
    if price is None:
        return []
    if scored is None:
        return [{"code": "prices-not-opened"}]
    found: list[Json] = [
        {"code": "price-points-clamped", "vendor": vendor}
        for vendor, held in zip(card.case.vendors, scored.clamped, strict=True)
        if held
    ]
    if price.formula.depends_on_others:
        found.append({"code": "price-depends-on-others", "formula": price.formula.slug})
    if price.decimals is not None:
        found.append({"code": "price-points-rounded", "decimals": price.decimals})
    return found
