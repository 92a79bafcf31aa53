"""People join organisations by an invitation to their address; a token is used once."""

import datetime as dt
import hashlib
import secrets
import uuid

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from apps.core import audit, clock, mail, tenancy
from apps.core.access import authorise
from apps.core.errors import NotFound, WrongState
from apps.workspace.models import Membership, Organisation, PersonInvite, User
from apps.workspace.states import MemberRole, Side

VALID = dt.timedelta(hours=72)


def digest_of(token: str) -> str:
    """Return what is stored of a token: its SHA-256, in hexadecimal."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_token() -> str:
    """Return 256 random bits for a link. Only its digest is stored."""
    return secrets.token_urlsafe(32)


@transaction.atomic
def create_buyer(*, name: str, owner_email: str, owner_name: str, password: str | None) -> User:
    """Found a buyer organisation and its first person, from the command line."""
    organisation = Organisation(name=name, side=Side.BUYER)
    with tenancy.acting_as(organisation=organisation.pk):
        organisation.save(force_insert=True)
        owner = find_or_create(email=owner_email, name=owner_name, password=password)
        join(organisation=organisation, user=owner, role=MemberRole.OWNER)
        audit.record(action="workspace.found", actor=owner, subject=organisation)
    return owner


def find_or_create(*, email: str, name: str, password: str | None = None) -> User:
    """Return the person with this address, made on first meeting."""
    known = User.objects.filter(email=email.lower()).first()
    return known or User.objects.create_user(email=email, name=name, password=password)


def join(*, organisation: Organisation, user: User, role: MemberRole) -> Membership:
    """Make a person a member; buyers' people need a second factor from then on."""
    membership, _made = Membership.objects.get_or_create(
        organisation=organisation, user=user, defaults={"role": role}
    )
    if organisation.side == Side.BUYER and not user.second_factor_required:
        user.second_factor_required = True
        user.save(update_fields=["second_factor_required"])
    return membership


@transaction.atomic
def invite(
    *, organisation: Organisation, email: str, name: str, role: MemberRole, actor: User
) -> str:
    """Invite a colleague into an organisation of one's own; returns the token that was mailed.

    The caller has authorised the act: a lead for a buyer, an owner for a vendor.
    """
    token = new_token()
    invite_row = PersonInvite.objects.create(
        organisation=organisation,
        email=email.lower(),
        name=name,
        role=role,
        token_digest=digest_of(token),
        expires_at=clock.now() + VALID,
        invited_by=actor,
    )
    audit.record(action="workspace.invite", actor=actor, subject=invite_row)
    mail.send(
        to=email,
        event=f"person-invite:{invite_row.pk}",
        template="person_invite",
        context={
            "organisation": organisation,
            "name": name,
            "inviter": actor,
            "link": f"{settings.ORIGIN}/join/{token}/",
            "expires_at": invite_row.expires_at,
        },
        actor=actor,
    )
    return token


def invitation_by(token: str) -> PersonInvite:
    """Return an open invitation; NotFound for a wrong, used or expired token, all alike."""
    with tenancy.acting_as(scope="token", key=digest_of(token)):
        found = PersonInvite.objects.filter(token_digest=digest_of(token)).first()
    if found is None or found.accepted_at or found.expires_at <= clock.now():
        raise NotFound(_("This invitation is not valid any more. Ask for a new one."))
    return found


@transaction.atomic
def accept(*, token: str, name: str) -> User:
    """Use up an invitation: the person of that address joins. A second use finds nothing."""
    invitation = invitation_by(token)
    with tenancy.acting_as(organisation=invitation.organisation_id):
        used = PersonInvite.objects.filter(pk=invitation.pk, accepted_at=None)
        if not used.update(accepted_at=clock.now()):
            raise WrongState(_("This invitation has been used already. Sign in instead."))
        user = find_or_create(email=invitation.email, name=name or invitation.name)
        organisation = Organisation.objects.get(pk=invitation.organisation_id)
        join(organisation=organisation, user=user, role=MemberRole(invitation.role))
        audit.record(action="workspace.join", actor=user, subject=invitation)
    return user


@transaction.atomic
def invite_buyer_colleague(
    *, procurement_organisation: uuid.UUID, email: str, name: str, actor: User
) -> str:
    """Invite a colleague into the buyer's organisation, to be appointed to panels later."""
    organisation = Organisation.objects.get(pk=procurement_organisation)
    authorise(actor, "workspace.open_procurement", organisation)
    return invite(
        organisation=organisation, email=email, name=name, role=MemberRole.MEMBER, actor=actor
    )
