"""Invitations: what a link shows to its holder, and what the buyer sees of its own."""

import datetime as dt
import uuid
from dataclasses import dataclass, replace

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from apps.bids.models import Invitation
from apps.bids.selectors.drafts import bid_for
from apps.bids.states import InvitationState
from apps.core import clock, tenancy
from apps.core.access import can
from apps.core.errors import NotFound
from apps.rfp.models import Rfp
from apps.rfp.selectors import rfp_for
from apps.rfp.states import RfpState
from apps.workspace.models import User
from apps.workspace.services.people import digest_of


def invitation_by(token: str) -> Invitation:
    """Return the invitation of a link; a wrong token finds nothing."""
    digest = digest_of(token)
    with tenancy.acting_as(scope="token", key=digest):
        found = (
            Invitation.objects.filter(token_digest=digest)
            .select_related("organisation", "vendor")
            .first()
        )
    if found is None:
        raise NotFound(
            _("There is no such invitation. Use the link of the last mail you received.")
        )
    return found


@dataclass(frozen=True)
class InvitationPage:
    """What the holder of a link may know before accepting."""

    buyer: str
    vendor: str
    contact: str
    email: str
    state: str
    expired: bool
    title: str = ""
    reference: str = ""
    introduction: str = ""
    closes_at: dt.datetime | None = None
    zone: str = "UTC"
    over: bool = False
    cancelled: bool = False


def invitation_page(token: str) -> InvitationPage:
    """Return the page behind a link. After a refusal the RFP is not the vendor's to read."""
    invitation = invitation_by(token)
    basic = InvitationPage(
        buyer=invitation.organisation.name,
        vendor=invitation.vendor.name,
        contact=invitation.contact,
        email=invitation.email,
        state=invitation.state,
        expired=invitation.expires_at <= clock.now(),
    )
    if invitation.state == InvitationState.DECLINED:
        return basic
    with tenancy.acting_as(organisation=invitation.vendor_id):
        rfp = Rfp.objects.select_related("procurement", "round").get(pk=invitation.rfp_id)
        now = clock.database_now()
    return replace(
        basic,
        title=rfp.procurement.title,
        reference=rfp.procurement.reference,
        introduction=rfp.introduction,
        closes_at=rfp.round.closes_at,
        zone=rfp.round.zone,
        over=now >= rfp.round.closes_at,
        cancelled=rfp.state == RfpState.CANCELLED,
    )


def invitations_of(user: User, rfp: Rfp) -> QuerySet[Invitation]:
    """Return who was invited, in the order of inviting: states of invitations, never of bids."""
    held = Invitation.objects.filter(rfp=rfp).select_related("vendor", "invited_by")
    return held.order_by("created_at", "pk") if can(user, "bids.view_vendors", rfp) else held.none()


def invitation_for(
    user: User, *, procurement_id: uuid.UUID, invitation_id: uuid.UUID
) -> Invitation:
    """Return one invitation of a procurement on whose panel the person sits."""
    rfp = rfp_for(user, procurement_id=procurement_id)
    found = invitations_of(user, rfp).filter(pk=invitation_id).first()
    if found is None:
        raise NotFound(_("There is no such invitation in this procurement."))
    found.rfp = rfp
    return found


def own_invitation(user: User, *, bid_id: uuid.UUID) -> Invitation:
    """Return the invitation behind a vendor's own bid."""
    bid = bid_for(user, bid_id=bid_id)
    return Invitation.objects.select_related("rfp__procurement", "vendor").get(
        rfp=bid.round.rfp, vendor_id=bid.vendor_id
    )
