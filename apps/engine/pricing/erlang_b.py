"""Erlang B: the share of calls that find every line busy, for arrays and real-valued N.

A is the offered load in erlangs (arrival rate times holding time), N the number of lines.
Erlang 1917; continuous in N: Jagerman 1974, Bell System Technical Journal 53(3).
"""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from apps.engine.errors import InfeasibleTarget, InvalidInput
from apps.engine.pricing import special

Floats: TypeAlias = NDArray[np.float64]
Counts: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]

DEEP_OVERLOAD = -600.0  # ln pmf below which both parts of the gamma form run out of range
NOISE = 1e-12  # relative; a target missed by less is met
NEWTON_STEPS = 60


def figures(value: ArrayLike, what: str, *, positive: bool = False) -> Floats:
    """Return floats, refused where one is not finite, negative, or 0 where it must not be."""
    array = np.asarray(value, dtype=np.float64)
    if not np.all(np.isfinite(array)):
        raise InvalidInput(f"Give finite numbers for {what}.")
    if np.any(array <= 0 if positive else array < 0):
        raise InvalidInput(f"Give {what} {'above 0' if positive else 'of 0 or more'}.")
    return array


def shares(value: ArrayLike, what: str) -> Floats:
    array = figures(value, what)
    if np.any(array > 1):
        raise InvalidInput(f"Give {what} from 0 to 1.")
    return array


def b(load: ArrayLike, lines: ArrayLike) -> Floats:
    """Return the share of calls blocked: load in erlangs, lines may be real; arrays broadcast."""
    A, N = np.broadcast_arrays(figures(load, "the load"), figures(lines, "the lines"))
    return blocking(A, N)


def blocking(A: Floats, N: Floats) -> Floats:
    """Erlang B without checks: B = exp(N ln A - A - ln Gamma(N+1)) / Q(N+1, A).

    Q is the regularised upper gamma function. In deep overload numerator and denominator leave
    the range of floats, and a falling series takes over.
    """
    log_pmf = special.xlogy(N, A) - A - special.gammaln(N + 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        blocked: Floats = np.minimum(np.exp(log_pmf) / special.gammaincc(N + 1, A), 1.0)
    deep = (log_pmf < DEEP_OVERLOAD) & (A > N)
    return np.where(deep, _overloaded(A, N, deep), blocked) if np.any(deep) else blocked


def _overloaded(A: Floats, N: Floats, where: Flags) -> Floats:
    """1/B = sum over i of the product of (N - k)/A for k < i."""
    a, n = np.where(where, A, 1.0), np.where(where, N, 0.0)
    term, total, step = np.ones_like(a), np.ones_like(a), 0
    while np.any(np.abs(term) > np.finfo(float).eps * total):
        term = term * (n - step) / a
        total = total + term
        step += 1
    return 1 / total


def b_recursive(load: float, lines: int) -> float:
    """Erlang B by B(k) = A·B(k-1)/(k + A·B(k-1)), B(0) = 1: slow and stable, the reference."""
    blocked = 1.0
    for k in range(1, lines + 1):
        blocked = load * blocked / (k + load * blocked)
    return blocked


def lines(load: ArrayLike, target: ArrayLike) -> Counts:
    """Return the least number of lines that blocks no more than the target share of calls."""
    A, goal = np.broadcast_arrays(figures(load, "the load"), shares(target, "the blocking target"))
    if np.any((goal == 0) & (A > 0)):
        raise InfeasibleTarget("Allow some blocking; no number of lines blocks nobody.")
    found = least_whole(lambda N: blocking(A, N) <= goal * (1 + NOISE), np.zeros_like(A))
    return np.where(A == 0, 0, found)


def least_whole(enough: Callable[[Floats], Flags], start: Floats) -> Counts:
    """Return per element the least whole number from `start` on that is enough.

    `enough` never turns false again as the number grows. Steps double, then the gap is halved.
    """
    low, step = start - 1, np.ones_like(start)
    high = start.astype(np.float64)
    while np.any(short := ~enough(high)):
        low = np.where(short, high, low)
        high = np.where(short, high + step, high)
        step = np.where(short, 2 * step, step)
    while np.any(apart := high - low > 1):
        middle = np.where(apart, np.floor((low + high) / 2), high)
        passes = enough(middle)
        high = np.where(apart & passes, middle, high)
        low = np.where(apart & ~passes, middle, low)
    return high.astype(np.int64)


def load(lines: ArrayLike, target: ArrayLike) -> Floats:
    """Return the load in erlangs that `lines` carry at the target blocking (0 < target < 1).

    Newton's method on ln B over ln A inside a bracket: B itself changes by orders of magnitude
    over a small range of A, its logarithm is smooth. d ln B / d ln A = N - A + A·B.
    """
    N, goal = np.broadcast_arrays(
        figures(lines, "the lines", positive=True), shares(target, "the blocking target")
    )
    if np.any((goal == 0) | (goal == 1)):
        raise InfeasibleTarget("Give a blocking target above 0 and below 1.")
    low, high = _load_bracket(N, goal)
    A = np.sqrt(low * high)
    for _ in range(NEWTON_STEPS):
        B = blocking(A, N)
        gap = np.log(np.maximum(B, np.finfo(float).tiny)) - np.log(goal)
        low, high = np.where(gap < 0, A, low), np.where(gap < 0, high, A)
        stepped = A * np.exp(-gap / (N - A + A * B))
        A = np.where((stepped > low) & (stepped < high), stepped, np.sqrt(low * high))
    return A


def _load_bracket(N: Floats, goal: Floats) -> tuple[Floats, Floats]:
    """Loads that block too little and too much: B <= A^N/N! below, B >= 1 - N/A above."""
    low = np.exp((np.log(goal) + special.gammaln(N + 1)) / N) * 0.5
    return np.maximum(low, np.finfo(float).tiny), (N + 1) / (1 - goal)


def extended_b(offered: ArrayLike, lines: ArrayLike, retry: ArrayLike) -> Floats:
    """Return the fresh load behind an offered load that includes retries.

    A share `retry` of blocked calls tries again: fresh = A'·(1 - retry·B(A', N)).
    """
    A, N, r = np.broadcast_arrays(
        figures(offered, "the load"), figures(lines, "the lines"), shares(retry, "the retry share")
    )
    fresh: Floats = A * (1 - r * blocking(A, N))
    return fresh
