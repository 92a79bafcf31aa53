"""Mean and median reference: points by the distance to the middle of the bids."""

from collections.abc import Callable

import numpy as np

from apps.engine.errors import PriceFormulaUndefined
from apps.engine.matrix.inputs import Floats
from apps.engine.matrix.prices.formula import ABSOLUTE, Bids, PriceFormula, Scored, scored


def around(middle: Callable[[Floats], np.floating], name: str) -> Callable[[Bids], Scored]:
    """W * (1/2 - (P - R) / (2R)) held inside 0..W, with R the middle of the admitted bids."""

    def compute(bids: Bids) -> Scored:
        reference = float(middle(bids.prices))
        if reference == 0:
            raise PriceFormulaUndefined(f"{name} has no value where the reference is 0. {ABSOLUTE}")
        shares = 0.5 - (bids.prices - reference) / (2 * reference)
        return scored(bids.points * shares, points=bids.points, reference=reference)

    return compute


SOURCE = "Stilger, Siderius and van Raaij, Journal of Public Procurement 17(1), 2017"

MEAN_REFERENCE = PriceFormula(
    slug="mean-reference",
    name="Mean reference",
    compute=around(np.mean, "Mean reference"),
    depends_on_others=True,
    source=SOURCE,
    flaw="cover-bids",
)

MEDIAN_REFERENCE = PriceFormula(
    slug="median-reference",
    name="Median reference",
    compute=around(np.median, "Median reference"),
    depends_on_others=True,
    source=SOURCE,
    flaw="cover-bids",
)
