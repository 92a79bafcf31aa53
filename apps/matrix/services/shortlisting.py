"""The shortlist of a request for information, and the tender that is started from it."""

import uuid
from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from apps.bids.models import Shortlist
from apps.bids.services import shortlisting
from apps.bids.services.shortlisting import Outcome
from apps.bids.states import ShortlistState
from apps.core.access import authorise
from apps.core.errors import Incomplete, WrongState
from apps.matrix.selectors.shortlisting import Proposal, Standing, Verdict, proposal_of, reason_for
from apps.rfp.models import Rfp
from apps.rfp.services import following
from apps.workspace.models import Procurement, User
from apps.workspace.selectors import panel_of
from apps.workspace.services import panel, procurements
from apps.workspace.states import Role


@transaction.atomic
def propose(*, rfp: Rfp, chosen: Collection[uuid.UUID], reason: str, actor: User) -> Shortlist:
    """Propose the list that the published rule gives; a second person confirms it.

    Where the rule leaves a tie, `chosen` are the bids of it that are taken, exactly as many as
    there are places, and `reason` says why these. Without a tie both are empty.
    """
    authorise(actor, "bids.propose_shortlist", rfp)
    shortlisting.require_choosing(rfp)
    found = proposal_of(actor, rfp)
    if found is None:
        raise WrongState(_("The shortlist comes after the scores are locked."))
    picked, why = _settled(found, set(chosen), reason)
    return shortlisting.propose(
        rfp=rfp,
        outcomes={one.bid_id: _outcome(found, one, picked) for one in found.standings},
        ranking=found.ranking,
        reason=why,
        actor=actor,
    )


def _settled(found: Proposal, chosen: set[uuid.UUID], reason: str) -> tuple[set[uuid.UUID], str]:
    """Read how a person settled a tie; where there is none, nothing is left to choose."""
    tied = {one.bid_id for one in found.tied}
    if not tied:
        if chosen or reason.strip():
            raise Incomplete(_("The rule leaves nothing to choose here. Propose what it gives."))
        return set(), ""
    if not chosen <= tied or len(chosen) != found.places:
        sentence = _("Choose {places} of those that tie for the last place.").format(
            places=found.places
        )
        raise Incomplete(sentence, fields={"chosen": sentence})
    if not reason.strip():
        sentence = _("Say why these: it is kept on record.")
        raise Incomplete(sentence, fields={"reason": sentence})
    return chosen, reason


def _outcome(found: Proposal, one: Standing, picked: set[uuid.UUID]) -> Outcome:
    return Outcome(
        taken=one.verdict == Verdict.TAKEN or one.bid_id in picked,
        points=one.points,
        because=reason_for(found.rule, one),
    )


@transaction.atomic
def start_tender(
    *,
    shortlist: Shortlist,
    reference: str,
    title: str,
    source: str,
    preset: str,
    actor: User,
) -> Rfp:
    """Open the procurement of the tender and start its RFP; returns it, with the panel appointed.

    `source` is `copy` for the questions of the request, else what `rfp.services.starting.start`
    takes. Who was taken is proposed as its vendors once it is published.
    """
    authorise(actor, "bids.propose_shortlist", shortlist)
    if shortlist.state != ShortlistState.CONFIRMED:
        raise WrongState(_("The tender is started from a confirmed shortlist."))
    before = shortlist.rfp.procurement
    case = procurements.open_case(
        organisation=before.organisation,
        reference=reference,
        title=title,
        currency=before.currency,
        about=before.summary,
        actor=actor,
    )
    _same_panel(before, case, actor)
    return following.start_after(
        procurement=case,
        information=shortlist.rfp,
        shortlist=shortlist.digest,
        source=source,
        preset=preset,
        actor=actor,
    )


def _same_panel(before: Procurement, case: Procurement, actor: User) -> None:
    """Appoint the same people to the same roles; each declares interests anew."""
    for member in panel_of(before):
        if (member.user_id, member.role) != (actor.pk, Role.LEAD):
            panel.appoint(procurement=case, user=member.user, role=Role(member.role), actor=actor)
