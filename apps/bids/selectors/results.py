"""What a vendor reads of its own result in a tender: rows it was told, and nothing of another bid."""

import datetime as dt
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from apps.bids.models import Bid, Result, ResultPrice
from apps.bids.selectors import shortlist as shortlists
from apps.bids.selectors.drafts import bid_for
from apps.bids.states import ResultOutcome
from apps.core.errors import NotFound
from apps.rfp.models import Lot
from apps.workspace.models import User

Plain = Mapping[str, Any]


@dataclass(frozen=True)
class OwnResult:
    """One notice: `letter` and `priced` are what was approved, `priced` empty to who sees no price."""

    id: uuid.UUID
    lot: Lot | None
    outcome: ResultOutcome
    because: str
    told_at: dt.datetime | None  # None before the approval
    standstill_until: dt.date | None
    letter: Plain
    digest: str
    priced: Plain

    @property
    def awarded(self) -> bool:
        return self.outcome == ResultOutcome.AWARDED


def own_results(bid: Bid) -> tuple[OwnResult, ...]:
    """Return what the vendor was told of this bid, by lot: two queries."""
    rows = Result.objects.filter(bid=bid, vendor_id=bid.vendor_id).select_related("lot")
    prices = {one.result_id: one.letter for one in ResultPrice.objects.filter(bid=bid)}
    return tuple(
        OwnResult(
            id=row.pk,
            lot=row.lot,
            outcome=ResultOutcome(row.outcome),
            because=row.because,
            told_at=row.created_at,
            standstill_until=row.standstill_until,
            letter=json.loads(row.letter),
            digest=row.digest,
            priced=json.loads(prices.get(row.pk, "{}")),
        )
        for row in rows.order_by("lot__position", "pk")
    )


def is_told(bid: Bid) -> bool:
    """Whether the vendor was told anything of this bid: one query."""
    if not bid.round.rfp.asks_price:
        return shortlists.own_result(bid) is not None
    return Result.objects.filter(bid=bid, vendor_id=bid.vendor_id).exists()


def result_bid_for(user: User, *, bid_id: uuid.UUID) -> Bid:
    """Return one's own bid of which the result is known; for every other there is no page."""
    bid = bid_for(user, bid_id=bid_id)
    if not is_told(bid):
        raise NotFound(_("There is no result here yet."))
    return bid


def result_for(user: User, *, bid_id: uuid.UUID, result_id: uuid.UUID) -> Result:
    """Return one notice of one's own bid; for every other there is no page."""
    bid = bid_for(user, bid_id=bid_id)
    held = Result.objects.filter(bid=bid, vendor_id=bid.vendor_id, pk=result_id)
    found = held.select_related("lot").first()
    if found is None:
        raise NotFound(_("There is no result here yet."))
    found.bid = bid
    return found
