"""Writes how robust the award of a scorecard is, as plain data."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from apps.engine.errors import PriceFormulaUndefined
from apps.engine.matrix import bidders
from apps.engine.matrix.case_intervals import weight_intervals
from apps.engine.matrix.inputs import Floats
from apps.engine.matrix.linter import formula_matrix
from apps.engine.matrix.methods import METHODS
from apps.engine.matrix.model import Model, model, price_rule
from apps.engine.matrix.prices import PRICE_FORMULAE
from apps.engine.matrix.prices.rule import PriceRule, firsts
from apps.engine.matrix.rank_case import PriceBlock
from apps.engine.matrix.scorecard import Scorecard
from apps.engine.matrix.sensitivity import criterion_power, value_of_quality
from apps.engine.matrix.smaa import Smaa, smaa
from apps.engine.matrix.spaces import Dirichlet, Simplex
from apps.engine.matrix.stability import award_move, least_move
from apps.engine.numbers import text, texts
from apps.engine.reading import Json

FEWEST = 3  # admitted vendors; below it there is no field whose order could be robust
EMPTY: dict[str, Json] = dict.fromkeys(
    (
        "weight_intervals", "award_move", "criteria_power", "smaa", "cross_checks",
        "leave_one_out", "phantom", "formula_matrix", "value_of_quality",
    )
)  # fmt: skip
CLAIMS = tuple(name for name in EMPTY if name not in {"criteria_power", "value_of_quality"})


def robustness(card: Scorecard) -> dict[str, Json]:
    """Return every analysis of the award; None for those that the case leaves undefined.

    Of one or two admitted vendors nothing is claimed: what is left are plain figures of the award.
    """
    found = EMPTY | _of_weights(card, model(card)) | _of_bids(card)
    if card.gates.admitted.sum() < FEWEST:
        return found | dict.fromkeys(CLAIMS)
    return found


def _of_weights(card: Scorecard, found: Model | None) -> dict[str, Json]:
    if found is None:
        return {}
    return {
        "weight_intervals": weight_intervals(card, found),
        "award_move": _move(found),
        "criteria_power": _power(found),
        "smaa": _smaa(card, found),
        "cross_checks": [_cross_check(found, slug) for slug in METHODS],
    }


def _maybe(figure: float, factor: float = 1.0) -> str | None:
    return text(figure * factor) if np.isfinite(figure) else None


def _move(found: Model) -> Json:
    """The least weight that has to move, in percent points, for the award and for each rival."""
    percent = found.attainable * 100
    rivals = [i for i in range(len(found.vendors)) if i != found.winner]
    single = [least_move(found.values, found.weights, found.winner, b) for b in rivals]
    each: list[Json] = [
        {
            "id": found.vendors[one.rival],
            "moved": None if one.moved is None else text(one.moved * percent),
            "dominated": one.dominates,
        }
        for one in single
    ]
    least = award_move(found.values, found.weights, found.winner)
    if least is None or least.moved is None:
        return {"possible": False, "rivals": each}
    return {
        "possible": True,
        "rival": found.vendors[least.rival],
        "moved": text(least.moved * percent),
        "tie_only": least.tie_only,
        "to": found.criteria[least.to],
        "from": {
            name: text(float(given) * percent)
            for name, given in zip(found.criteria, least.gives, strict=True)
            if given > 0
        },
        "weights_after": _named(found.criteria, least.weights * percent),
        "rivals": each,
    }


def _named(names: Sequence[str], figures: Floats) -> dict[str, Json]:
    return dict(zip(names, texts(float(x) for x in figures), strict=True))


def _power(found: Model) -> Json:
    """Weight beside what the criterion decides, both in percent."""
    power = criterion_power(found.values, found.weights) * 100
    weights = found.weights * found.attainable * 100
    return [
        {"id": name, "weight": text(float(w)), "power": text(float(p))}
        for name, w, p in zip(found.criteria, weights, power, strict=True)
    ]


def _smaa(card: Scorecard, found: Model) -> Json:
    asked = card.case.robustness
    if asked is None:
        return None
    around = Dirichlet(found.weights, asked.concentration)
    everywhere = Simplex(len(found.criteria))
    return {
        "draws": asked.draws,
        "concentration": text(asked.concentration),
        "around_published": _shares(found, smaa(found.values, around, asked.draws, asked.seed)),
        "all_weights": _shares(found, smaa(found.values, everywhere, asked.draws, asked.seed)),
    }


def _shares(found: Model, seen: Smaa) -> Json:
    vendors: list[Json] = [
        {
            "id": vendor,
            "first": text(float(seen.acceptability[i, 0])),
            "first_low": text(float(seen.first_low[i])),
            "first_high": text(float(seen.first_high[i])),
            "places": texts(float(x) for x in seen.acceptability[i]),
            "confidence": _maybe(float(seen.confidence[i])),
            "central_weights": None
            if np.isnan(seen.confidence[i])
            else _named(found.criteria, seen.central[i] * found.attainable * 100),
            "ahead_of": _named(found.vendors, seen.pairwise[i]),
        }
        for i, vendor in enumerate(found.vendors)
    ]
    return {"vendors": vendors}


def _cross_check(found: Model, slug: str) -> Json:
    """Who wins under another method, and how that method stands the tests of rank reversal."""
    method = METHODS[slug]
    totals = method.totals(found.values, found.weights)
    order = np.argsort(-totals, kind="stable")
    tests: dict[str, Json] = {"leave_one_out": [], "copy": [], "pairs": []}
    if method.reverses_rank:
        out = bidders.leave_one_out(found.values, found.weights, method)
        copies = bidders.add_copy(found.values, found.weights, method)
        pairs = bidders.transitivity(found.values, found.weights, method)
        tests = {
            "leave_one_out": [found.vendors[i] for i in out.changed_by],
            "copy": [found.vendors[i] for i in copies],
            "pairs": [[found.vendors[a], found.vendors[b]] for a, b in pairs],
        }
    return {
        "method": slug,
        "version": method.version,
        "award_rule": method.award_rule,
        "winners": [found.vendors[i] for i in firsts(totals)],
        "totals": _named([found.vendors[i] for i in order], totals[order]),
        "reversals": tests,
    }


def _of_bids(card: Scorecard) -> dict[str, Json]:
    found = price_rule(card)
    price = card.case.price
    if found is None or price is None:
        return {}
    quality, prices, rule = found
    names = [v for v, ok in zip(card.case.vendors, card.gates.admitted, strict=True) if ok]
    return {
        "leave_one_out": _left_out(names, bidders.bidder_influence(quality, prices, rule)),
        "phantom": _phantom(names, quality, prices, rule),
        "formula_matrix": _formulas(names, quality, prices, rule, price),
        "value_of_quality": _worth(names, quality, prices, rule),
    }


def _left_out(names: Sequence[str], seen: bidders.Influence) -> Json:
    return {
        "changed_by": [names[i] for i in seen.changed_by],
        "without": [
            {"left_out": names[i], "winners": [names[k] for k in winners]}
            for i, winners in seen.without
        ],
    }


def _phantom(names: Sequence[str], quality: Floats, prices: Floats, rule: PriceRule) -> Json:
    if rule.formula.slug != "lowest-over-price":
        return None
    seen = bidders.phantom_price(quality, prices, rule.points)
    ties: Mapping[str, Json] = {
        name: _maybe(float(tie)) for name, tie in zip(names, seen.ties, strict=True)
    }
    if seen.price is None or seen.new_winner is None or seen.quality_below is None:
        return {"possible": False, "ties": ties}
    return {
        "possible": True,
        "price": text(seen.price),
        "new_winner": names[seen.new_winner],
        "quality_below": text(seen.quality_below),
        "ties": ties,
    }


def _formulas(
    names: Sequence[str], quality: Floats, prices: Floats, rule: PriceRule, price: PriceBlock
) -> Json:
    """Who wins under the published formula, under those the case names, and under the plain ones."""
    given = {rule.formula.slug: rule}
    for formula, params in price.alternatives:
        given.setdefault(formula.slug, replace(rule, formula=formula, params=params, decimals=None))
    for formula in PRICE_FORMULAE.values():
        if not any(field.required for field in formula.fields):
            other = replace(rule, formula=formula, params={}, decimals=None)
            given.setdefault(formula.slug, other)
    rules = [
        one for one in given.values() if one.formula.lowest_wins or not rule.formula.lowest_wins
    ]
    return [
        {
            "formula": seen.slug,
            "published": seen.slug == rule.formula.slug,
            "depends_on_others": PRICE_FORMULAE[seen.slug].depends_on_others,
            "winners": [names[i] for i in seen.winners],
            "defined": seen.undefined is None,
        }
        for seen in formula_matrix(quality, prices, rules)
    ]


def _worth(names: Sequence[str], quality: Floats, prices: Floats, rule: PriceRule) -> Json:
    """Money per quality point: implied by the rule at the award, and paid against each rival."""
    a = rule.winners(quality, prices)[0]
    try:
        seen = [value_of_quality(quality, prices, rule, a, b) for b in range(len(names))]
    except PriceFormulaUndefined:
        return None
    implied = seen[a].implied
    return {
        "winner": names[a],
        "implied": None if implied is None else _significant(implied),
        "rivals": [
            {
                "id": names[one.rival],
                "quality_gap": text(one.quality_gap),
                "price_gap": text(one.price_gap),
                "paid": None if one.paid is None else _significant(one.paid),
            }
            for one in seen
            if one.rival != a
        ],
    }


def _significant(figure: float) -> str:
    """Write 8 significant digits: what finite differences are good for on every machine."""
    return text(float(f"{figure:.8g}"))
