"""Vendors come by an invitation to one address: a mailed link that a mail scanner cannot burn."""

from typing import NamedTuple

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.bids import adapters, selectors
from apps.bids.models import Bid, Invitation
from apps.bids.selectors import shortlist as shortlists
from apps.bids.services.deadline import exact, to_the_minute
from apps.bids.states import INVITATION, BidState, InvitationState
from apps.core import audit, clock, keystore, mail, tenancy, workflow
from apps.core.access import authorise
from apps.core.errors import Incomplete, WrongState
from apps.rfp.models import Rfp
from apps.rfp.states import RfpState
from apps.workspace.models import Organisation, User
from apps.workspace.services import people
from apps.workspace.states import MemberRole, Side


class Accepted(NamedTuple):
    user: User
    bid: Bid


@transaction.atomic
def invite(
    *, rfp: Rfp, vendor_name: str, contact: str, email: str, actor: User
) -> tuple[Invitation, str]:
    """Invite one vendor to a published RFP; returns the invitation and the token that is mailed."""
    authorise(actor, "bids.invite", rfp)
    _require_running(rfp)
    address = email.strip().lower()
    if Invitation.objects.filter(rfp=rfp, email=address).exists():
        raise _taken(address)
    token = people.new_token()
    try:
        with transaction.atomic():
            invitation = Invitation.objects.create(
                organisation_id=rfp.organisation_id,
                rfp=rfp,
                vendor=_vendor(rfp, vendor_name.strip(), address),
                email=address,
                contact=contact.strip(),
                token_digest=people.digest_of(token),
                expires_at=clock.now() + people.VALID,
                invited_by=actor,
            )
    except IntegrityError:
        raise _taken(address) from None
    _record(invitation, "bids.invite", actor)
    _mail(invitation, token, actor)
    return invitation, token


@transaction.atomic
def invite_shortlisted(*, rfp: Rfp, actor: User) -> int:
    """Invite everybody who was taken from the request before and is not invited yet; how many."""
    authorise(actor, "bids.invite", rfp)
    _require_running(rfp)
    waiting = shortlists.shortlisted_of(actor, rfp)
    if not waiting:
        raise WrongState(_("Everybody on the shortlist is invited already."))
    for one in waiting:
        invite(
            rfp=rfp,
            vendor_name=one.vendor.name,
            contact=one.contact,
            email=one.email,
            actor=actor,
        )
    return len(waiting)


def _taken(address: str) -> Incomplete:
    sentence = _("{email} is invited already. Send that invitation again instead.").format(
        email=address
    )
    return Incomplete(sentence, fields={"email": sentence})


def _vendor(rfp: Rfp, name: str, address: str) -> Organisation:
    """Return the vendor of an earlier invitation to the same address, else a new one.

    A name alone is not enough: whoever invites could otherwise name a rival's organisation, use
    an address of their own, and walk into its bids.
    """
    known = Invitation.objects.filter(
        organisation_id=rfp.organisation_id, email=address, vendor__name__iexact=name
    ).exclude(rfp=rfp)
    earlier = known.select_related("vendor").order_by("created_at").first()
    if earlier is not None:
        return earlier.vendor
    return Organisation.objects.create(
        name=name, side=Side.VENDOR, invited_by_id=rfp.organisation_id
    )


def _require_running(rfp: Rfp) -> None:
    if rfp.state != RfpState.PUBLISHED:
        raise WrongState(_("Publish the RFP first: vendors are invited to what is final."))
    if clock.database_now() >= rfp.round.closes_at:
        raise WrongState(
            _("The deadline passed on {closed}. Extend it before you invite.").format(
                closed=exact(rfp.round.closes_at, rfp.round.zone)
            )
        )


def _require_answerable(rfp: Rfp) -> None:
    """What the holder of a link is told when there is nothing to accept or decline any more."""
    if rfp.state == RfpState.CANCELLED:
        raise WrongState(_("The buyer cancelled this tender. No bid is taken any more."))
    if clock.database_now() >= rfp.round.closes_at:
        raise WrongState(
            _("Bids closed on {closed}. This invitation has ended.").format(
                closed=exact(rfp.round.closes_at, rfp.round.zone)
            )
        )


@transaction.atomic
def renew(*, invitation: Invitation, actor: User) -> str:
    """Send a new link; the one before it stops working. Returns the new token."""
    authorise(actor, "bids.invite", invitation)
    _require_running(invitation.rfp)
    if invitation.state == InvitationState.ACCEPTED:
        raise WrongState(_("This invitation was accepted. The vendor signs in with its address."))
    token = people.new_token()
    invitation.token_digest = people.digest_of(token)
    invitation.expires_at = clock.now() + people.VALID
    invitation.save(update_fields=["token_digest", "expires_at"])
    _record(invitation, "bids.renew_invitation", actor)
    _mail(invitation, token, actor)
    return token


def _record(invitation: Invitation, action: str, actor: User) -> None:
    audit.record(
        action=action,
        actor=actor,
        subject=invitation,
        procurement_id=invitation.procurement_id,
        payload={"email": invitation.email, "vendor": str(invitation.vendor_id)},
    )


def _mail(invitation: Invitation, token: str, actor: User) -> None:
    rfp = invitation.rfp
    mail.send(
        to=invitation.email,
        event=f"bids.invitation:{invitation.pk}:{invitation.token_digest[:16]}",
        template="invitation",
        context={
            "invitation": invitation,
            "buyer": rfp.procurement.organisation,
            "inviter": actor,
            "asks_price": rfp.asks_price,
            "title": rfp.procurement.title,
            "tender": rfp.procurement.reference,
            "closes_at": to_the_minute(rfp.round.closes_at, rfp.round.zone),
            "expires_at": to_the_minute(invitation.expires_at, rfp.round.zone),
            "link": f"{settings.ORIGIN}/invitation/{token}/",
        },
        actor=actor,
    )


@transaction.atomic
def accept(*, token: str, name: str = "", password: str | None = None) -> Accepted:
    """Use a link: the invited person becomes the vendor's owner and gets an empty bid.

    The token is the authority, once. Whoever is signed in meanwhile plays no part in it.
    """
    invitation = selectors.invitation_by(token)
    _require_usable(invitation)
    user = people.find_or_create(
        email=invitation.email, name=name.strip() or invitation.contact, password=password
    )
    # The invitation is the buyer's row, and its moves belong to the buyer's record.
    with tenancy.acting_as(person=user.pk, organisation=invitation.organisation_id):
        _require_answerable(invitation.rfp)
        workflow.move(invitation, INVITATION, "accept", actor=user)
    with tenancy.acting_as(person=user.pk, organisation=invitation.vendor_id):
        people.join(organisation=invitation.vendor, user=user, role=MemberRole.OWNER)
        bid, made = Bid.objects.get_or_create(
            round=invitation.rfp.round,
            vendor=invitation.vendor,
            defaults={"organisation_id": invitation.organisation_id},
        )
        if made:  # of a bid that was submitted and withdrawn the key is the vendor's own
            keystore.create(adapters.draft_key(bid.pk))
            audit.record(action="bids.start", actor=user, subject=bid)
    return Accepted(user, bid)


def _require_usable(invitation: Invitation) -> None:
    if invitation.state == InvitationState.ACCEPTED:
        raise WrongState(_("This invitation was accepted already. Sign in with your address."))
    if invitation.expires_at <= clock.now():
        raise WrongState(_("This link has expired. Ask the buyer to send it again."))


@transaction.atomic
def decline_by_link(*, token: str, reason: str) -> None:
    """Say no without an account: the link is the authority, and stays usable to change one's mind."""
    invitation = selectors.invitation_by(token)
    _require_usable(invitation)
    _decline(invitation, reason, None)


@transaction.atomic
def decline(*, invitation: Invitation, reason: str, actor: User) -> None:
    """Say no after having accepted; a submitted bid is withdrawn first."""
    authorise(actor, "bids.decline", invitation)
    submitted = Bid.objects.filter(
        round__rfp_id=invitation.rfp_id, vendor_id=invitation.vendor_id, state=BidState.SUBMITTED
    )
    if submitted.exists():
        raise WrongState(_("Your bid is submitted. Withdraw it first, then decline."))
    _decline(invitation, reason, actor)


def _decline(invitation: Invitation, reason: str, actor: User | None) -> None:
    person = actor.pk if actor else None
    with tenancy.acting_as(person=person, organisation=invitation.organisation_id):
        _require_answerable(invitation.rfp)
        workflow.move(
            invitation,
            INVITATION,
            "decline",
            actor=actor,
            also={"reason_declined": reason.strip()[:2000]},
        )


@transaction.atomic
def invite_colleague(*, bid: Bid, email: str, name: str, actor: User) -> str:
    """Invite a colleague to answer; only the owner submits. Returns the token that is mailed."""
    authorise(actor, "bids.invite_colleague", bid)
    return people.invite(
        organisation=bid.vendor,
        email=email,
        name=name,
        role=MemberRole.RESPONDENT,
        actor=actor,
    )
