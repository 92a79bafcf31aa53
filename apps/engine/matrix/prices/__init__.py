"""Price formulae, those that no other bid can move first."""

from apps.engine.matrix.prices.absolute_linear import ABSOLUTE_LINEAR
from apps.engine.matrix.prices.average_based import MEAN_REFERENCE, MEDIAN_REFERENCE
from apps.engine.matrix.prices.linear_on_lowest import LINEAR_ON_LOWEST
from apps.engine.matrix.prices.lowest_over_price import LOWEST_OVER_PRICE
from apps.engine.matrix.prices.min_max import MIN_MAX
from apps.engine.matrix.prices.monetised_quality import MONETISED_QUALITY
from apps.engine.matrix.prices.price_per_quality import PRICE_PER_QUALITY
from apps.engine.matrix.prices.rank_based import RANK_BASED
from apps.engine.registry import Registry

PRICE_FORMULAE = Registry(
    "price formula",
    ABSOLUTE_LINEAR,
    MONETISED_QUALITY,
    PRICE_PER_QUALITY,
    LOWEST_OVER_PRICE,
    LINEAR_ON_LOWEST,
    MIN_MAX,
    MEAN_REFERENCE,
    MEDIAN_REFERENCE,
    RANK_BASED,
)
