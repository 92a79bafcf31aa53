"""Which quote is cheapest at which volume and handle time."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from apps.engine.pricing.compare import (
    Crossing,
    Range,
    all_crossings,
    cheapest_map,
    cheapest_ranges,
    nodes,
)
from apps.engine.pricing.demand import Demand
from apps.engine.pricing.erlang_b import Floats
from apps.engine.pricing.evaluate import Evaluator
from apps.engine.pricing.quote import Terms
from apps.engine.pricing.scenarios import Scenarios

EVEN = 101  # evenly spaced volumes, the forecast's own multiples among them
SHOWN = 10  # every tenth of them is part of the result
HANDLES = (0.8, 0.9, 1.0, 1.1, 1.2)


@dataclass(frozen=True, kw_only=True, eq=False)
class VolumeStudy:
    """Multiples of the forecast, costs there, and who is cheapest where."""

    shown: Floats
    costs: Floats  # (Q, shown)
    crossings: list[tuple[int, int, Crossing]]
    ranges: list[Range]
    handles: Floats
    cheapest: NDArray[np.intp]  # (handles, shown)


def study(demands: Sequence[Demand], terms: Terms) -> VolumeStudy:
    low, high = float(terms.volume_low), float(terms.volume_high)
    handles = np.array(HANDLES)
    reach = Scenarios.of(volume=np.array([low, high]), handle=handles[[0, -1]])
    evaluator = Evaluator(demands, reach)
    breaks = [demand.quote.model.breaks(demand.months, demand.quote.rates) for demand in demands]
    x = nodes(low, high, breaks, EVEN)
    costs = evaluator.costs(Scenarios.of(volume=x))
    even = np.linspace(low, high, EVEN)
    places = np.searchsorted(x, even[::SHOWN])
    shown = x[places]
    v, h = np.meshgrid(shown, handles)
    grid = evaluator.costs(Scenarios.of(volume=v.ravel(), handle=h.ravel()))
    return VolumeStudy(
        shown=shown,
        costs=costs[:, places],
        crossings=all_crossings(costs, x),
        ranges=cheapest_ranges(costs, x),
        handles=handles,
        cheapest=cheapest_map(grid).reshape(v.shape),
    )
