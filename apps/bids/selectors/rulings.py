"""What the panel ruled on the assumptions of opened bids, and which rows are still open."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from apps.bids.models import Ruling
from apps.bids.selectors.assumptions import OpenedReservations, reservations_visible_to
from apps.bids.selectors.opened import for_panel, vendor_names
from apps.bids.types.assumptions import Row
from apps.core.access import can
from apps.rfp.models import Rfp
from apps.rfp.types import Desk
from apps.workspace.models import User
from apps.workspace.states import Phase

Place = tuple[uuid.UUID, int]  # a bid, and the number of one of its rows


@dataclass(frozen=True)
class RuledRow:
    """One row of a bid with its verdict; `effect` is what it does to the price, in words."""

    number: int
    row: Row
    effect: str
    ruling: Ruling | None


@dataclass(frozen=True)
class RuledBid:
    bid_id: uuid.UUID
    letter: str
    name: str
    rows: tuple[RuledRow, ...]


@dataclass(frozen=True)
class RulingsPage:
    bids: tuple[RuledBid, ...]
    open: int
    may_rule: bool
    currency: str


def standing_rulings(rfp: Rfp) -> dict[Place, Ruling]:
    """Return the verdict that stands, by bid and row: one query."""
    held = Ruling.objects.filter(bid__round__rfp=rfp).select_related("ruled_by")
    return {(one.bid_id, one.number): one for one in held.order_by("version")}


def ruled_bids(
    user: User, rfp: Rfp, only: Collection[uuid.UUID] | None = None
) -> tuple[RuledBid, ...]:
    """Return the opened bids that are subject to something, by letter: five queries."""
    held = reservations_visible_to(user, rfp)
    ruled, names = standing_rulings(rfp), vendor_names(user, rfp)
    return tuple(
        RuledBid(bid.pk, bid.letter, names.get(bid.pk, ""), _rows(bid.pk, held[bid.pk], ruled))
        for bid in for_panel(user, rfp).order_by("letter")
        if bid.pk in held and held[bid.pk].rows and (only is None or bid.pk in only)
    )


def _rows(
    bid: uuid.UUID, held: OpenedReservations, ruled: Mapping[Place, Ruling]
) -> tuple[RuledRow, ...]:
    return tuple(
        RuledRow(
            number=number,
            row=row,
            effect=row.effect.words(held.currency) if row.effect else "",
            ruling=ruled.get((bid, number)),
        )
        for number, row in held.numbered
    )


def open_rows(bids: Collection[RuledBid]) -> int:
    """Count the rows on which nobody has ruled."""
    return sum(row.ruling is None for one in bids for row in one.rows)


def rulings_page(user: User, desk: Desk) -> RulingsPage:
    """Return every bid with the rows it is subject to."""
    rfp = desk.rfp
    shown = ruled_bids(user, rfp) if rfp else ()
    return RulingsPage(
        bids=shown,
        open=open_rows(shown),
        may_rule=desk.procurement.phase == Phase.COMMERCIAL
        and can(user, "bids.rule", desk.procurement),
        currency=desk.procurement.currency,
    )
