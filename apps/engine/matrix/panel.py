"""The whole round of a panel: agreement, bias, influence; the parts by name."""

from apps.engine.matrix.agreement import Alpha, Icc, alpha, icc, kendall_w, leave_one_out
from apps.engine.matrix.bias import Bias, bias, holm
from apps.engine.matrix.influence import (
    Dropped,
    Influence,
    MarginNoise,
    OneScore,
    influence,
    margin_noise,
)

__all__ = [
    "Alpha",
    "Bias",
    "Dropped",
    "Icc",
    "Influence",
    "MarginNoise",
    "OneScore",
    "alpha",
    "bias",
    "holm",
    "icc",
    "influence",
    "kendall_w",
    "leave_one_out",
    "margin_noise",
]
