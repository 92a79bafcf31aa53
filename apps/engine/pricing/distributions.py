"""Marginal distributions of uncertain inputs, by their quantile functions."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from apps.engine.errors import ScaleError
from apps.engine.pricing import special
from apps.engine.pricing.erlang_b import Floats

PERT_WEIGHT = 4.0


class Distribution(Protocol):
    def quantile(self, share: Floats) -> Floats:
        """Return the values below which `share` (0 to 1) of the outcomes lie."""
        ...


@dataclass(frozen=True)
class Triangular:
    low: float
    likely: float
    high: float

    def __post_init__(self) -> None:
        _ordered(self.low, self.likely, self.high)

    def quantile(self, share: Floats) -> Floats:
        width = self.high - self.low
        if not width:
            return np.full_like(share, self.low)
        rising, falling = self.likely - self.low, self.high - self.likely
        return np.where(
            share * width < rising,
            self.low + np.sqrt(share * width * rising),
            self.high - np.sqrt((1 - share) * width * falling),
        )


@dataclass(frozen=True)
class Pert:
    """Beta(1 + 4(m - a)/(b - a), 1 + 4(b - m)/(b - a)) on [a, b]: mean (a + 4m + b)/6."""

    low: float
    likely: float
    high: float

    def __post_init__(self) -> None:
        _ordered(self.low, self.likely, self.high)

    def quantile(self, share: Floats) -> Floats:
        width = self.high - self.low
        if not width:
            return np.full_like(share, self.low)
        a = 1 + PERT_WEIGHT * (self.likely - self.low) / width
        return scaled_beta(share, a, 2 + PERT_WEIGHT - a, self.low, width)


@dataclass(frozen=True)
class Lognormal:
    """exp(sigma·Z)·median."""

    median: float
    sigma: float

    def __post_init__(self) -> None:
        if self.median <= 0 or self.sigma < 0:
            raise ScaleError("Give a median above 0 and a sigma of 0 or more.")

    def quantile(self, share: Floats) -> Floats:
        values: Floats = self.median * np.exp(self.sigma * special.ndtri(share))
        return values


@dataclass(frozen=True)
class Beta:
    low: float
    high: float
    a: float
    b: float

    def __post_init__(self) -> None:
        _ordered(self.low, self.low, self.high)
        if self.a <= 0 or self.b <= 0:
            raise ScaleError("Give both shape parameters of the beta distribution above 0.")

    def quantile(self, share: Floats) -> Floats:
        return scaled_beta(share, self.a, self.b, self.low, self.high - self.low)


def scaled_beta(share: Floats, a: float, b: float, low: float, width: float) -> Floats:
    values: Floats = low + width * special.betaincinv(a, b, share)
    return values


def _ordered(low: float, likely: float, high: float) -> None:
    if not low <= likely <= high:
        raise ScaleError("Give low, likely and high in this order.")
