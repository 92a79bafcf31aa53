"""Weights from pairwise comparisons: the principal eigenvector (Saaty, 1980)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike

from apps.engine.errors import ConventionRequired, InconsistentComparison
from apps.engine.matrix.inputs import Floats, frozen

RECIPROCITY = 1e-9
ACCEPTABLE = 0.10

# Mean consistency index of random matrices; the ratio depends on whose table is meant.
SAATY_1980 = (0, 0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59)
SAATY_NEWER = (0, 0, 0.52, 0.89, 1.11, 1.25, 1.35, 1.40, 1.45, 1.49)
DONEGAN_DODD = (0, 0, 0.4914, 0.8286, 1.0591, 1.1797, 1.2519)


def _listed(table: tuple[float, ...]) -> Callable[[int], float | None]:
    return lambda n: table[n - 1] if n <= len(table) else None


def _alonso_lamata(n: int) -> float:
    """RI from the regression of the mean largest eigenvalue, any n >= 3 (2006)."""
    return (2.7699 * n - 4.3513 - n) / (n - 1)


RI_TABLES: Mapping[str, Callable[[int], float | None]] = MappingProxyType(
    {
        "saaty_1980": _listed(SAATY_1980),
        "saaty_newer": _listed(SAATY_NEWER),
        "donegan_dodd": _listed(DONEGAN_DODD),
        "alonso_lamata": _alonso_lamata,
    }
)


@dataclass(frozen=True, eq=False)
class Ahp:
    weights: Floats
    lambda_max: float
    ci: float
    cr: float
    ri_table: str

    @property
    def acceptable(self) -> bool:
        return self.cr <= ACCEPTABLE


def ahp(comparisons: ArrayLike, ri_table: str | None) -> Ahp:
    """Return weights and consistency of a positive reciprocal matrix (n, n).

    CI = (lambda - n) / (n - 1), CR = CI / RI with the named table; 0 up to n = 2.
    """
    if ri_table is None or ri_table not in RI_TABLES:
        raise ConventionRequired(f"Name the table of random indices: {', '.join(RI_TABLES)}.")
    matrix = _checked(comparisons)
    n = matrix.shape[0]
    values, vectors = np.linalg.eig(matrix)
    largest = int(np.argmax(values.real))
    principal = np.abs(vectors[:, largest].real)
    weights = frozen(principal / principal.sum())
    lambda_max = float(values[largest].real)
    if n <= 2:
        return Ahp(weights, lambda_max, 0.0, 0.0, ri_table)
    index = RI_TABLES[ri_table](n)
    if index is None:
        raise ConventionRequired(
            f"The table {ri_table} ends before {n} criteria; alonso_lamata covers any number."
        )
    ci = max((lambda_max - n) / (n - 1), 0.0)
    return Ahp(weights, lambda_max, ci, ci / index, ri_table)


def _checked(comparisons: ArrayLike) -> Floats:
    matrix = frozen(comparisons, ndim=2)
    if matrix.shape[0] != matrix.shape[1] or matrix.size == 0:
        raise InconsistentComparison("Compare every criterion with every other, once each way.")
    if not (matrix > 0).all():
        raise InconsistentComparison("Give comparisons above 0.")
    if (np.abs(matrix * matrix.T - 1) > RECIPROCITY).any():
        raise InconsistentComparison("Let each comparison be the reciprocal of its opposite.")
    return matrix
