"""Faults of a scoring rule, found before publication: codes and figures, prose is made elsewhere.

A rule may be wrong here: weights that miss 100 are a finding, not an error.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np
from numpy.typing import ArrayLike

from apps.engine.errors import InvalidInput, WeightsError
from apps.engine.matrix.inputs import Method, Missing
from apps.engine.matrix.prices.rule import PriceRule
from apps.engine.matrix.rank_case import Criterion, Threshold
from apps.engine.matrix.tenders import Simulation, simulate
from apps.engine.matrix.weights import Node, Tree, check, children_of
from apps.engine.numbers import text

TINY_PERCENT = 1
COMPRESSED = 0.5
FEW_DECIMALS = 2
WIDE_LIMITS = 5
HUNDRED = Decimal(100)

ERROR, WARNING, NOTE = "error", "warning", "note"

# What each documented flaw of a price formula is called in a report, and how bad it is.
FLAWS = {
    "convex": ("middle-bid-penalised", WARNING),
    "clamp": ("price-incentive-ends", WARNING),
    "slope-set-by-losers": ("losers-set-the-slope", WARNING),
    "cover-bids": ("cover-bids-move-the-reference", WARNING),
    "ignores-size": ("price-differences-ignored", WARNING),
    "implicit-weight": ("price-weight-implicit", NOTE),
    "needs-estimate": ("needs-cost-estimate", NOTE),
    "needs-money-values": ("needs-money-values", NOTE),
}


@dataclass(frozen=True)
class Finding:
    """One fault: `where` names a node, a formula or a method; `facts` are decimal strings."""

    code: str
    severity: str
    where: str
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A scoring rule as it would be published."""

    nodes: tuple[Node, ...]
    criteria: tuple[Criterion, ...]
    method: Method
    missing: Missing
    award_decimals: int
    tie_breaks: int = 0
    thresholds: tuple[Threshold, ...] = ()
    price: PriceRule | None = None
    price_decimals: int | None = None


def lint(rule: Rule, seed: int) -> tuple[Finding, ...]:
    """Return what is wrong with a rule, errors first; the seed is for the simulated bids."""
    found = [*_sums(rule.nodes), *_method(rule)]
    try:
        tree = check(rule.nodes)
    except WeightsError as error:
        if not any(one.severity == ERROR for one in found):
            found.append(Finding("weights-unusable", ERROR, error.path or ""))
    except InvalidInput as error:
        found.append(Finding("tree-broken", ERROR, error.path or ""))
    else:
        found += [*_dead(tree), *_scales(rule, tree), *_thresholds(rule, tree)]
    if rule.price is not None:
        found += _price(rule, rule.price, seed)
    return tuple(sorted(found, key=lambda one: (ERROR, WARNING, NOTE).index(one.severity)))


def _sums(nodes: Sequence[Node]) -> Iterator[Finding]:
    """Percentages that miss 100, and lists that weigh a parent together with its children."""
    under = children_of(nodes)
    for parent in nodes:
        children = under[parent.id]
        weights = [child.weight or Decimal(0) for child in children]
        total = sum(weights, Decimal(0))
        if not children:
            continue
        for at in _nested(weights) if total != HUNDRED else ():
            facts = {"sum": text(total), "weight": text(weights[at])}
            yield Finding("parent-and-children-in-one-list", ERROR, children[at].id, facts)
        if parent.weights_of_children == "percent" and total != HUNDRED:
            yield Finding("weights-miss-100", ERROR, parent.id, {"sum": text(total)})


def _nested(weights: Sequence[Decimal]) -> list[int]:
    """Return the places whose weight is the sum of the run behind it, if 100 is left without.

    A list such as 60, 40, 20, 40 weighs the first entry and its two parts.
    """
    found, kept, at = [], Decimal(0), 0
    while at < len(weights):
        kept += weights[at]
        run = next(
            (
                end
                for end in range(at + 3, len(weights) + 1)
                if weights[at] > 0 and sum(weights[at + 1 : end]) == weights[at]
            ),
            None,
        )
        if run is not None:
            found.append(at)
        at = run or at + 1
    return found if kept == HUNDRED else []


def _dead(tree: Tree) -> Iterator[Finding]:
    for leaf in tree.leaves:
        percent = tree.share(leaf) * 100
        if percent == 0:
            yield Finding("weight-zero", WARNING, leaf)
        elif percent < TINY_PERCENT:
            yield Finding("weight-tiny", WARNING, leaf, {"percent": text(float(percent))})


def _method(rule: Rule) -> Iterator[Finding]:
    method = rule.method
    if not method.award_rule:
        yield Finding("method-is-no-award-rule", ERROR, method.slug)
    if method.reverses_rank:
        yield Finding("method-reverses-rank", WARNING, method.slug)
    if rule.award_decimals < FEW_DECIMALS:
        facts = {"decimals": str(rule.award_decimals)}
        yield Finding("rounding-makes-ties", WARNING, method.slug, facts)
    if rule.tie_breaks == 0:
        yield Finding("no-tie-break", NOTE, method.slug)
    if rule.missing is Missing.EXCLUDE:
        yield Finding("missing-excluded", NOTE, method.slug)


def _reach(criterion: Criterion) -> tuple[float, float]:
    """Return the lowest and highest value that the scale can give."""
    if criterion.value_function is None:
        return 0.0, 1.0
    ends = criterion.value_function(np.array([criterion.worst, criterion.best]))
    return float(ends.min()), float(ends.max())


def _floor(criterion: Criterion) -> float | None:
    """Return the place of the minimum score between worst (0) and best (1)."""
    if criterion.minimum is None:
        return None
    return (criterion.minimum - criterion.worst) / (criterion.best - criterion.worst)


def _scales(rule: Rule, tree: Tree) -> Iterator[Finding]:
    for one in rule.criteria:
        if one.priced or one.id not in tree.leaves:
            continue
        low, high = _reach(one)
        if low > 0 or high < 1:
            facts = {"lowest_value": text(low), "highest_value": text(high)}
            yield Finding("scale-compressed", WARNING, one.id, facts)
        floor = _floor(one)
        if floor is None:
            continue
        if floor > 1:
            yield Finding("minimum-unreachable", ERROR, one.id)
        elif floor <= 0:
            yield Finding("minimum-without-effect", WARNING, one.id)
        elif floor >= COMPRESSED:
            weight = float(tree.share(one.id)) * 100
            facts = {"percent": text(weight), "effective_percent": text(weight * (1 - floor))}
            yield Finding("range-compressed", WARNING, one.id, facts)


def _thresholds(rule: Rule, tree: Tree) -> Iterator[Finding]:
    """Thresholds that nobody can reach, or that minimum scores make certain."""
    by_id = {one.id: one for one in rule.criteria}
    for threshold in rule.thresholds:
        shares = {leaf: float(tree.share(leaf, threshold.on)) for leaf in tree.leaves}
        inside = [leaf for leaf, share in shares.items() if share > 0 and leaf in by_id]
        best = sum(shares[leaf] * _reach(by_id[leaf])[1] for leaf in inside) * 100
        sure = sum(shares[leaf] * _least_value(by_id[leaf]) for leaf in inside) * 100
        facts = {"at_least_percent": text(threshold.at_least), "best_percent": text(best)}
        if threshold.at_least > best + 1e-9:
            yield Finding("threshold-unreachable", ERROR, threshold.on, facts)
        elif threshold.at_least <= sure:
            yield Finding("threshold-without-effect", WARNING, threshold.on, facts)


def _least_value(criterion: Criterion) -> float:
    """Return the lowest value that an admitted bid can have."""
    floor = min(max(_floor(criterion) or 0.0, 0.0), 1.0)
    raw = criterion.worst + floor * (criterion.best - criterion.worst)
    if criterion.value_function is None:
        return floor
    return float(criterion.value_function(np.array([raw]))[0])


def _price(rule: Rule, price: PriceRule, seed: int) -> Iterator[Finding]:
    formula = price.formula
    code, severity = FLAWS[formula.flaw]
    yield Finding(code, severity, formula.slug)
    if not formula.zero_allowed:
        yield Finding("zero-price-undefined", WARNING, formula.slug)
    if rule.price_decimals is not None:
        facts = {"decimals": str(rule.price_decimals)}
        yield Finding("price-points-rounded", WARNING, formula.slug, facts)
    yield from _limits(price)
    if formula.depends_on_others:
        yield _dependence(formula.slug, simulate(price, seed))


def _dependence(slug: str, seen: Simulation) -> Finding:
    """How often a losing bid decides, on simulated bids; and how little of the points is used."""
    facts = {
        "tenders": str(seen.tenders),
        "removed_loser_changes_award": text(seen.removal),
        "added_low_bid_changes_award": text(seen.addition),
        "share_of_price_points_used": text(seen.spread),
    }
    return Finding("award-depends-on-losers", WARNING, slug, facts)


def _limits(price: PriceRule) -> Iterator[Finding]:
    params, slug = price.params, price.formula.slug
    if "cap" in params and "floor" in params:
        facts = {"cap": text(params["cap"]), "floor": text(params["floor"])}
        if not params["floor"] < params["cap"]:
            yield Finding("price-limits-crossed", ERROR, slug, facts)
        elif params["cap"] > WIDE_LIMITS * max(params["floor"], 1e-9):
            yield Finding("price-limits-wide", WARNING, slug, facts)
    if slug == "price-per-quality" and not params.get("minimum_quality"):
        yield Finding("minimum-quality-missing", ERROR, slug)


@dataclass(frozen=True)
class FormulaResult:
    """Who wins under one formula; `undefined` says why nobody does."""

    slug: str
    winners: tuple[int, ...]
    undefined: str | None = None


def formula_matrix(
    q: ArrayLike, p: ArrayLike, formulas: Sequence[PriceRule]
) -> tuple[FormulaResult, ...]:
    """Award the same bids, quality q (V,) and prices p (V,), under several price formulae."""
    found = []
    for rule in formulas:
        try:
            found.append(FormulaResult(rule.formula.slug, rule.winners(q, p)))
        except InvalidInput as error:
            found.append(FormulaResult(rule.formula.slug, (), error.sentence))
    return tuple(found)
