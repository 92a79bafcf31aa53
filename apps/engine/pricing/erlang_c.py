"""Erlang C: callers wait as long as they must (Erlang 1917); for arrays and real-valued N.

A is the offered load in erlangs, N the number of agents, T the target in seconds.
C = N·B/(N - A(1 - B)); SL(T) = 1 - C·exp(-(N - A)T/AHT); mean wait = C·AHT/(N - A).
A published "B·N/(N - A)" drops the term A·B and is 14 % too high at A = 10, N = 14.
"""

from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import ArrayLike

from apps.engine.errors import ConventionRequired, UnstableQueue
from apps.engine.pricing import special
from apps.engine.pricing.erlang_b import NOISE, Floats, blocking, figures

GUESS_STEPS = 4
LARGEST_BETA = 30.0  # erfcx(-x) leaves the range of floats beyond


class ServiceLevel(Enum):
    """What "answered within T" is divided by; the three differ once callers abandon."""

    OFFERED = "offered"
    ANSWERED = "answered"
    OFFERED_LESS_SHORT_ABANDONS = "offered_less_short_abandons"


@dataclass(frozen=True, kw_only=True, eq=False)
class Performance:
    """How a queue performs: shares from 0 to 1, times in seconds; arrays of one shape."""

    wait_probability: Floats
    service_level: Floats
    sl_definition: ServiceLevel
    asa_s: Floats  # mean wait of all callers, those who abandon included
    occupancy: Floats
    abandonment: Floats


def named(definition: ServiceLevel | None) -> ServiceLevel:
    if not isinstance(definition, ServiceLevel):
        raise ConventionRequired(
            "Name what the service level counts: offered, answered or offered_less_short_abandons."
        )
    return definition


def c(
    load: ArrayLike,
    agents: ArrayLike,
    *,
    aht_s: ArrayLike,
    target_s: ArrayLike,
    sl_definition: ServiceLevel | None,
    bounds: bool = False,
) -> Performance:
    """Return how `agents` (real numbers allowed) serve the load when nobody hangs up.

    Too few agents for the load raise UnstableQueue; with `bounds` they give the limits instead:
    everybody waits, service level 0, infinite wait, occupancy 1.
    """
    definition = named(sl_definition)
    A, N, aht, T = np.broadcast_arrays(
        figures(load, "the load"),
        figures(agents, "the agents"),
        figures(aht_s, "the handle time", positive=True),
        figures(target_s, "the target time"),
    )
    stable = (N > A) | ((A == 0) & (N == 0))
    if not bounds and not np.all(stable):
        raise UnstableQueue("Give more agents than erlangs; with fewer the queue never ends.")
    spare = np.where(N > A, N - A, 0.0)
    C = np.where(A > 0, wait_probability(A, N), 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        wait = np.where(C > 0, C * aht / spare, 0.0)
        busy = np.where(N > 0, np.minimum(A / N, 1.0), np.where(A > 0, 1.0, 0.0))
    return Performance(
        wait_probability=C,
        service_level=1 - C * np.exp(-spare * T / aht),
        sl_definition=definition,
        asa_s=wait,
        occupancy=busy,
        abandonment=np.zeros_like(C),
    )


def wait_probability(A: Floats, N: Floats) -> Floats:
    """Erlang C without checks: the share of callers who wait; 1 where N <= A."""
    return _from_blocking(A, N, blocking(A, N))


def _from_blocking(A: Floats, N: Floats, B: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        C: Floats = N * B / (N - A * (1 - B))
    return np.where(N > A, C, 1.0)


def agents(
    load: Floats, *, aht_s: Floats, sl: Floats, target_s: Floats, whole: bool = True
) -> Floats:
    """Return the least agents with SL >= sl, more than the load; 0 where the load is 0.

    One shape for all. With `whole` False the figure is interpolated between the last number that
    fails and the first that passes, linear in ln(1 - SL): continuous in load and handle time.
    """
    A = np.where(load > 0, load, 1.0).ravel()
    miss, pace = (1 - sl + NOISE).ravel(), (target_s / aht_s).ravel()
    N = np.maximum(np.ceil(A + _beta(A, miss, pace) * np.sqrt(A)), np.floor(A) + 1)
    B = blocking(A, N)
    _climb(A, N, B, miss, pace)
    _descend(A, N, B, miss, pace)
    if not whole:
        N = _interpolated(A, N, B, miss, pace)
    return np.where(load > 0, N.reshape(load.shape), 0.0)


def _missed(A: Floats, N: Floats, B: Floats, pace: Floats) -> Floats:
    """1 - SL: the share that waits longer than the target."""
    missed: Floats = _from_blocking(A, N, B) * np.exp(-np.maximum(N - A, 0.0) * pace)
    return np.where(N > A, missed, 1.0)


def _beta(A: Floats, miss: Floats, pace: Floats) -> Floats:
    """Return beta of the first guess N = A + beta·sqrt(A) (Halfin and Whitt 1981).

    Newton's method on ln C(beta) - beta·sqrt(A)·T/AHT = ln(1 - SL), where
    C(beta) = 1/(1 + beta·Phi/phi).
    """
    beta, drift, goal = np.zeros_like(A), np.sqrt(A) * pace, np.log(miss)
    for _ in range(GUESS_STEPS):
        mills = np.sqrt(np.pi / 2) * special.erfcx(-beta / np.sqrt(2))
        grown = 1 + beta * mills
        slope = (mills + beta * grown) / grown + drift
        beta = np.clip(beta - (np.log(grown) + beta * drift + goal) / slope, 0.0, LARGEST_BETA)
    return beta


def _climb(A: Floats, N: Floats, B: Floats, miss: Floats, pace: Floats) -> None:
    """Add agents one by one, in place, where the target is missed; B follows by recursion."""
    left = np.flatnonzero(_missed(A, N, B, pace) > miss)
    while left.size:
        a, blocked, n = A[left], B[left], N[left] + 1
        blocked = a * blocked / (n + a * blocked)
        N[left], B[left] = n, blocked
        left = left[_missed(a, n, blocked, pace[left]) > miss[left]]


def _descend(A: Floats, N: Floats, B: Floats, miss: Floats, pace: Floats) -> None:
    """Take agents away one by one, in place, where the target is still met without them."""
    left = np.arange(A.size)
    while left.size:
        a, n = A[left], N[left] - 1
        less = _one_less(a, N[left], B[left])
        spare = (n > a) & (_missed(a, n, less, pace[left]) <= miss[left])
        left = left[spare]
        N[left], B[left] = n[spare], less[spare]


def _one_less(A: Floats, N: Floats, B: Floats) -> Floats:
    """B(N - 1) from B(N): the recursion solved backwards."""
    less: Floats = N * B / (A * (1 - B))
    return less


def _interpolated(A: Floats, N: Floats, B: Floats, miss: Floats, pace: Floats) -> Floats:
    """Between N - 1, which misses the target, and N, which meets it."""
    before = np.log(_missed(A, N - 1, _one_less(A, N, B), pace))
    after = np.log(np.maximum(_missed(A, N, B, pace), np.finfo(float).tiny))
    with np.errstate(divide="ignore", invalid="ignore"):
        part = (before - np.log(miss)) / (before - after)
    real: Floats = N - 1 + np.clip(np.nan_to_num(part, nan=1.0), 0.0, 1.0)
    return np.maximum(real, A)
