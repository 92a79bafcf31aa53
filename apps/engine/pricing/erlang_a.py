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
from scipy.special import gammainc, gammaln, hyp1f1

from apps.engine.pricing.erlang_b import Floats, blocking, figures
from apps.engine.pricing.erlang_c import Performance, ServiceLevel, named

UNDERFLOW = 1e-290  # below it P(x, y) has lost its digits
LARGEST_EXPONENT = 690.0


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
    A, N, aht, T, patience = np.broadcast_arrays(
        figures(load, "the load"),
        figures(agents, "the agents", positive=True),
        figures(aht_s, "the handle time", positive=True),
        figures(target_s, "the target time"),
        figures(patience_s, "the patience", positive=True),
    )
    served = _steady_state(np.where(A > 0, A, 1.0), N, T, aht, patience)
    busy = A > 0
    return Performance(
        wait_probability=np.where(busy, served.waits, 0.0),
        service_level=np.where(busy, served.level(definition), 1.0),
        sl_definition=definition,
        asa_s=np.where(busy, served.abandons * patience, 0.0),
        occupancy=np.where(busy, A * (1 - served.abandons) / N, 0.0),
        abandonment=np.where(busy, served.abandons, 0.0),
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
    x, y = N * patience / aht, A * patience / aht
    mass = gammainc(x, y)
    tiny = mass < UNDERFLOW
    growth = _growth(x, y, mass)
    B = blocking(A, N)
    waits = growth * B / (1 + (growth - 1) * B)
    abandon_if_wait = np.clip(N / (A * growth) + 1 - N / A, 0.0, 1.0)
    fading = np.exp(-T / patience)
    with np.errstate(divide="ignore", invalid="ignore"):
        met = (x / y) * (gammainc(x + 1, y) - gammainc(x + 1, y * fading)) / mass
        longer = gammainc(x, y * fading) / mass
    # far below capacity the wait tends to Erlang C's exponential
    exponential = np.exp(-np.maximum(x - y, 0.0) * T / patience)
    met = np.where(tiny, 1 - exponential, met)
    longer = np.where(tiny, exponential, longer)
    answered = np.clip(1 - waits + waits * met, 0.0, 1.0)
    gone = np.clip(1 - answered - waits * longer * fading, 0.0, 1.0)
    return _SteadyState(waits, waits * abandon_if_wait, answered, gone)


def _growth(x: Floats, y: Floats, mass: Floats) -> Floats:
    """Palm's function a = x·e^y·y^-x·gamma(x, y) = 1F1(1; x+1; y), by whichever form keeps range."""
    log = np.log(x) + y - x * np.log(y) + gammaln(x) + np.log(np.maximum(mass, UNDERFLOW))
    grown: Floats = np.exp(np.minimum(log, LARGEST_EXPONENT))
    tiny = mass < UNDERFLOW
    return np.where(tiny, hyp1f1(1.0, x + 1, y), grown) if np.any(tiny) else grown
