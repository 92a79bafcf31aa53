"""What bidders who do not win do to the award: left out, added, copied (maths.md 3.4, 6.4)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from apps.engine.errors import InvalidInput, PriceFormulaUndefined
from apps.engine.matrix.inputs import Floats, Method, frozen
from apps.engine.matrix.prices.rule import PriceRule, firsts
from apps.engine.matrix.stability import additive

JUST_BELOW = 1 - 1e-9
LEVEL = 1 + 1e-12  # float noise of a tie at today's lowest price


@dataclass(frozen=True)
class Influence:
    """Who wins with everybody, and who wins when one losing bidder (by row) had stayed away."""

    winners: tuple[int, ...]
    without: tuple[tuple[int, tuple[int, ...]], ...]

    @property
    def changed_by(self) -> tuple[int, ...]:
        """The losing bidders whose presence decides the award."""
        return tuple(i for i, winners in self.without if winners != self.winners)


def bidder_influence(q: ArrayLike, p: ArrayLike, rule: PriceRule) -> Influence:
    """Remove each losing bid in turn and award again; q (V,) quality points, p (V,) prices."""
    quality, prices = frozen(q, ndim=1), frozen(p, ndim=1)
    winners = rule.winners(quality, prices)
    losers = [i for i in range(quality.size) if i not in winners]
    if not rule.formula.depends_on_others:
        return Influence(winners, tuple((i, winners) for i in losers))
    without = []
    kept = np.ones(quality.size, dtype=bool)
    for i in losers:
        kept[i] = False
        found = firsts(rule.merit_of_checked(quality[kept], prices[kept]))
        without.append((i, tuple(k + (k >= i) for k in found)))
        kept[i] = True
    return Influence(winners, tuple(without))


@dataclass(frozen=True, eq=False, kw_only=True)
class Phantom:
    """A losing low bid that would flip an award made by lowest over price.

    `ties` (V,): lowest price at which each rival draws level with the winner, NaN where none
    does. `price` is the highest lowest price below which `new_winner` is first, None where no
    losing bid can do it; the phantom loses as long as its quality stays below `quality_below`.
    """

    winner: int
    ties: Floats
    price: float | None = None
    new_winner: int | None = None
    quality_below: float | None = None


def phantom_price(q: ArrayLike, p: ArrayLike, points: float) -> Phantom:
    """Return the price of a losing bid that would move the award (maths.md 6.4).

    S_a - S_b = Q_a - Q_b + W P_min (1 / P_a - 1 / P_b) is linear in P_min.
    """
    quality, prices = frozen(q, ndim=1), frozen(p, ndim=1)
    if quality.shape != prices.shape or quality.size == 0:
        raise InvalidInput("Give quality points and a price for every vendor.")
    if not (prices > 0).all() or not points > 0:
        raise PriceFormulaUndefined("Lowest over price needs prices and points above 0.")
    lowest = float(prices.min())
    a = int(np.argmax(quality + points * lowest / prices))
    slope = points * (1 / prices[a] - 1 / prices)
    with np.errstate(divide="ignore", invalid="ignore"):
        ties = np.where(slope != 0, (quality - quality[a]) / slope, np.nan)
    # A rival level with the winner today leads as soon as the lowest price falls at all.
    below = {min(float(x), lowest) for x in ties if 0 < x <= lowest * LEVEL}
    for price in sorted(below, reverse=True):
        totals = quality + points * (price * JUST_BELOW) / prices
        first, room = int(np.argmax(totals)), float(totals.max()) - points
        if first != a and room > 0:
            return Phantom(
                winner=a, ties=frozen(ties), price=price, new_winner=first, quality_below=room
            )
    return Phantom(winner=a, ties=frozen(ties))


def leave_one_out(values: ArrayLike, weights: ArrayLike, method: Method) -> Influence:
    """Remove each losing vendor in turn and rank again by a scoring method."""
    v, w = additive(values, weights)
    winners = firsts(method.totals(v, w))
    losers = [i for i in range(v.shape[0]) if i not in winners]
    without = []
    for i in losers:
        kept = np.delete(np.arange(v.shape[0]), i)
        found = firsts(method.totals(v[kept], w))
        without.append((i, tuple(int(kept[k]) for k in found)))
    return Influence(winners, tuple(without))


def add_copy(values: ArrayLike, weights: ArrayLike, method: Method) -> tuple[int, ...]:
    """Return the vendors of which an exact copy changes the order of the others.

    Belton and Gear, Omega 11(3), 1983.
    """
    v, w = additive(values, weights)
    order = _order(method.totals(v, w))
    return tuple(
        i for i in range(v.shape[0]) if _order(method.totals(np.vstack([v, v[i]]), w)[:-1]) != order
    )


def transitivity(
    values: ArrayLike, weights: ArrayLike, method: Method
) -> tuple[tuple[int, int], ...]:
    """Return the pairs that change places when they are ranked alone.

    Wang and Triantaphyllou, Omega 36(1), 2008.
    """
    v, w = additive(values, weights)
    order = _order(method.totals(v, w))
    found = []
    for a in range(v.shape[0]):
        for b in range(a + 1, v.shape[0]):
            alone = _order(method.totals(v[[a, b]], w))
            if np.sign(alone[1] - alone[0]) != np.sign(order[b] - order[a]):
                found.append((a, b))
    return tuple(found)


def _order(totals: Floats) -> tuple[int, ...]:
    """Return how many are ahead of each, equal within float noise."""
    scale = max(float(np.abs(totals).max(initial=0.0)), 1.0)
    shares = np.round(totals / scale, 9)
    return tuple(int((shares > share).sum()) for share in shares)
