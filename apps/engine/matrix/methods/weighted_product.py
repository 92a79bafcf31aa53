"""Weighted product: each value raised to its weight, multiplied; a cross-check."""

import numpy as np

from apps.engine.matrix.inputs import Floats, Method


def totals(values: Floats, weights: Floats) -> Floats:
    """S_i = prod_j v_ij ** w_j, (V,); 0 as soon as one weighted value is 0, and 0 ** 0 = 1."""
    return np.asarray(np.prod(np.power(values, weights), axis=1), dtype=np.float64)


WEIGHTED_PRODUCT = Method(
    "weighted-product",
    "Weighted product",
    totals,
    "Belton and Stewart, Multiple Criteria Decision Analysis, 2002",
)
