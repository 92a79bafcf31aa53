"""Random matrices, weights and bids for the property tests."""

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

# Scores on a rubric are coarse: quarters of it make ties and equal bids common.
QUARTERS = st.integers(0, 4).map(lambda k: k / 4)
FINE = st.floats(0, 1, allow_subnormal=False).map(lambda x: round(x, 6))


@st.composite
def weighted(draw, values=QUARTERS, least=2, vendors=6, criteria=5):
    """Return values (V, C) and weights (C,)."""
    v, c = draw(st.integers(least, vendors)), draw(st.integers(1, criteria))
    matrix = draw(hnp.arrays(np.float64, (v, c), elements=values))
    parts = np.array(draw(st.lists(st.integers(0, 20), min_size=c, max_size=c)), dtype=float)
    parts[draw(st.integers(0, c - 1))] += 1
    return matrix, parts / parts.sum()


@st.composite
def bids(draw, least=1, most=6):
    """Return quality points 1..70 and prices 50..200, whole numbers."""
    size = draw(st.integers(least, most))
    sized = {"min_size": size, "max_size": size}
    quality = draw(st.lists(st.integers(1, 70), **sized))
    prices = draw(st.lists(st.integers(50, 200), **sized))
    return np.array(quality, dtype=float), np.array(prices, dtype=float)


panels = st.integers(2, 5).flatmap(
    lambda e: hnp.arrays(
        np.float64,
        st.tuples(st.just(e), st.integers(2, 4), st.integers(1, 4)),
        elements=QUARTERS,
    )
)
