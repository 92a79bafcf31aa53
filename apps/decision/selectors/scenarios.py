"""Ways to award side by side, read from the frozen rankings, the adopted prices and the verdicts."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from apps.bids.selectors import rulings
from apps.core.access import can
from apps.decision.models import Award
from apps.decision.selectors.evidence import standing
from apps.decision.selectors.ways import Field, Offer, Scenario, ways
from apps.decision.states import DecisionState
from apps.matrix import selectors as matrix
from apps.matrix.selectors.price_points import prices_of
from apps.rfp.models import Lot
from apps.rfp.selectors import lots_in
from apps.workspace.models import Procurement, User

WHOLE: Final = ""  # the code that stands for a tender without lots


@dataclass(frozen=True)
class Row:
    """A scenario beside the published one; `difference` is in the tender's currency, over the term."""

    scenario: Scenario
    difference: Decimal | None


@dataclass(frozen=True)
class ScenariosPage:
    """Every scenario, and the lots that have no ranking with prices yet."""

    rows: tuple[Row, ...]
    waiting: tuple[str, ...]
    lots: bool
    limit: int | None
    currency: str
    may_propose: bool


def scenarios_page(user: User, procurement: Procurement) -> ScenariosPage:
    """Return the ways to award, the published one first; the queries grow with the lots alone."""
    lots = lots_in(procurement)
    fields, waiting = [], []
    for lot in lots or (None,):
        held = _field(user, procurement, lot)
        if held is None:
            waiting.append(f"{lot.code} {lot.name}" if lot else procurement.title)
        else:
            fields.append(held)
    rfp = procurement.rfp
    limit = rfp.most_lots if lots else None
    rows: tuple[Row, ...] = ()
    if fields and not waiting:
        agreed = _priced(user, procurement)
        every = ways(fields, limit, agreed)
        base = every[0].cost
        rows = tuple(
            Row(one, None if base is None or one.cost is None else one.cost - base) for one in every
        )
    return ScenariosPage(
        rows=rows,
        waiting=tuple(waiting),
        lots=bool(lots),
        limit=limit,
        currency=procurement.currency,
        may_propose=can(user, "decision.propose", procurement),
    )


def _field(user: User, procurement: Procurement, lot: Lot | None) -> Field | None:
    """Return the admitted bids in one lot; None without a frozen ranking on the prices that stand."""
    ranking, _comparison = standing(user, procurement, lot)
    if ranking is None:
        return None
    held = matrix.frozen(user, ranking)
    prices = {one.bidder.id: one.amount for one in prices_of(held)}
    award = (
        Award.objects.filter(
            decision__procurement=procurement,
            decision__lot=lot,
            decision__state=DecisionState.APPROVED,
        )
        .order_by("-decision__number")
        .first()
    )
    return Field(
        code=lot.code if lot else WHOLE,
        name=lot.name if lot else "",
        offers=tuple(
            Offer(
                bid=one.id,
                name=one.name,
                letter=one.letter,
                rank=one.rank,
                points=one.total if held.in_points else None,
                price=Decimal(amount) if (amount := prices.get(one.id)) is not None else None,
            )
            for one in held.admitted
            if one.rank
        ),
        decided=None if award is None else str(award.winner_id or ""),
    )


def _priced(user: User, procurement: Procurement) -> Mapping[str, Decimal]:
    """Return what the panel's verdicts add to each bid, for the rows it put an amount on."""
    return {
        str(one.bid_id): sum(
            (row.ruling.amount for row in one.rows if row.ruling and row.ruling.amount is not None),
            Decimal(0),
        )
        for one in rulings.ruled_bids(user, procurement.rfp)
    }


def backup_asked(raw: str) -> str:
    """Return the bid that an address names as back-up, or nothing: forms check it again."""
    try:
        return str(uuid.UUID(raw))
    except ValueError:
        return ""
