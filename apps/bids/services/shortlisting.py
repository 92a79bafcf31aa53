"""The shortlist of a request for information: proposed by the rule, confirmed, told to each vendor."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.bids.models import Bid, Shortlist, ShortlistEntry
from apps.bids.states import SHORTLIST, ShortlistState
from apps.core import audit, clock, mail
from apps.core.access import authorise
from apps.core.errors import Incomplete, NotAllowed, WrongState
from apps.core.wording import plain_text
from apps.core.workflow import move, require
from apps.proof import canonical, hashes
from apps.rfp.models import Rfp
from apps.rfp.selectors import shortlist_rule
from apps.rfp.selectors.extending import confirmers_of
from apps.workspace.models import Procurement, User
from apps.workspace.states import Phase

REASON = 2000


@dataclass(frozen=True)
class Outcome:
    """What becomes of one bid; `points` as the frozen ranking wrote them, empty without one."""

    taken: bool
    points: str
    because: str


@transaction.atomic
def propose(
    *,
    rfp: Rfp,
    outcomes: Mapping[uuid.UUID, Outcome],
    ranking: str,
    reason: str,
    actor: User,
) -> Shortlist:
    """Keep what the published rule gave, by bid; nobody is told before a second person confirms.

    `ranking` is the digest of the locked quality ranking, empty where nothing was scored; `reason`
    says why a person chose as they did among those that tied, empty without a tie.
    """
    authorise(actor, "bids.propose_shortlist", rfp)
    require_choosing(rfp)
    people = confirmers_of(rfp, without=actor)
    if not people:
        raise WrongState(
            _("Nobody else may confirm it. Appoint a second lead or an opener to the panel first.")
        )
    bids = {one.pk: one for one in Bid.objects.filter(round__rfp=rfp, letter__gt="")}
    if set(outcomes) != set(bids):
        raise Incomplete(_("Say of every opened bid whether it is taken, and of no other."))
    why = plain_text(reason, "reason", REASON)
    for one in Shortlist.objects.filter(rfp=rfp, state=ShortlistState.REQUESTED):
        one.rfp = rfp
        _decide(one, "drop", actor)
    record = canonical.encode(_record(rfp, bids, outcomes, ranking, why))
    made = Shortlist.objects.create(
        organisation_id=rfp.organisation_id,
        rfp=rfp,
        record=record.decode(),
        digest=hashes.of_bytes(record),
        reason=why,
        requested_by=actor,
    )
    for pk, bid in bids.items():
        ShortlistEntry.objects.create(
            organisation_id=rfp.organisation_id,
            vendor_id=bid.vendor_id,
            shortlist=made,
            bid=bid,
            taken=outcomes[pk].taken,
            points=outcomes[pk].points,
            because=outcomes[pk].because,
        )
    audit.record(
        action="bids.propose_shortlist",
        actor=actor,
        subject=made,
        procurement_id=rfp.procurement_id,
        payload={"digest": made.digest, "ranking": ranking, "reason": why},
    )
    _tell_confirmers(made, people, actor)
    return made


def require_choosing(rfp: Rfp) -> None:
    """Refuse outside the moment between the locked scores and a confirmed list."""
    held = Procurement.objects.select_for_update(of=("self",)).get(pk=rfp.procurement_id)
    if held.phase != Phase.SHORTLIST:
        raise WrongState(
            _("A shortlist is chosen in a request for information, after its scores are locked.")
        )
    if Shortlist.objects.filter(rfp=rfp, state=ShortlistState.CONFIRMED).exists():
        raise WrongState(_("The shortlist is confirmed, and the vendors were told. It stands."))


def _record(
    rfp: Rfp,
    bids: Mapping[uuid.UUID, Bid],
    outcomes: Mapping[uuid.UUID, Outcome],
    ranking: str,
    reason: str,
) -> dict[str, Any]:
    return {
        "form": "cceval.shortlist.1",
        "rfp": {"id": str(rfp.pk), "digest": rfp.digest},
        "rule": rfp.shortlist,
        "ranking": ranking,
        "reason": reason,
        "bids": [
            {
                "bid": str(pk),
                "letter": bids[pk].letter,
                "taken": outcomes[pk].taken,
                "points": outcomes[pk].points,
                "because": outcomes[pk].because,
            }
            for pk in sorted(bids, key=lambda one: bids[one].letter)
        ],
    }


@transaction.atomic
def confirm(*, shortlist: Shortlist, actor: User) -> Shortlist:
    """Freeze the list and tell every vendor, each about itself."""
    authorise(actor, "bids.confirm_shortlist", shortlist)
    require_choosing(shortlist.rfp)
    held = Shortlist.objects.select_for_update(of=("self",)).get(pk=shortlist.pk)
    shortlist.state = held.state
    require(shortlist, SHORTLIST, "confirm")
    if shortlist.requested_by_id == actor.pk:
        raise NotAllowed(_("You proposed the shortlist yourself. A second person confirms it."))
    entries = list(ShortlistEntry.objects.filter(shortlist=shortlist).order_by("pk"))
    _decide(shortlist, "confirm", actor, payload=_confirmed(shortlist, entries))
    for entry in entries:
        ShortlistEntry.objects.filter(pk=entry.pk).update(sent_at=clock.now())
        _tell_vendor(shortlist, entry, actor)
    return shortlist


def _confirmed(shortlist: Shortlist, entries: Collection[ShortlistEntry]) -> dict[str, Any]:
    return {
        "digest": shortlist.digest,
        "rule": shortlist.rfp.shortlist,
        "rfp": shortlist.rfp.digest,
        "taken": sorted(str(one.bid_id) for one in entries if one.taken),
        "left_out": sorted(str(one.bid_id) for one in entries if not one.taken),
    }


@transaction.atomic
def drop(*, shortlist: Shortlist, actor: User) -> None:
    """Take the proposal back, or say no to it: nobody has been told."""
    authorise(actor, "bids.confirm_shortlist", shortlist)
    _decide(shortlist, "drop", actor)


def _decide(
    shortlist: Shortlist, name: str, actor: User, payload: dict[str, Any] | None = None
) -> None:
    who = {"decided_by": actor, "decided_at": clock.now()}
    move(shortlist, SHORTLIST, name, actor=actor, also=who, payload=payload or {})


def _tell_confirmers(made: Shortlist, people: Mapping[str, str], actor: User) -> None:
    for address, name in sorted(people.items()):
        mail.send(
            to=address,
            event=f"bids.shortlist_asked:{made.pk}",
            template="shortlist_asked",
            context={
                "name": name,
                "procurement": made.rfp.procurement,
                "by": actor.name,
                "path": reverse("matrix:shortlist", args=[made.procurement_id]),
            },
            actor=actor,
        )


def _tell_vendor(shortlist: Shortlist, entry: ShortlistEntry, actor: User) -> None:
    """Tell one vendor what became of its own answers, and by which rule: of no other, nor how many."""
    rfp = shortlist.rfp
    invitation = rfp.invitations.filter(vendor_id=entry.vendor_id).first()
    rule = shortlist_rule(rfp)
    if invitation is None or rule is None:
        return
    mail.send(
        to=invitation.email,
        event=f"bids.shortlist:{entry.pk}",
        template="shortlist_decided",
        context={
            "buyer": rfp.procurement.organisation,
            "contact": invitation.contact,
            "title": rfp.procurement.title,
            "tender": rfp.procurement.reference,
            "taken": entry.taken,
            "points": entry.points,
            "because": entry.because,
            "rule": rule.sentence,
            "path": reverse("bids:result", args=[entry.bid_id]),
        },
        actor=actor,
    )
