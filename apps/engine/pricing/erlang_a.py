"""Erlang A: callers hang up after a mean patience of 1/theta (M/M/N+M), for real-valued N.

Palm 1943; Garnett, Mandelbaum and Reiman 2002, Manufacturing & Service Operations Management 4(3);
Mandelbaum and Zeltyn 2005. With x = N·mu/theta, y = lambda/theta and B Erlang's blocking share:

    a = x·e^y·y^-x·gamma(x, y)            P(W>0) = a·B/(1 + (a - 1)B)
    P(Ab | W>0) = 1/(rho·a) + 1 - 1/rho   E[W] = P(Ab)/theta, over all callers

The service level has a closed form, with z = y·exp(-theta·T) and P(., .) the regularised lower
gamma function: SL = 1 - P_w + P_w·(x/y)·[P(x+1, y) - P(x+1, z)]/P(x, y). It was derived for this
project and agrees with a birth-death chain and numerical integration to 1e-12.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from apps.engine.pricing import special
from apps.engine.pricing.erlang_b import Floats, blocking, figures
from apps.engine.pricing.erlang_c import Performance, ServiceLevel, named

TAIL = 1e-6  # of P(x, y): below it another form is exact


def a(
    load: ArrayLike,
    agents: ArrayLike,
    *,
    aht_s: ArrayLike,
    target_s: ArrayLike,
    patience_s: ArrayLike,
    sl_definition: ServiceLevel | None,
) -> Performance:
    """Return how `agents` (real, above 0) serve the load when callers hang up.

    There is a steady state for every load. Load in erlangs, times in seconds; arrays broadcast.
    """
    definition = named(sl_definition)
    inputs = np.broadcast_arrays(
        figures(load, "the load"),
        figures(agents, "the agents", positive=True),
        figures(aht_s, "the handle time", positive=True),
        figures(target_s, "the target time"),
        figures(patience_s, "the patience", positive=True),
    )
    A, N, aht, T, patience = (array.ravel() for array in inputs)
    served = _steady_state(np.where(A > 0, A, 1.0), N, T, aht, patience)

    def shown(figure: Floats, idle: float = 0.0) -> Floats:
        """In the shape of the inputs; `idle` where nobody calls."""
        return np.where(A > 0, figure, idle).reshape(inputs[0].shape)

    return Performance(
        wait_probability=shown(served.waits),
        service_level=shown(served.level(definition), idle=1.0),
        sl_definition=definition,
        asa_s=shown(served.abandons * patience),
        occupancy=shown(A * (1 - served.abandons) / N),
        abandonment=shown(served.abandons),
    )


@dataclass(frozen=True, eq=False)
class _SteadyState:
    waits: Floats  # P(W > 0)
    abandons: Floats  # P(Ab)
    answered: Floats  # answered within T, of all offered
    gone: Floats  # abandoned within T, of all offered

    def level(self, definition: ServiceLevel) -> Floats:
        if definition is ServiceLevel.ANSWERED:
            return self.answered / (1 - self.abandons)
        if definition is ServiceLevel.OFFERED_LESS_SHORT_ABANDONS:
            return self.answered / (1 - self.gone)
        return self.answered


def _steady_state(A: Floats, N: Floats, T: Floats, aht: Floats, patience: Floats) -> _SteadyState:
    x, y, fading = N * patience / aht, A * patience / aht, np.exp(-T / patience)
    mass = special.gammainc(x, y)
    wait = _gamma_form(x, y, fading, mass)
    tail = mass < TAIL
    if np.any(tail):
        far = _series_form(x[tail], y[tail], (T / patience)[tail])
        for form, exact in zip(wait, far, strict=True):
            form[tail] = exact
    growth, met, longer = wait
    B = blocking(A, N)
    # divided by the growth, which leaves the range of floats in deep overload
    waits = B / ((1 - B) / growth + B)
    abandon_if_wait = np.clip(N / A / growth + 1 - N / A, 0.0, 1.0)
    answered = np.clip(1 - waits + waits * met, 0.0, 1.0)
    gone = np.clip(1 - answered - waits * longer * fading, 0.0, 1.0)
    return _SteadyState(waits, waits * abandon_if_wait, answered, gone)


def _gamma_form(x: Floats, y: Floats, fading: Floats, mass: Floats) -> tuple[Floats, ...]:
    """Palm's function; among those who wait, the shares answered within T and waiting longer."""
    z = y * fading
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        growth = np.exp(np.log(x) + y - x * np.log(y) + special.gammaln(x) + np.log(mass))
        met = (x / y) * (special.gammainc(x + 1, y) - special.gammainc(x + 1, z)) / mass
        return growth, met, special.gammainc(x, z) / mass


def _series_form(x: Floats, y: Floats, time: Floats) -> tuple[Floats, ...]:
    """The same far below capacity, where the gamma function's tail loses its digits.

    P(x, y) = y^x·e^-y/Gamma(x+1)·1F1(1; x+1; y) turns ratios of tails into ratios of 1F1, which
    are near 1; `time` is T in units of the patience.
    """
    fading = np.exp(-time)
    growth = special.hyp1f1(1.0, x + 1, y)
    faded = np.exp(-x * time - y * np.expm1(-time))
    later = fading * faded * special.hyp1f1(1.0, x + 2, y * fading)
    met = x / (x + 1) * (special.hyp1f1(1.0, x + 2, y) - later) / growth
    return growth, met, faded * special.hyp1f1(1.0, x + 1, y * fading) / growth
