"""Who gets the award: the published rules, applied to the ranking that was frozen with the prices."""

import datetime as dt
import json
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from apps.bids import selectors as bids
from apps.bids.selectors import rulings
from apps.bids.selectors.rulings import RuledBid
from apps.core import clock
from apps.core.errors import Incomplete, WrongState
from apps.decision.models import Award, Decision
from apps.decision.selectors.evidence import standing
from apps.decision.states import DecisionState
from apps.matrix import selectors as matrix
from apps.matrix.selectors.frozen import Bidder, Frozen
from apps.rfp.models import Lot, Rfp
from apps.rfp.selectors import lots_in, round_of
from apps.rfp.selectors.awarding import awards_in_order, published_content
from apps.rfp.selectors.lots import decided_lots
from apps.rfp.selectors.periods import STANDSTILL, last_day
from apps.workspace.models import Procurement, User

# The outcomes of the tree that award; every other one ends the tender without an award.
AWARDS = frozenset({"outsource", "outsource_sole"})


@dataclass(frozen=True)
class Candidates:
    """The admitted bids in the order of the frozen ranking; those that tie stand together.

    `full` are bids whose vendor has won as many lots already as the RFP published it may.
    """

    ranking: Frozen
    groups: tuple[tuple[Bidder, ...], ...]
    full: frozenset[str] = frozenset()

    @property
    def first(self) -> tuple[Bidder, ...]:
        return self.groups[0] if self.groups else ()

    @property
    def second(self) -> tuple[Bidder, ...]:
        """Who may stand behind: the others of a tie for the first place, else the next."""
        if len(self.first) > 1:
            return self.first
        return self.groups[1] if len(self.groups) > 1 else ()


@dataclass(frozen=True)
class Chosen:
    winner: Bidder
    backup: Bidder | None


def candidates_for(user: User, procurement: Procurement, lot: Lot | None) -> Candidates | None:
    """Return who may win; None without a frozen ranking on the prices that stand."""
    ranking, _comparison = standing(user, procurement, lot)
    if ranking is None:
        return None
    held = matrix.frozen(user, ranking)
    full = _full(ranking.scoring_round.rfp, held, lot)
    ranks = sorted({one.rank for one in held.admitted if one.id not in full and one.rank})
    return Candidates(
        ranking=held,
        groups=tuple(
            tuple(one for one in held.admitted if one.rank == rank and one.id not in full)
            for rank in ranks
        ),
        full=full,
    )


def _full(rfp: Rfp, held: Frozen, lot: Lot | None) -> frozenset[str]:
    """Return the admitted bids whose vendor has reached the published number of lots."""
    if lot is None or not rfp.most_lots:
        return frozenset()
    won = Award.objects.filter(
        decision__procurement=rfp.procurement,
        decision__state=DecisionState.APPROVED,
        winner__isnull=False,
    ).exclude(decision__lot=lot)
    counts: dict[str, int] = {}
    for bid in won.values_list("winner_id", flat=True):
        counts[str(bid)] = counts.get(str(bid), 0) + 1
    reached = {bid for bid, count in counts.items() if count >= rfp.most_lots}
    return frozenset(one.id for one in held.admitted if one.id in reached)


def require_turn(rfp: Rfp, lot: Lot | None) -> None:
    """Refuse a lot out of its turn where vendors may win only so many, and one with no rule at all."""
    if lot is None or not rfp.most_lots:
        return
    if not awards_in_order(published_content(rfp)):
        raise WrongState(
            _(
                "The RFP limits the lots of a vendor and published no rule that says which of them"
                " it gets. It cannot be awarded as it stands."
            )
        )
    decided, covered = decided_lots(rfp), bids.covering(rfp).values()
    for one in lots_in(rfp.procurement):
        if one.pk == lot.pk:
            return
        if one.pk not in decided and any(one.code in codes for codes in covered):
            raise WrongState(
                _(
                    "A vendor may win only so many lots, so they are awarded in their published"
                    " order. Decide lot {code} first."
                ).format(code=one.code)
            )


def choose(found: Candidates, *, winner: uuid.UUID | None, backup: uuid.UUID | None) -> Chosen:
    """Return who wins: the first of the ranking; of those that tie for it the one a person chose."""
    if not found.groups:
        raise WrongState(_("No admitted bid is left that could win here. Choose another outcome."))
    if winner is None and len(found.first) > 1:
        raise _refuse("winner", _("Bids tie for the first place. Choose one, and say why."))
    if winner is None:
        first = found.first[0]
    else:
        first = _among(
            found.first, winner, "winner", _("The ranking leads to another bid. Choose its first.")
        )
    if backup is None:
        return Chosen(first, None)
    second = _among(
        [one for one in found.second if one.id != first.id],
        backup,
        "backup",
        _("The back-up is the next bid of the ranking, or nobody."),
    )
    return Chosen(first, second)


def _among(held: Collection[Bidder], wanted: uuid.UUID, field: str, sentence: str) -> Bidder:
    found = next((one for one in held if one.id == str(wanted)), None)
    if found is None:
        raise _refuse(field, sentence)
    return found


def _refuse(field: str, sentence: str) -> Incomplete:
    return Incomplete(sentence, fields={field: sentence})


def ruled_of(user: User, rfp: Rfp, found: Candidates) -> tuple[RuledBid, ...]:
    """Return the rows that the admitted bids are subject to, each with its verdict if it has one."""
    admitted = {uuid.UUID(one.id) for one in found.ranking.admitted}
    return rulings.ruled_bids(user, rfp, admitted)


def plain_rulings(ruled: Collection[RuledBid]) -> dict[str, list[dict[str, Any]]]:
    """Return the verdicts as an award keeps them, by bid; of an open row there is none."""
    return {
        str(one.bid_id): [
            {
                "number": row.number,
                "verdict": row.ruling.verdict,
                "amount": f"{row.ruling.amount:f}" if row.ruling.amount is not None else None,
                "reason": row.ruling.reason,
            }
            for row in one.rows
            if row.ruling
        ]
        for one in ruled
    }


def award_of(decision_id: uuid.UUID) -> Award | None:
    """Return the award of a decision, with its contract where one was recorded."""
    held = Award.objects.filter(decision_id=decision_id)
    return held.select_related("contract__recorded_by", "decision__procurement").first()


def content_of(award: Award) -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads(award.record)
    return found


def standstill_days(rfp: Rfp) -> int:
    """Return the published days between the notice and the contract; 0 where none are published."""
    period = published_content(rfp).get("periods", {}).get(STANDSTILL)
    return int(period["days"]) if period else 0


def zone_of(decision: Decision) -> ZoneInfo:
    held = round_of(decision.procurement.rfp)
    return ZoneInfo(held.zone if held else "UTC")


def today_of(decision: Decision) -> dt.date:
    return clock.database_now().astimezone(zone_of(decision)).date()


def day_of(decision: Decision) -> dt.date:
    """Return the day of the approval, which is that of the notices, in the tender's own zone."""
    at = decision.approved_at or clock.database_now()
    return at.astimezone(zone_of(decision)).date()


def standstill_until(decision: Decision, award: Award) -> dt.date | None:
    """Return the last day on which no contract may be concluded; None without a standstill."""
    return last_day(day_of(decision), award.standstill_days) if award.standstill_days else None
