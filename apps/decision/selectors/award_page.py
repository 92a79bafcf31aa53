"""The award on the page of the decision: who may be picked, and what each vendor is told."""

import uuid

from django.utils.translation import gettext as _

from apps.bids import selectors as bids
from apps.bids.selectors.results import OwnResult
from apps.bids.states import ResultOutcome
from apps.core.access import can
from apps.core.errors import NotFound
from apps.decision.models import Award, Decision
from apps.decision.selectors import awarding
from apps.decision.states import DecisionState
from apps.decision.types import AwardShown, LetterShown, Picks, ToldRow
from apps.proof import hashes
from apps.rfp.models import Lot
from apps.workspace.models import Procurement, User


def award_for(decision: Decision) -> Award:
    """Return the award of a decision, or NotFound."""
    found = awarding.award_of(decision.pk)
    if found is None:
        raise NotFound(_("This decision has no award."))
    return found


def picks_for(user: User, procurement: Procurement, lot: Lot | None) -> Picks | None:
    """Return who may be picked; None where nobody could win."""
    found = awarding.candidates_for(user, procurement, lot)
    if found is None or not found.groups:
        return None
    tied = len(found.first) > 1
    return Picks(
        winners=tuple((one.id, one.name) for one in found.first) if tied else (),
        backups=tuple((one.id, one.name) for one in found.second),
    )


def award_shown(user: User, decision: Decision) -> AwardShown | None:
    """Return an award in words: a constant number of queries; None for a decision without one."""
    award, rfp = awarding.award_of(decision.pk), decision.procurement.rfp
    if award is None:
        return None
    held = awarding.content_of(award)
    names = {str(pk): name for pk, name in bids.vendor_names(user, rfp).items()}
    approved = decision.state == DecisionState.APPROVED
    contract = getattr(award, "contract", None)
    told = [
        ToldRow(names.get(bid, ""), str(ResultOutcome(one["outcome"]).label), one["because"])
        for bid, one in held["notices"].items()
    ]
    until = awarding.standstill_until(decision, award) if approved else None
    return AwardShown(
        winner=names.get(held["winner"] or "", ""),
        backup=names.get(held["backup"] or "", ""),
        conditions=award.conditions,
        days=award.standstill_days,
        until=until,
        digest=award.digest,
        told=tuple(sorted(told, key=lambda one: one.name)),
        signed_on=contract.signed_on if contract else None,
        recorded_by=contract.recorded_by.name if contract else "",
        may_sign=approved
        and contract is None
        and award.winner_id is not None
        and (until is None or awarding.today_of(decision) > until)
        and can(user, "decision.record_contract", decision),
    )


def letters_shown(user: User, decision: Decision) -> tuple[LetterShown, ...]:
    """Return every letter as its vendor reads it, by name: a constant number of queries.

    Before the approval the last day of the standstill is not known; the letters leave it out.
    """
    award = award_for(decision)
    names = bids.vendor_names(user, decision.procurement.rfp)
    approved = decision.state == DecisionState.APPROVED
    until = awarding.standstill_until(decision, award) if approved else None
    found = [
        LetterShown(
            names.get(uuid.UUID(bid), ""),
            OwnResult(
                id=uuid.UUID(bid),
                lot=decision.lot,
                outcome=ResultOutcome(one["outcome"]),
                because=one["because"],
                told_at=decision.approved_at,
                standstill_until=until,
                letter=one["letter"],
                digest=hashes.of_value(one["letter"]),
                priced=one["price"],
            ),
        )
        for bid, one in awarding.content_of(award)["notices"].items()
    ]
    return tuple(sorted(found, key=lambda one: one.name.casefold()))
