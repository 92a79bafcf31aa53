"""Severity and favouritism of evaluators, on the cells that all of them scored (maths.md 4).

Model: x_evj = mu_vj + beta_e + error. An evaluator is flagged, never removed.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from apps.engine.errors import MissingScores
from apps.engine.matrix.inputs import Flags, Floats, frozen

LEVEL = math.erfc(3 / math.sqrt(2))  # the chance of |z| > 3
EFFECT_STEPS = 0.5
EXACT = 1e-12


@dataclass(frozen=True, eq=False, kw_only=True)
class Bias:
    """`severity` (E,) with t; `favouritism` (E, V) with z, NaN for a vendor without full cells.

    Flags: significant beyond three standard deviations after Holm's correction, and at least
    half a step of the rubric. t and z are infinite where the panel leaves no error at all.
    """

    severity: Floats
    t: Floats
    severity_flags: Flags
    favouritism: Floats
    z: Floats
    favouritism_flags: Flags
    cells: int
    error: float


def bias(x: ArrayLike, step: float = 1.0) -> Bias:
    """Fit scores x (E, V, C), NaN where there is none; `step` is one step of the rubric."""
    scores = frozen(x, ndim=3)
    full = ~np.isnan(scores).any(axis=0)
    evaluators, cells = scores.shape[0], int(full.sum())
    if evaluators < 2 or cells < 2:
        raise MissingScores("Give two cells or more that at least two evaluators all scored.")
    apart = np.where(full, scores, 0.0)
    apart = apart - apart.mean(axis=0)
    severity = apart.sum(axis=(1, 2)) / cells
    left = np.where(full, apart - severity[:, None, None], 0.0)
    freedom = (evaluators - 1) * (cells - 1)
    error = float(np.square(left).sum()) / freedom
    share = error * (1 - 1 / evaluators)
    of_vendor = full.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        favouritism = left.sum(axis=2) / of_vendor
        variance = np.where(of_vendor > 0, 1 / of_vendor - 1 / cells, np.nan)
    t = _over(severity, np.full(evaluators, np.sqrt(share / cells)))
    z = _over(favouritism, np.broadcast_to(np.sqrt(share * variance), favouritism.shape))
    return Bias(
        severity=frozen(severity),
        t=t,
        severity_flags=_flag(severity, t, freedom, step),
        favouritism=frozen(favouritism),
        z=z,
        favouritism_flags=_flag(favouritism, z, freedom, step),
        cells=cells,
        error=float(np.sqrt(error)),
    )


def _over(effect: Floats, deviation: Floats) -> Floats:
    """Return effect over deviation: 0 for no effect, infinite for one without error."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(deviation > EXACT, effect / deviation, np.sign(effect) * np.inf)
    return np.where(np.abs(effect) <= EXACT, 0.0, ratio)


def _flag(effect: Floats, ratio: Floats, freedom: int, step: float) -> Flags:
    from scipy.special import stdtr  # noqa: PLC0415 -- slow import

    chances = 2 * stdtr(freedom, -np.abs(ratio))
    corrected = holm(chances.ravel()).reshape(chances.shape)
    large = np.abs(effect) >= EFFECT_STEPS * step
    return np.asarray(large & (corrected < LEVEL), dtype=bool)


def holm(chances: ArrayLike) -> Floats:
    """Return p-values corrected for their number (Holm, 1979); NaN counts as no test."""
    p = np.asarray(chances, dtype=np.float64)
    tests = int((~np.isnan(p)).sum())
    order = np.argsort(p, kind="stable")[:tests]
    stepped = np.maximum.accumulate(p[order] * np.arange(tests, 0, -1))
    corrected = np.full(p.shape, np.nan)
    corrected[order] = np.minimum(stepped, 1.0)
    return corrected
