"""From a rank case to the place of every vendor: gates first, then prices, then totals."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from apps.engine.errors import InvalidInput, MissingScores, WeightsError
from apps.engine.matrix.applicable import filled
from apps.engine.matrix.gates import Gates, pass_gates
from apps.engine.matrix.inputs import Floats, Missing, bounds, frozen, normalise
from apps.engine.matrix.prices.formula import Scored
from apps.engine.matrix.rank_case import PriceBlock, RankCase
from apps.engine.matrix.ranking import Ranking, places
from apps.engine.matrix.weights import roll_up
from apps.engine.numbers import round_half_up

FULL = 100.0


@dataclass(frozen=True, eq=False, kw_only=True)
class Totals:
    """Award totals (V,), NaN where not admitted: points of 100, or adjusted prices."""

    values: Floats
    points: Floats
    price: Scored | None


@dataclass(frozen=True, eq=False, kw_only=True)
class Scorecard:
    """Everything that the rule says about a case: arrays over all vendors V and leaves C.

    `values` hold NaN where a score is missing, and the vendor's own mean where a criterion does not
    apply to it; `points` is what each leaf contributes.
    """

    case: RankCase
    gates: Gates
    weights: Floats
    values: Floats
    award: Totals
    low: Floats
    high: Floats
    ranking: Ranking
    certain_winner: str | None

    @property
    def in_play(self) -> tuple[str, ...]:
        """The leaves that count."""
        return tuple(
            one.id for one, ok in zip(self.case.criteria, self.gates.active, strict=True) if ok
        )


def lowest_wins(case: RankCase) -> bool:
    """Whether the award goes to the lowest adjusted price; not while prices are sealed."""
    price = case.price
    return price is not None and price.prices is not None and price.formula.lowest_wins


def assess(case: RankCase) -> Scorecard:
    """Apply the published rule: knock-outs, minimums, prices of admitted bids, totals, ties."""
    if not case.method.award_rule:
        raise InvalidInput(
            f"{case.method.name} is a cross-check; award by weighted-sum.", path="method"
        )
    weights = roll_up(case.tree)
    scale = [(one.worst, one.best) for one in case.criteria]
    values = normalise(case.raw, scale, [one.value_function for one in case.criteria])
    gates = pass_gates(case, values)
    _need_prices(case, gates)
    if not weights[gates.active].sum() > 0:
        raise WeightsError("Every criterion with a weight is left out; no total is left.")
    lowest, highest = (
        np.where(gates.active, np.nan_to_num(filled(case, end, gates.active)), 0.0)
        for end in bounds(values, Missing.ZERO)
    )
    award = total(case, gates, weights, lowest)
    ends = np.sort(np.stack([award.values, total(case, gates, weights, highest).values]), axis=0)
    return Scorecard(
        case=case,
        gates=gates,
        weights=weights,
        values=_with_price(
            case, frozen(np.where(case.not_applicable, lowest, values)), award, weights
        ),
        award=award,
        low=frozen(ends[0]),
        high=frozen(ends[1]),
        ranking=_rank(case, gates, award),
        certain_winner=_certain(case, gates, ends),
    )


def total(case: RankCase, gates: Gates, weights: Floats, values: Floats) -> Totals:
    """Return award totals for values (V, C) without gaps; the price column is filled in here."""
    points = FULL * values * weights
    price = case.price
    if price is None or price.prices is None:
        return _admitted(gates, points.sum(axis=1), points, None)
    quality = points.sum(axis=1)
    scored = _score(price, price.prices, gates, quality, _price_points(case, weights))
    if price.formula.lowest_wins:
        return Totals(values=scored.values, points=frozen(points), price=scored)
    column = _price_column(case)
    points[:, column] = np.nan_to_num(scored.values) * (weights[column] > 0)
    return _admitted(gates, points.sum(axis=1), points, scored)


def _admitted(gates: Gates, totals: Floats, points: Floats, price: Scored | None) -> Totals:
    values = np.where(gates.admitted, totals, np.nan)
    return Totals(values=frozen(values), points=frozen(points), price=price)


def _price_column(case: RankCase) -> int:
    return [one.priced for one in case.criteria].index(True)


def _price_points(case: RankCase, weights: Floats) -> float:
    """Points that price carries; 100 where its weight is 0, so that the formula stays defined."""
    if case.price is None or case.price.criterion is None:
        return FULL
    return float(weights[_price_column(case)]) * FULL or FULL


def _score(
    price: PriceBlock, prices: Floats, gates: Gates, quality: Floats, points: float
) -> Scored:
    try:
        scored = price.formula.score(
            prices, points, price.params, gates.admitted, quality=quality, days=price.days
        )
    except InvalidInput as error:
        raise error.at("price.prices") from None
    if price.decimals is None:
        return scored
    rounded = [
        float(round_half_up(float(x), price.decimals)) if ok else np.nan
        for x, ok in zip(scored.values, gates.admitted, strict=True)
    ]
    return Scored(values=frozen(rounded), clamped=scored.clamped, reference=scored.reference)


def _with_price(case: RankCase, values: Floats, award: Totals, weights: Floats) -> Floats:
    """Return values whose price column is the share of the price points."""
    if award.price is None or lowest_wins(case):
        return values
    filled = np.array(values)
    filled[:, _price_column(case)] = award.price.values / _price_points(case, weights)
    return frozen(filled)


def _rank(case: RankCase, gates: Gates, award: Totals) -> Ranking:
    sign = -1 if lowest_wins(case) else 1
    keys = [
        sign * round_half_up(float(x), case.award_decimals) if ok else None
        for x, ok in zip(award.values, gates.admitted, strict=True)
    ]
    place, tied, broken = places(keys, [_order(case, award, i) for i in range(len(case.tie_break))])
    return Ranking(
        total=award.values, contribution=award.points, award=tuple(keys),
        rank=place, tied_with=tied, broken_by=broken,
    )  # fmt: skip


def _order(case: RankCase, award: Totals, place: int) -> Sequence[Decimal]:
    """Return the figures of one published tie-break, more is better."""
    rule = case.tie_break[place]
    if rule.node is not None:
        leaves = [float(case.tree.share(leaf, rule.node) > 0) for leaf in case.tree.leaves]
        figures = award.points @ np.array(leaves)
    elif case.price is not None and case.price.prices is not None:
        figures = -np.nan_to_num(case.price.prices)
    else:
        figures = np.zeros(len(case.vendors))
    return [round_half_up(float(x), case.award_decimals) for x in figures]


def _certain(case: RankCase, gates: Gates, ends: Floats) -> str | None:
    """Return the vendor that wins whatever the missing scores would have been (maths.md 1.4)."""
    inside = np.flatnonzero(gates.admitted)
    low, high = (
        [round_half_up(float(x), case.award_decimals) for x in end[inside]] for end in ends
    )
    worst, best = ([-x for x in high], [-x for x in low]) if lowest_wins(case) else (low, high)
    for place, i in enumerate(inside):
        if all(best[k] < worst[place] for k in range(len(inside)) if k != place):
            return case.vendors[i]
    return None


def _need_prices(case: RankCase, gates: Gates) -> None:
    if case.price is None or case.price.prices is None:
        return
    for vendor, price, ok in zip(case.vendors, case.price.prices, gates.admitted, strict=True):
        if ok and np.isnan(price):
            raise MissingScores(
                "Give a price for this vendor, or exclude it.", path=f"price.prices.{vendor}"
            )
