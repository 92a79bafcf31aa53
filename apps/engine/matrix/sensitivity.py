"""What each criterion does for the result, and what a quality point is worth in money."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from apps.engine.errors import InvalidInput, PriceFormulaUndefined
from apps.engine.matrix.inputs import Floats, frozen
from apps.engine.matrix.prices.rule import PriceRule
from apps.engine.matrix.stability import additive

STEP = 1e-6  # relative step of the finite differences


def criterion_power(values: ArrayLike, weights: ArrayLike) -> Floats:
    """Return w_j (max_i v_ij - min_i v_ij) as a share of their sum, (C,); all 0 if all are 0."""
    v, w = additive(values, weights)
    power = w * np.ptp(v, axis=0)
    total = float(power.sum())
    return frozen(power / total if total > 0 else power)


@dataclass(frozen=True)
class QualityValue:
    """Money for one quality point, between a winner and one rival.

    `implied` is the price rise that costs the winner as much as one quality point gains it, at
    the award; None where a little more price changes nothing. `paid` is what the winner really
    costs more for each quality point by which it is better; None where both are equally good.
    """

    winner: int
    rival: int
    quality_gap: float
    price_gap: float
    implied: float | None
    paid: float | None


def value_of_quality(q: ArrayLike, p: ArrayLike, rule: PriceRule, a: int, b: int) -> QualityValue:
    """Return -(dS/dQ) / (dS/dP) of the winner a, and what is paid against b (maths.md 6.8).

    q (V,) quality points, p (V,) prices. The whole formula is evaluated again at every step,
    because the winner's price may be the reference of all.
    """
    quality, prices = frozen(q, ndim=1), frozen(p, ndim=1)
    if quality.shape != prices.shape or not (0 <= a < quality.size and 0 <= b < quality.size):
        raise InvalidInput("Give quality and price of every vendor, and two of the vendors.")
    if prices[a] <= 0:
        raise PriceFormulaUndefined("The value of quality needs a price above 0.")
    price_gap, quality_gap = float(prices[a] - prices[b]), float(quality[a] - quality[b])
    return QualityValue(
        winner=a,
        rival=b,
        quality_gap=quality_gap,
        price_gap=price_gap,
        implied=_implied(quality, prices, rule, a),
        paid=price_gap / quality_gap if abs(quality_gap) > STEP else None,
    )


def _implied(quality: Floats, prices: Floats, rule: PriceRule, a: int) -> float | None:
    by_quality = _slope(rule, quality, prices, a, of_price=False)
    by_price = _slope(rule, quality, prices, a, of_price=True)
    if abs(by_price) * prices[a] <= STEP * max(rule.points, 1.0):
        return None
    return -by_quality / by_price


def _slope(rule: PriceRule, quality: Floats, prices: Floats, a: int, *, of_price: bool) -> float:
    """Return the central difference of the winner's merit by its own price or quality."""
    at = prices if of_price else quality
    step = STEP * max(abs(float(at[a])), 1.0 if not of_price else 0.0)
    bump = np.zeros(at.size)
    bump[a] = step
    ends = [
        rule.merit(quality, prices + sign * bump)[a]
        if of_price
        else rule.merit(quality + sign * bump, prices)[a]
        for sign in (1, -1)
    ]
    return float(ends[0] - ends[1]) / (2 * step)
