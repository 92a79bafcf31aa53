"""Simulated tenders: how often bids that lose decide who wins under a price formula.

Model (maths.md 2): 3 to 6 bidders, z ~ N(0, 1), price exp(0.18 z), quality 0.72 + 0.12 (0.5 z +
0.87 e) held inside 0..1, price limits 0.6 and 1.6.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator

from apps.engine.matrix.inputs import Floats
from apps.engine.matrix.prices.rule import PriceRule, firsts
from apps.engine.matrix.spaces import generator

TENDERS = 1000
LIMITS = {"cap": 1.6, "floor": 0.6}
LOW_BID, LOW_QUALITY = 0.6, 0.30


@dataclass(frozen=True)
class Simulation:
    """Shares of tenders 0..1, and the mean share of the price points between best and worst."""

    tenders: int
    removal: float
    addition: float
    spread: float


def draw(rng: Generator, quality_points: float) -> tuple[Floats, Floats]:
    """Return quality points and prices of one tender."""
    size = int(rng.integers(3, 7))
    z, noise = rng.standard_normal((2, size))
    quality = np.clip(0.72 + 0.12 * (0.5 * z + 0.87 * noise), 0, 1)
    return quality * quality_points, np.exp(0.18 * z)


def simulate(rule: PriceRule, seed: int, tenders: int = TENDERS) -> Simulation:
    """Award simulated tenders, without each losing bid and with one low bid that loses."""
    rng = generator(seed)
    scaled = _scaled(rule)
    quality_points = 100 - min(rule.points, 100)
    removed = added = 0
    spread = 0.0
    for _ in range(tenders):
        quality, prices = draw(rng, quality_points)
        merit = scaled.merit_of_checked(quality, prices)
        winners = firsts(merit)
        removed += _removal_changes(scaled, quality, prices, winners)
        added += _addition_changes(scaled, quality, prices, winners, quality_points)
        spread += float(np.ptp(merit - quality)) / rule.points
    return Simulation(tenders, removed / tenders, added / tenders, spread / tenders)


def _scaled(rule: PriceRule) -> PriceRule:
    """Put published price limits where the simulated prices are."""
    if {field.name for field in rule.formula.fields} == set(LIMITS):
        return replace(rule, params=LIMITS)
    return rule


def _removal_changes(
    rule: PriceRule, quality: Floats, prices: Floats, winners: tuple[int, ...]
) -> bool:
    for i in range(quality.size):
        if i in winners:
            continue
        kept = np.delete(np.arange(quality.size), i)
        found = firsts(rule.merit_of_checked(quality[kept], prices[kept]))
        if tuple(int(kept[k]) for k in found) != winners:
            return True
    return False


def _addition_changes(
    rule: PriceRule,
    quality: Floats,
    prices: Floats,
    winners: tuple[int, ...],
    quality_points: float,
) -> bool:
    more = np.append(quality, LOW_QUALITY * quality_points)
    low = np.append(prices, LOW_BID * prices.min())
    found = firsts(rule.merit_of_checked(more, low))
    return quality.size not in found and found != winners
