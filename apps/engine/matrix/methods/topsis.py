"""TOPSIS: closeness to the ideal vendor (Hwang and Yoon, 1981); a cross-check.

Removing or adding a vendor can reverse the order of the others (García-Cascales and Lamata,
2012), so that it never decides an award here.
"""

from collections.abc import Sequence

import numpy as np

from apps.engine.matrix.inputs import Floats, Method


def unit_columns(values: Floats) -> Floats:
    """Return each column divided by its Euclidean length; a zero column stays 0."""
    lengths = np.sqrt(np.einsum("ij,ij->j", values, values))
    return np.asarray(values / np.where(lengths == 0, 1.0, lengths), dtype=np.float64)


def closeness(to_worst: Floats, to_best: Floats) -> Floats:
    """Return D- / (D+ + D-), and 0.5 where both distances are 0."""
    both = to_best + to_worst
    none = both == 0
    return np.where(none, 0.5, to_worst / np.where(none, 1.0, both))


def totals(values: Floats, weights: Floats, direction: Sequence[int] | None = None) -> Floats:
    """Return C_i (V,); `direction` is 1 for each column on which more is better, else -1."""
    weighted = unit_columns(values) * weights
    if direction is not None:
        weighted = weighted * np.asarray(direction, dtype=np.float64)
    to_best = weighted - weighted.max(axis=0)
    to_worst = weighted - weighted.min(axis=0)
    return closeness(
        np.sqrt(np.einsum("ij,ij->i", to_worst, to_worst)),
        np.sqrt(np.einsum("ij,ij->i", to_best, to_best)),
    )


TOPSIS = Method(
    "topsis",
    "TOPSIS",
    totals,
    "Hwang and Yoon, Multiple Attribute Decision Making, 1981",
    reverses_rank=True,
)
