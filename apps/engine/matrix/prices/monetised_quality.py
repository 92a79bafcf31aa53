"""Monetised quality: the price minus what the offered quality is worth, the lowest wins."""

from decimal import Decimal

from apps.engine.fields import Field, Unit
from apps.engine.matrix.prices.formula import Bids, PriceFormula, Scored, adjusted


def compute(bids: Bids) -> Scored:
    """P - money per quality point * Q; the weights of the criteria share that money out."""
    return adjusted(bids.prices - bids.params["money_per_point"] * bids.quality)


MONETISED_QUALITY = PriceFormula(
    slug="monetised-quality",
    name="Monetised quality",
    compute=compute,
    depends_on_others=False,
    lowest_wins=True,
    source="Bergman and Lundberg, Journal of Purchasing and Supply Management, 2013",
    flaw="needs-money-values",
    fields=(
        Field("money_per_point", Unit.MONEY, Decimal(0), None, "What one quality point is worth."),
    ),
)
