"""Linear on lowest: points fall in step with the distance to the lowest price."""

from apps.engine.matrix.prices.formula import Bids, PriceFormula, Scored, scored


def compute(bids: Bids) -> Scored:
    """W * max(0, 1 - (P - P_min) / P_min); from twice the lowest price on the clamp holds 0.

    Undefined where the lowest price is 0.
    """
    lowest = float(bids.prices.min())
    shares = 1 - (bids.prices - lowest) / lowest
    return scored(bids.points * shares, points=bids.points, lowest=lowest)


LINEAR_ON_LOWEST = PriceFormula(
    slug="linear-on-lowest",
    name="Linear on lowest",
    compute=compute,
    depends_on_others=True,
    zero_allowed=False,
    source="materialsmanagement.info, Supplier's bid comparison formula",
    flaw="clamp",
)
