"""How robust an award is; the parts by name.

`stability`: exact moves of weight. `smaa`: sampled weights. `bidders`: bids that do not win.
"""

from apps.engine.matrix.bidders import (
    Influence,
    Phantom,
    add_copy,
    bidder_influence,
    leave_one_out,
    phantom_price,
    transitivity,
)
from apps.engine.matrix.smaa import Smaa, smaa, wilson
from apps.engine.matrix.spaces import Bounds, Dirichlet, Ordered, Simplex, order_of
from apps.engine.matrix.stability import (
    Move,
    WeightIntervals,
    award_move,
    least_move,
    weight_intervals,
)

__all__ = [
    "Bounds",
    "Dirichlet",
    "Influence",
    "Move",
    "Ordered",
    "Phantom",
    "Simplex",
    "Smaa",
    "WeightIntervals",
    "add_copy",
    "award_move",
    "bidder_influence",
    "least_move",
    "leave_one_out",
    "order_of",
    "phantom_price",
    "smaa",
    "transitivity",
    "weight_intervals",
    "wilson",
]
