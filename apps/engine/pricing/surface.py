"""How a queue's staffing moves with volume and handle time: Erlang on a grid, interpolated.

Real-valued agents keep the surface free of steps. Agents are almost a plane over volume and
handle time, the safety margin alone bends it, so that linear interpolation is good to a few
parts in ten thousand.
"""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from apps.engine.pricing.demand import QueueDemand
from apps.engine.pricing.erlang_b import Floats
from apps.engine.pricing.scenarios import Scenarios
from apps.engine.pricing.staffing import required

Places: TypeAlias = NDArray[np.intp]

STEP = 0.1  # between nodes, of the lowest value
MOST_VOLUMES, MOST_HANDLES = 129, 17
LEAST_PART = 1e-3  # of the highest volume
MARGIN = 1e-6


class Surface:
    """Weekly agent-intervals of a queue against multiples of volume and handle time."""

    def __init__(self, demand: QueueDemand, scenarios: Scenarios) -> None:
        volumes = np.array([min(demand.volume), max(demand.volume)], dtype=float)
        reach = volumes * [scenarios.volume.min(), scenarios.volume.max()]
        reach = np.append(np.maximum(reach, reach.max() * LEAST_PART), volumes)
        handles = np.array([scenarios.handle.min(), scenarios.handle.max(), 1.0])
        self.volume, self.handle = _axis(reach, MOST_VOLUMES), _axis(handles, MOST_HANDLES)
        v, h = np.meshgrid(self.volume, self.handle, indexing="ij")
        agents = required(
            demand.queue, interval_s=demand.workload.interval_s, volume=v, handle=h, whole=False
        )
        self.agents: Floats = agents.sum(axis=-1)  # (V, H)

    def at(self, volume: Floats, handle: Floats) -> Floats:
        """Return agent-intervals (S, D) for volumes (S, D) and handle times (S,)."""
        j, across = _place(self.handle, handle)
        # each scenario's own line over the volumes, then a point on it
        line = self.agents.T[j] * (1 - across)[:, None] + self.agents.T[j + 1] * across[:, None]
        i, along = _place(self.volume, volume)
        i += np.arange(len(handle))[:, None] * len(self.volume)
        flat = line.ravel()
        low = flat[i]
        i += 1
        high = flat[i]
        high -= low
        high *= along
        high += low
        return high


def _axis(values: Floats, most: int) -> Floats:
    low, high = values.min() * (1 - MARGIN), values.max() * (1 + MARGIN)
    return np.linspace(low, high, min(most, 3 + int((high - low) / (STEP * low))))


def _place(axis: Floats, values: Floats) -> tuple[Places, Floats]:
    """Return the node below each value and the part of the way to the next; ends go on straight."""
    steps = (values - axis[0]) * (1 / (axis[1] - axis[0]))
    node = steps.astype(np.intp)
    np.clip(node, 0, len(axis) - 2, out=node)
    steps -= node
    return node, steps
