"""Record that the contract of an award was concluded: once, and never before a standstill ends.

What it obliges to is frozen with it.
"""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core import audit
from apps.core.access import authorise
from apps.core.errors import Incomplete, WrongState
from apps.core.templatetags.formats import long_date
from apps.decision.models import Award, Contract, Decision
from apps.decision.selectors import awarding
from apps.decision.services import scheduling
from apps.decision.services.scheduling import Given
from apps.decision.states import DecisionState
from apps.workspace.models import User


@transaction.atomic
def record_contract(
    *, decision: Decision, signed_on: dt.date, actor: User, schedule: Given | None = None
) -> Contract:
    """Record the day on which the contract was signed; `signed_on` in the tender's own zone.

    Its schedule is frozen with it: what was bid, ruled and awarded, and what `schedule` takes of
    the offered rows, by their key.
    """
    held, award = require_contract_due(decision, actor)
    until = awarding.standstill_until(held, award)
    today = awarding.today_of(held)
    if until is not None and min(signed_on, today) <= until:
        sentence = _(
            "The standstill runs until {day}. The contract may be concluded from the day after."
        ).format(day=long_date(until))
        raise WrongState(sentence)
    if not awarding.day_of(held) <= signed_on <= today:
        sentence = _("Give a day from the approval to today.")
        raise Incomplete(sentence, fields={"signed_on": sentence})
    made = Contract.objects.create(
        organisation_id=held.organisation_id, award=award, signed_on=signed_on, recorded_by=actor
    )
    frozen = scheduling.freeze(
        decision=held,
        award=award,
        contract=made,
        signed_on=signed_on,
        given=schedule or {},
        actor=actor,
    )
    audit.record(
        action="decision.record_contract",
        actor=actor,
        subject=made,
        procurement_id=held.procurement_id,
        payload={
            "award": award.digest,
            "schedule": frozen.digest,
            "signed_on": signed_on.isoformat(),
            **({"lot": decision.lot.code} if decision.lot else {}),
        },
    )
    return made


def require_contract_due(decision: Decision, actor: User) -> tuple[Decision, Award]:
    """Refuse who may not record a contract, and where none follows; lock the decision within one act."""
    authorise(actor, "decision.record_contract", decision)
    held = (
        Decision.objects.select_for_update(of=("self",))
        .select_related("procurement__rfp", "lot")
        .get(pk=decision.pk)
    )
    award = awarding.award_of(held.pk)
    if held.state != DecisionState.APPROVED or award is None or award.winner_id is None:
        raise WrongState(_("A contract follows an approved award. There is none here."))
    if hasattr(award, "contract"):
        raise WrongState(_("This contract is recorded already."))
    return held, award
