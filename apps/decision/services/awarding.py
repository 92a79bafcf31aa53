"""The award of a decision: frozen when it is proposed, told to every vendor when it is approved."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.bids.selectors import rulings
from apps.bids.selectors.rulings import RuledBid
from apps.bids.services import telling
from apps.bids.services.telling import Told
from apps.bids.states import ResultOutcome
from apps.core.access import authorise
from apps.core.errors import Incomplete, WrongState
from apps.decision.models import Award, Decision
from apps.decision.selectors import awarding, letters
from apps.decision.selectors.awarding import AWARDS, Candidates, Chosen
from apps.decision.selectors.letters import Notice
from apps.proof import canonical, hashes
from apps.rfp.models import Rfp
from apps.workspace.models import User

FORM = "cceval.award.1"
LONGEST = 4000


@dataclass(frozen=True)
class Terms:
    """What a person may say of an award: who of a tie wins, who stands behind, on what conditions."""

    winner: uuid.UUID | None = None
    backup: uuid.UUID | None = None
    conditions: str = ""


def freeze(*, decision: Decision, terms: Terms, actor: User) -> Award:
    """Keep who wins and what each vendor will be told, within the proposal that it belongs to."""
    authorise(actor, "decision.propose", decision)
    rfp: Rfp = decision.procurement.rfp
    conditions = _conditions(terms.conditions)
    found = awarding.candidates_for(actor, decision.procurement, decision.lot)
    chosen = _chosen(decision, rfp, found, terms, conditions)
    ruled = _ruled(actor, rfp, found, chosen)
    notices = letters.notices_for(actor, rfp, decision.lot, found, chosen, ruled)
    days = awarding.standstill_days(rfp) if chosen else 0
    record = canonical.encode(
        {
            "form": FORM,
            "rfp": {"id": str(rfp.pk), "digest": rfp.digest},
            "lot": decision.lot.code if decision.lot else None,
            "decision": decision.digest,
            "ranking": found.ranking.ranking.digest if found else None,
            "outcome": decision.outcome,
            "winner": chosen.winner.id if chosen else None,
            "backup": chosen.backup.id if chosen and chosen.backup else None,
            "conditions": conditions,
            "standstill_days": days,
            "assumptions": awarding.plain_rulings(ruled),
            "notices": _plain(notices),
        }
    )
    return Award.objects.create(
        organisation_id=decision.organisation_id,
        decision=decision,
        winner_id=chosen.winner.id if chosen else None,
        backup_id=chosen.backup.id if chosen and chosen.backup else None,
        conditions=conditions,
        record=record.decode(),
        digest=hashes.of_bytes(record),
        standstill_days=days,
    )


def _ruled(
    actor: User, rfp: Rfp, found: Candidates | None, chosen: Chosen | None
) -> tuple[RuledBid, ...]:
    """Return the rows of every admitted bid with their verdicts; refuse while one is open."""
    if found is None or chosen is None:
        return ()
    ruled = awarding.ruled_of(actor, rfp, found)
    if waiting := rulings.open_rows(ruled):
        raise WrongState(
            ngettext(
                "{count} assumption of a bid waits for a verdict. Accept, reject or price it first.",
                "{count} assumptions of bids wait for a verdict. Accept, reject or price them first.",
                waiting,
            ).format(count=waiting)
        )
    return ruled


def _plain(notices: Mapping[uuid.UUID, Notice]) -> dict[str, Any]:
    return {str(bid): one.content() for bid, one in notices.items()}


def _conditions(raw: str) -> str:
    text = raw.replace("\r\n", "\n").replace("\x00", "").strip()
    if len(text) > LONGEST:
        sentence = _("Shorten this to {limit} characters.").format(limit=LONGEST)
        raise Incomplete(sentence, fields={"conditions": sentence})
    return text


def _chosen(
    decision: Decision, rfp: Rfp, found: Candidates | None, terms: Terms, conditions: str
) -> Chosen | None:
    """Return who wins by the published rules; None where the outcome awards nothing."""
    if decision.outcome not in AWARDS:
        if terms.winner or terms.backup or conditions:
            sentence = _("This outcome awards nothing. Leave vendors and conditions out.")
            raise Incomplete(sentence, fields={"outcome": sentence})
        return None
    if found is None:
        raise WrongState(
            _("An award needs a ranking on the prices that stand. Freeze the ranking first.")
        )
    awarding.require_turn(rfp, decision.lot)
    return awarding.choose(found, winner=terms.winner, backup=terms.backup)


def stands(decision: Decision, actor: User) -> bool:
    """Whether ranking, verdicts and the other lots' awards still give this award."""
    award = awarding.award_of(decision.pk)
    if award is None:
        return False
    held = awarding.content_of(award)
    found = awarding.candidates_for(actor, decision.procurement, decision.lot)
    if found is None or held["winner"] is None:
        return held["winner"] is None
    ruled = awarding.ruled_of(actor, decision.procurement.rfp, found)
    return (
        held["ranking"] == found.ranking.ranking.digest
        and any(one.id == held["winner"] for one in found.first)
        and held["assumptions"] == awarding.plain_rulings(ruled)
    )


def tell(*, decision: Decision, actor: User) -> None:
    """Tell each vendor what was approved of its own bid, within the approval."""
    award = decision.award
    told = {
        uuid.UUID(bid): Told(
            outcome=ResultOutcome(one["outcome"]),
            because=one["because"],
            letter=one["letter"],
            priced=one["price"],
        )
        for bid, one in awarding.content_of(award)["notices"].items()
    }
    telling.tell(
        rfp=decision.procurement.rfp,
        lot=decision.lot,
        told=told,
        award=award.digest,
        standstill_until=awarding.standstill_until(decision, award),
        actor=actor,
    )
