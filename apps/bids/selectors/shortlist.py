"""A shortlist: the panel sees the list, a vendor what became of its own answers and nothing else."""

import uuid
from dataclasses import dataclass

from django.utils.translation import gettext as _

from apps.bids.models import Bid, Invitation, Shortlist, ShortlistEntry
from apps.bids.states import ShortlistState
from apps.core.access import can
from apps.core.errors import NotFound
from apps.rfp.models import Rfp
from apps.rfp.selectors import rfp_for, shortlist_rule
from apps.workspace.models import User


def standing_shortlist(rfp: Rfp) -> Shortlist | None:
    """Return the list that waits or is confirmed."""
    held = Shortlist.objects.filter(rfp=rfp).exclude(state=ShortlistState.DROPPED)
    found = held.select_related("requested_by", "decided_by").first()
    if found is not None:
        found.rfp = rfp
    return found


def entries_of(shortlist: Shortlist) -> dict[uuid.UUID, ShortlistEntry]:
    """Return what became of each bid, by bid."""
    return {one.bid_id: one for one in ShortlistEntry.objects.filter(shortlist=shortlist)}


def shortlist_for(user: User, *, procurement_id: uuid.UUID, shortlist_id: uuid.UUID) -> Shortlist:
    """Return a list of a procurement on whose panel the person sits."""
    rfp = rfp_for(user, procurement_id=procurement_id)
    found = Shortlist.objects.filter(rfp=rfp, pk=shortlist_id).first()
    if found is None:
        raise NotFound(_("There is no such shortlist in this procurement."))
    found.rfp = rfp
    return found


def confirmed_shortlist_for(user: User, *, procurement_id: uuid.UUID) -> Shortlist:
    """Return the confirmed list of a procurement; NotFound before there is one."""
    rfp = rfp_for(user, procurement_id=procurement_id)
    found = standing_shortlist(rfp)
    if found is None or found.state != ShortlistState.CONFIRMED:
        raise NotFound(_("There is no confirmed shortlist in this procurement."))
    return found


def own_result(bid: Bid) -> ShortlistEntry | None:
    """Return what this vendor was told of its own answers, if it was told."""
    return ShortlistEntry.objects.filter(
        bid=bid, vendor_id=bid.vendor_id, sent_at__isnull=False
    ).first()


@dataclass(frozen=True)
class ResultPage:
    """What one vendor is told: its own outcome and the published rule."""

    taken: bool
    points: str
    because: str
    rule: str


def result_page(bid: Bid) -> ResultPage:
    entry, rule = own_result(bid), shortlist_rule(bid.round.rfp)
    if entry is None:
        raise NotFound(_("There is no result here yet."))
    return ResultPage(entry.taken, entry.points, entry.because, rule.sentence if rule else "")


def shortlisted_of(user: User, rfp: Rfp) -> tuple[Invitation, ...]:
    """Return who was taken from the request that this tender follows and is not invited yet.

    The rows are the earlier invitations: they name vendor, contact and address.
    """
    if rfp.follows_id is None or not can(user, "bids.invite", rfp):
        return ()
    taken = ShortlistEntry.objects.filter(
        shortlist__rfp_id=rfp.follows_id, shortlist__state=ShortlistState.CONFIRMED, taken=True
    )
    here = Invitation.objects.filter(rfp=rfp)
    held = Invitation.objects.filter(
        rfp_id=rfp.follows_id, vendor_id__in=taken.values("vendor_id")
    ).exclude(vendor_id__in=here.values("vendor_id"))
    return tuple(held.select_related("vendor").order_by("vendor__name", "pk"))
