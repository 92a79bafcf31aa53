"""Weighted sum: each value times its weight, added up (Keeney and Raiffa, 1976)."""

import numpy as np

from apps.engine.matrix.inputs import Floats, Method


def totals(values: Floats, weights: Floats) -> Floats:
    """S_i = sum_j w_j v_ij, (V,); an award rule for interval scales and independent criteria."""
    return np.asarray(values @ weights, dtype=np.float64)


WEIGHTED_SUM = Method(
    "weighted-sum",
    "Weighted sum",
    totals,
    "Keeney and Raiffa, Decisions with Multiple Objectives, 1976",
    award_rule=True,
    additive=True,
)
