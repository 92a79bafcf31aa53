"""The lots of one bid as its vendor sees them: chosen, complete, submitted."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from apps.bids.models import Bid, Submission
from apps.bids.states import BidState
from apps.bids.types.draft import Draft, DraftPrice, Gap
from apps.rfp.models import Lot


@dataclass(frozen=True)
class BidLot:
    """One lot. `gaps` keep it back; those of the sections of all lots are among them."""

    lot: Lot
    chosen: bool
    price: DraftPrice | None
    gaps: tuple[Gap, ...]
    submitted: bool
    change: str  # what submitting it, or not, would change of the last submission

    @property
    def ready(self) -> bool:
        return self.chosen and not self.gaps


def bid_lots(bid: Bid, draft: Draft, last: Submission | None) -> tuple[BidLot, ...]:
    """Return every lot of the tender with its state; none where the tender is one whole."""
    codes = {lot.code for lot in draft.lots}
    gaps = draft.gaps()
    stands = set(last.lots) if last and bid.state == BidState.SUBMITTED else set()
    return tuple(
        BidLot(
            lot=lot,
            chosen=lot.code in codes,
            price=draft.prices.get(lot.code),
            gaps=tuple(gap for gap in gaps if gap.lot in {"", lot.code}),
            submitted=lot.code in stands,
            change=_change(lot, last),
        )
        for lot in draft.offered
    )


def _change(lot: Lot, last: Submission | None) -> str:
    if last is None:
        return ""
    if lot.code in last.lots:
        words = _("In submission {number}. Without it the lot is taken out.")
    else:
        words = _("Not in submission {number}. With it the lot is added.")
    return words.format(number=last.number)
