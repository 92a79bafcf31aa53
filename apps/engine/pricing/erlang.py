"""Queueing formulas under one roof, and the number of agents that a target needs."""

from enum import Enum

import numpy as np
from numpy.typing import ArrayLike

from apps.engine.errors import (
    ConventionRequired,
    InfeasibleTarget,
    InvalidInput,
    ScaleError,
)
from apps.engine.pricing import erlang_c
from apps.engine.pricing.erlang_a import a
from apps.engine.pricing.erlang_b import (
    NOISE,
    Counts,
    Flags,
    Floats,
    b,
    b_recursive,
    extended_b,
    figures,
    least_whole,
    lines,
    load,
    shares,
)
from apps.engine.pricing.erlang_c import Performance, ServiceLevel, c

__all__ = [
    "Model", "Performance", "ServiceLevel", "a", "agents", "b", "b_recursive", "c", "ceil_whole",
    "extended_b", "lines", "load", "real_agents",
]  # fmt: skip

WHOLE = 1e-9
LARGEST_LOAD = 100_000.0  # erlangs; the formulas are checked up to here


class Model(Enum):
    """C: nobody hangs up. A: callers do; it saves agents by losing customers."""

    ERLANG_C = "erlang_c"
    ERLANG_A = "erlang_a"


def ceil_whole(value: Floats) -> Floats:
    """Round up, where a figure within 1e-9 (relative) of a whole number is one."""
    nearest = np.round(value)
    close = np.abs(value - nearest) <= WHOLE * np.maximum(1.0, np.abs(value))
    return np.where(close, nearest, np.ceil(value))


def agents(  # noqa: PLR0913 -- a target is named in full
    load: ArrayLike,
    *,
    aht_s: ArrayLike,
    sl: ArrayLike,
    target_s: ArrayLike,
    max_occupancy: ArrayLike = 1.0,
    model: Model = Model.ERLANG_C,
    max_abandonment: ArrayLike | None = None,
    patience_s: ArrayLike | None = None,
    sl_definition: ServiceLevel | None = None,
) -> Counts:
    """Return the least whole agents (T,) that meet service level, occupancy and abandonment.

    Load in erlangs, times in seconds, shares from 0 to 1; arrays broadcast. Erlang A needs the
    patience and the definition of its service level; no load needs no agents.
    """
    A, aht, goal, T, ceiling = _inputs(load, aht_s, sl, target_s, max_occupancy)
    if model is Model.ERLANG_C:
        needed = erlang_c.agents(A, aht_s=aht, sl=goal, target_s=T)
        return np.maximum(needed, ceil_whole(A / ceiling)).astype(np.int64)
    if patience_s is None or sl_definition is None:
        raise ConventionRequired("Name the patience and the service level's definition.")
    most_lost = shares(1.0 if max_abandonment is None else max_abandonment, "abandonment")

    def enough(N: Floats) -> Flags:
        queue = a(A, N, aht_s=aht, target_s=T, patience_s=patience_s, sl_definition=sl_definition)
        met = queue.service_level >= goal - NOISE
        calm = queue.occupancy <= ceiling + NOISE
        passes: Flags = (met & calm & (queue.abandonment <= most_lost)) | (A == 0)
        return passes

    found = least_whole(enough, np.ones_like(A))
    return np.where(A == 0, 0, found)


def real_agents(
    load: ArrayLike,
    *,
    aht_s: ArrayLike,
    sl: ArrayLike,
    target_s: ArrayLike,
    max_occupancy: ArrayLike = 1.0,
) -> Floats:
    """Return Erlang C's agents as real numbers, continuous in load: for sweeps and simulations."""
    A, aht, goal, T, ceiling = _inputs(load, aht_s, sl, target_s, max_occupancy)
    return np.maximum(erlang_c.agents(A, aht_s=aht, sl=goal, target_s=T, whole=False), A / ceiling)


def _inputs(
    load: ArrayLike, aht_s: ArrayLike, sl: ArrayLike, target_s: ArrayLike, max_occupancy: ArrayLike
) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    A, aht, goal, T, ceiling = np.broadcast_arrays(
        figures(load, "the load"),
        figures(aht_s, "the handle time", positive=True),
        shares(sl, "the service level"),
        figures(target_s, "the target time"),
        shares(max_occupancy, "the occupancy ceiling"),
    )
    if np.any(goal == 1):
        raise InfeasibleTarget("Give a service level below 1; no number of agents serves everyone.")
    if np.any(ceiling == 0):
        raise InvalidInput("Give an occupancy ceiling above 0.")
    if np.any(A > LARGEST_LOAD):
        raise ScaleError("Check volume and handle time; they ask for more than 100,000 agents.")
    return A, aht, goal, T, ceiling
