"""Matrix products in blocks that OpenBLAS does not split among threads.

Split among threads, one product waits for the slowest core: on a server that does other work this
was measured at 11 to 300 ms where a single thread needs 5, against a gain of 2 ms on an idle one.
"""

import numpy as np

from apps.engine.matrix.inputs import Floats

BLOCK = 500_000  # multiplications; more than twice as many are given to several threads


def block_size(*others: int) -> int:
    """Return how long a block may be along the axis that is cut."""
    return max(BLOCK // max(int(np.prod(others)), 1), 1)


def totals(weights: Floats, values: Floats) -> Floats:
    """Return (V, k): values (V, C) times weights (k, C), one column for each sample."""
    transposed = np.ascontiguousarray(values.T)
    found = np.empty((weights.shape[0], values.shape[0]))
    step = block_size(*values.shape)
    for start in range(0, weights.shape[0], step):
        rows = slice(start, start + step)
        np.matmul(weights[rows], transposed, out=found[rows])
    return np.ascontiguousarray(found.T)


def sums(marks: Floats, weights: Floats) -> Floats:
    """Return (p, C): marks (p, k) times weights (k, C), added up block by block."""
    found = np.zeros((marks.shape[0], weights.shape[1]))
    step = block_size(*found.shape)
    for start in range(0, weights.shape[0], step):
        rows = slice(start, start + step)
        found += marks[:, rows] @ weights[rows]
    return found
