"""Representative values of uncertain KPIs, the same in every run, to average a bonus over.

A bonus with a cap is not what the mean KPI would earn (Jensen), so it is averaged over points
that fill the space of the KPIs evenly: a lattice on the generalised golden ratio (M. Roberts
2018), mapped through each KPI's PERT quantiles. No chance is involved.
"""

from collections.abc import Sequence

import numpy as np

from apps.engine.pricing.distributions import Pert
from apps.engine.pricing.erlang_b import Floats
from apps.engine.pricing.quote import Expectation

POINTS = 4096


def lattice(dimensions: int, points: int = POINTS) -> Floats:
    """Return points (n, d) spread evenly over the unit cube, none on its border."""
    ratio = 2.0
    for _ in range(64):  # the root of x^(d+1) = x + 1, by fixed-point iteration
        ratio = (1 + ratio) ** (1 / (dimensions + 1))
    steps = ratio ** -np.arange(1, dimensions + 1)
    even = (np.arange(points) + 0.5)[:, None]
    if dimensions == 1:
        return even / points
    spread: Floats = (even * steps) % 1.0
    return spread


def expected_points(performance: Sequence[Expectation]) -> dict[str, Floats]:
    if not performance:
        return {}
    grid = lattice(len(performance))
    return {
        kpi.kpi: Pert(float(kpi.low), float(kpi.likely), float(kpi.high)).quantile(grid[:, place])
        for place, kpi in enumerate(performance)
    }
