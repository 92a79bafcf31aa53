"""Quantiles, moments, and the points that a bonus is averaged over."""

from decimal import Decimal

import numpy as np
import pytest

from apps.engine.errors import ScaleError
from apps.engine.pricing.distributions import Beta, Lognormal, Pert, Triangular
from apps.engine.pricing.expectation import expected_points, lattice
from apps.engine.pricing.quote import Expectation

SHARES = np.linspace(0, 1, 1001)[1:-1]


ANY = [
    Triangular(2, 3, 7),
    Triangular(2, 2, 7),
    Triangular(2, 7, 7),
    Pert(2, 3, 7),
    Pert(2, 7, 7),
    Lognormal(1.5, 0.3),
    Beta(-0.1, 0.2, 2, 3),
]


@pytest.mark.parametrize("distribution", ANY)
def test_quantiles_rise_and_stay_inside(distribution):
    values = distribution.quantile(SHARES)
    assert (np.diff(values) >= 0).all()
    assert values.min() >= getattr(distribution, "low", 0)
    assert values.max() <= getattr(distribution, "high", np.inf)


@pytest.mark.parametrize(
    ("distribution", "mean", "variance"),
    [
        (Triangular(2, 3, 7), 4, 7 / 6),
        (Pert(2, 3, 7), 3.5, (9 / 7) * 5 / 7 * 5**2 / 7 / 9),
        (Lognormal(1.5, 0.3), 1.5 * np.exp(0.045), None),
        (Beta(-0.1, 0.2, 2, 3), -0.1 + 0.3 * 2 / 5, 0.3**2 * 6 / (25 * 6)),
    ],
)
def test_moments_are_the_closed_forms(distribution, mean, variance):
    values = distribution.quantile((np.arange(100_000) + 0.5) / 100_000)
    assert values.mean() == pytest.approx(mean, rel=1e-4)
    if isinstance(distribution, Pert):
        a, b = 1 + 4 / 5, 1 + 16 / 5
        variance = 25 * a * b / ((a + b) ** 2 * (a + b + 1))
    if variance is not None:
        assert values.var() == pytest.approx(variance, rel=1e-3)


def test_a_distribution_without_width_is_a_figure():
    for distribution in (Triangular(3, 3, 3), Pert(3, 3, 3), Lognormal(3, 0), Beta(3, 3, 1, 1)):
        assert distribution.quantile(SHARES) == pytest.approx(3)


@pytest.mark.parametrize(
    "build",
    [
        lambda: Triangular(2, 1, 3),
        lambda: Pert(2, 4, 3),
        lambda: Lognormal(0, 1),
        lambda: Lognormal(1, -1),
        lambda: Beta(1, 0, 1, 1),
        lambda: Beta(0, 1, 0, 1),
    ],
)
def test_distributions_that_are_none_are_refused(build):
    with pytest.raises(ScaleError):
        build()


# Expected bonuses


@pytest.mark.parametrize("dimensions", [1, 2, 5, 12])
def test_the_lattice_is_even_in_every_direction(dimensions):
    points = lattice(dimensions)
    assert points.shape == (4096, dimensions)
    assert points.min() > 0
    assert points.max() < 1
    assert points.mean(axis=0) == pytest.approx(0.5, abs=2e-3)
    assert (points**2).mean(axis=0) == pytest.approx(1 / 3, abs=3e-3)


def test_expected_points_follow_the_expectation():
    kpi = Expectation(kpi="csat", low=Decimal(3), likely=Decimal(4), high=Decimal(5))
    points = expected_points([kpi])
    assert points["csat"].mean() == pytest.approx(4, abs=1e-3)
    assert expected_points([]) == {}
