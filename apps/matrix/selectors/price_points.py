"""What each admitted bid costs in a frozen ranking, of which offer, and the points it earns."""

from dataclasses import dataclass

from apps.bids import selectors as bids
from apps.bids.states import Offer
from apps.matrix.selectors.frozen import Bidder, Frozen


@dataclass(frozen=True)
class Price:
    """What a bid costs over the term, and the points that its price earns."""

    bidder: Bidder
    amount: str | None
    points: str | None
    clamped: bool
    final: bool  # whether this price is of a final offer


def prices_of(held: Frozen) -> tuple[Price, ...]:
    seen = held.result["price"]
    if not seen or not seen["opened"]:
        return ()
    rows = {row["id"]: row for row in seen["vendors"]}
    ranking = held.ranking
    offers = bids.offers_priced(ranking.scoring_round.rfp, ranking.lot, at=ranking.created_at)
    final = {str(bid) for bid, offer in offers.items() if offer == Offer.FINAL}
    return tuple(
        Price(bidder, row["price"], row["scored"], row["clamped"], bidder.id in final)
        for bidder in held.admitted
        for row in [rows[bidder.id]]
    )
