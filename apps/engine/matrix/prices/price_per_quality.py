"""Price per quality point: price and user cost over quality points, the lowest wins."""

from decimal import Decimal

import numpy as np

from apps.engine.errors import PriceFormulaUndefined
from apps.engine.fields import Field, Unit
from apps.engine.matrix.prices.formula import Bids, PriceFormula, Scored, adjusted


def compute(bids: Bids) -> Scored:
    """(P + u * days) / Q; unbounded as Q nears 0, which is why a minimum quality is published."""
    least = bids.params.get("minimum_quality", 0.0)
    if not (bids.quality > 0).all() or (bids.quality < least).any():
        raise PriceFormulaUndefined(
            f"Price per quality point needs quality points above 0 and of at least {least:g}; "
            "set a minimum quality, and exclude bids below it before prices are compared."
        )
    cost = bids.prices + bids.params.get("user_cost_per_day", 0.0) * bids.days
    return adjusted(np.divide(cost, bids.quality))


PRICE_PER_QUALITY = PriceFormula(
    slug="price-per-quality",
    name="Price per quality point",
    compute=compute,
    depends_on_others=False,
    lowest_wins=True,
    source="Minnesota Department of Transportation, best-value letting",
    flaw="implicit-weight",
    fields=(
        Field(
            "minimum_quality", Unit.POINTS, Decimal(0), None,
            "Quality points that an admitted bid has to reach.", required=False,
        ),
        Field(
            "user_cost_per_day", Unit.MONEY, Decimal(0), None,
            "What one day of transition costs the buyer.", required=False,
        ),
    ),
)  # fmt: skip
