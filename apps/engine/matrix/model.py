"""The award of a scorecard as one weighted sum over the admitted vendors.

Exact analyses of weights and SMAA need a sum that is linear in the weights. Points are one. An
adjusted price has the same order as one: Q / cost for the price per quality point, and money
per point times Q minus price for monetised quality (weights add up to 1, so that subtracting
the price from every value subtracts it from the sum).
"""

from dataclasses import dataclass, replace

import numpy as np

from apps.engine.matrix.inputs import Flags, Floats, Ints, frozen
from apps.engine.matrix.prices.rule import PriceRule
from apps.engine.matrix.rank_case import PriceBlock
from apps.engine.matrix.scorecard import FULL, Scorecard, lowest_wins


@dataclass(frozen=True, eq=False, kw_only=True)
class Model:
    """Values (A, K) inside 0..1 and weights (K,) adding up to 1, over what is in play.

    `attainable` is the share 0..1 of the published weights that is in play, so that a weight of
    the model times it is a published one. `winner` is the row in first place. A total of
    scored criteria alone is `factor` * (w . x) + `fixed`, all (A,), in units of `unit` times
    `scale`; `scored` (K,) marks these criteria.
    """

    vendors: tuple[str, ...]
    criteria: tuple[str, ...]
    values: Floats
    weights: Floats
    attainable: float
    winner: int
    scored: Flags
    factor: Floats
    fixed: Floats
    scale: float | None


def model(card: Scorecard) -> Model | None:
    """Return the linear model, or None where nobody is admitted or a cost of 0 has no order."""
    rows, columns = np.flatnonzero(card.gates.admitted), np.flatnonzero(card.gates.active)
    if rows.size == 0:
        return None
    weights = card.weights[columns]
    attainable = float(weights.sum())
    values = np.nan_to_num(card.values[np.ix_(rows, columns)])
    scored = np.array([not card.case.criteria[j].priced for j in columns])
    plain = Model(
        vendors=tuple(card.case.vendors[i] for i in rows),
        criteria=tuple(card.case.criteria[j].id for j in columns),
        # price points rounded up can pass their maximum; a common factor changes no order
        values=frozen(values / max(float(values.max()), 1.0)),
        weights=frozen(weights / attainable),
        attainable=attainable,
        winner=int(np.flatnonzero(rows == card.ranking.winners[0])[0]),
        scored=scored,
        factor=np.ones(rows.size),
        fixed=frozen(values[:, ~scored] @ weights[~scored]),
        scale=FULL,
    )
    price = card.case.price
    if price is None or price.prices is None or not lowest_wins(card.case):
        return plain
    return _adjusted(plain, price, price.prices[rows], rows)


def cost(price: PriceBlock, prices: Floats, rows: Ints) -> Floats:
    """Return prices with the user cost of the days, (A,)."""
    days = np.zeros(prices.size) if price.days is None else price.days[rows]
    return np.asarray(prices + price.params.get("user_cost_per_day", 0.0) * days)


def _adjusted(plain: Model, price: PriceBlock, prices: Floats, rows: Ints) -> Model | None:
    if "money_per_point" in price.params:
        money = price.params["money_per_point"] * FULL * plain.attainable
        worth = money * plain.values - prices[:, None]
        low, high = float(worth.min()), float(worth.max())
        return replace(
            plain,
            values=frozen((worth - low) / (high - low or 1.0)),
            factor=np.full(prices.size, price.params["money_per_point"] * FULL),
            fixed=frozen(-prices),
            scale=1.0,
        )
    paid = cost(price, prices, rows)
    if not (paid > 0).all():
        return None
    factor = paid.min() / paid
    return replace(plain, values=frozen(plain.values * factor[:, None]), factor=factor, scale=None)


def price_rule(card: Scorecard) -> tuple[Floats, Floats, PriceRule] | None:
    """Return quality points and prices (A,) of the admitted bids, and the published rule.

    None where prices are sealed or carry no weight.
    """
    price, rows = card.case.price, np.flatnonzero(card.gates.admitted)
    if price is None or price.prices is None or rows.size == 0:
        return None
    priced = np.array([one.priced for one in card.case.criteria])
    points = FULL if price.formula.lowest_wins else float(card.weights[priced].sum()) * FULL
    if points == 0:
        return None
    quality = card.award.points[np.ix_(rows, ~priced)].sum(axis=1)
    params = {k: v for k, v in price.params.items() if k != "user_cost_per_day"}
    rule = PriceRule(formula=price.formula, points=points, params=params, decimals=price.decimals)
    return quality, cost(price, price.prices[rows], rows), rule
