"""95 % intervals for shares and means, in decimals so that every machine gives the same digits."""

from decimal import Decimal
from typing import TypeAlias

from apps.engine.fields import ONE, ZERO

Span: TypeAlias = tuple[Decimal, Decimal]

Z95 = Decimal("1.959963984540054")  # the 0.975 quantile of the normal distribution


def clip(value: Decimal, low: Decimal = ZERO, high: Decimal = ONE) -> Decimal:
    return min(max(value, low), high)


def wilson(share: Decimal, trials: int) -> Span:
    """Interval of a share (Wilson, JASA 22, 1927); stays inside 0..1 for any share."""
    n, z2 = Decimal(trials), Z95 * Z95
    centre = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = Z95 / (1 + z2 / n) * (share * (1 - share) / n + z2 / (4 * n * n)).sqrt()
    # at 0 and at 1 one end is exact; the root would leave a rest in its last digit
    low = ZERO if share == ZERO else clip(centre - half)
    high = ONE if share == ONE else clip(centre + half)
    return low, high


def difference_of_shares(shares: tuple[Decimal, Decimal], trials: tuple[int, int]) -> Span:
    """Interval of p1 - p2 from two Wilson intervals (Newcombe, Stat. Med. 17, 1998, method 10)."""
    (p1, p2), (n1, n2) = shares, trials
    (low1, high1), (low2, high2) = wilson(p1, n1), wilson(p2, n2)
    below = ((p1 - low1) ** 2 + (high2 - p2) ** 2).sqrt()
    above = ((high1 - p1) ** 2 + (p2 - low2) ** 2).sqrt()
    return p1 - p2 - below, p1 - p2 + above


def difference_of_means(
    means: tuple[Decimal, Decimal], deviations: tuple[Decimal, Decimal], counts: tuple[int, int]
) -> Span:
    """Normal interval of m1 - m2 from standard deviations; meant for large samples."""
    variance = sum((sd * sd / n for sd, n in zip(deviations, counts, strict=True)), start=ZERO)
    half = Z95 * variance.sqrt()
    return means[0] - means[1] - half, means[0] - means[1] + half
