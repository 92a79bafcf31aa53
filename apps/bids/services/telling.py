"""Tell every vendor what became of its own bid: one row, one mail, about itself alone."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.bids.models import Bid, Invitation, Result, ResultPrice
from apps.bids.states import ResultOutcome
from apps.bids.types.places import LETTER_PAPER
from apps.core import audit, jobs, mail, tenancy
from apps.core.access import authorise
from apps.core.errors import Incomplete
from apps.proof import canonical, hashes
from apps.rfp.models import Lot, Rfp
from apps.workspace.models import User


@dataclass(frozen=True)
class Told:
    """What one vendor is told. `priced` is for its readers of prices alone; empty says nothing."""

    outcome: ResultOutcome
    because: str
    letter: Mapping[str, Any]
    priced: Mapping[str, Any] = field(default_factory=dict)


@transaction.atomic
def tell(
    *,
    rfp: Rfp,
    lot: Lot | None,
    told: Mapping[uuid.UUID, Told],
    award: str,
    standstill_until: dt.date | None,
    actor: User,
) -> None:
    """Write and mail the result of each bid; called by the approval that decides it.

    `award` is the digest of the award that was approved.
    """
    authorise(actor, "bids.tell_results", rfp)
    held = {one.pk: one for one in Bid.objects.filter(pk__in=told, round__rfp=rfp, letter__gt="")}
    if set(held) != set(told):
        raise Incomplete(_("A result is told to opened bids of this tender alone."))
    invited = {one.vendor_id: one for one in Invitation.objects.filter(rfp=rfp)}
    for pk, one in told.items():
        made = _write(held[pk], lot, one, award, standstill_until)
        promise_paper(made)
        if held[pk].vendor_id in invited:
            _mail(rfp, made, invited[held[pk].vendor_id], actor)
    audit.record(
        action="bids.tell_results",
        actor=actor,
        subject=rfp,
        procurement_id=rfp.procurement_id,
        payload={
            "award": award,
            **({"lot": lot.code} if lot else {}),
            "standstill_until": standstill_until.isoformat() if standstill_until else "",
        },
    )


def _write(
    bid: Bid, lot: Lot | None, told: Told, award: str, standstill_until: dt.date | None
) -> Result:
    place = {"organisation_id": bid.organisation_id, "vendor_id": bid.vendor_id, "bid": bid}
    letter = canonical.encode(dict(told.letter))
    made = Result.objects.create(
        **place,
        lot=lot,
        outcome=told.outcome,
        because=told.because,
        letter=letter.decode(),
        digest=hashes.of_bytes(letter),
        award=award,
        standstill_until=standstill_until,
    )
    if told.priced:
        priced = canonical.encode(dict(told.priced))
        ResultPrice.objects.create(
            **place, result=made, letter=priced.decode(), digest=hashes.of_bytes(priced)
        )
    return made


def promise_paper(result: Result) -> None:
    """Promise the letter as a signed PDF, in the vendor's name: the buyer's session never sees it.

    No person acts: who approved the award is none of the vendor's log.
    """
    with tenancy.acting_as(organisation=result.vendor_id):
        jobs.enqueue(kind=LETTER_PAPER, subject_id=result.pk, actor=None, queue="letters")


def _mail(rfp: Rfp, made: Result, invitation: Invitation, actor: User) -> None:
    """Mail the outcome and the way to the page: no points, for who reads mail may not read prices."""
    mail.send(
        to=invitation.email,
        event=f"bids.result:{made.pk}",
        template="result",
        context={
            "buyer": rfp.procurement.organisation,
            "contact": invitation.contact,
            "title": rfp.procurement.title,
            "tender": rfp.procurement.reference,
            "lot": made.lot,
            "outcome": made.outcome,
            "because": made.because,
            "standstill_until": made.standstill_until,
            "path": reverse("bids:result", args=[made.bid_id]),
        },
        actor=actor,
    )
