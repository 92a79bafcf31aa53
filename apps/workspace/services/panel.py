"""The panel: appointed by the lead, each member declares interests before seeing a bid."""

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core import audit, clock
from apps.core.access import authorise
from apps.core.errors import Incomplete, WrongState
from apps.workspace.models import Membership, PanelMember, Procurement, User
from apps.workspace.rules import forget_roles
from apps.workspace.states import Interest, Phase, Role


@transaction.atomic
def appoint(*, procurement: Procurement, user: User, role: Role, actor: User) -> PanelMember:
    """Appoint a person of the buyer's organisation to a role."""
    authorise(actor, "workspace.appoint", procurement)
    if not Membership.objects.filter(
        user=user, organisation_id=procurement.organisation_id, active=True
    ).exists():
        sentence = _("This person is not in your organisation. Invite them first.")
        raise Incomplete(sentence, fields={"user": sentence})
    member, made = PanelMember.objects.get_or_create(
        procurement=procurement,
        user=user,
        role=role,
        defaults={"organisation_id": procurement.organisation_id},
    )
    if not made and member.active:
        return member
    PanelMember.objects.filter(pk=member.pk).update(active=True)
    forget_roles(user)
    audit.record(
        action="panel.appoint",
        actor=actor,
        subject=member,
        procurement_id=procurement.pk,
        payload={"person": str(user.pk), "role": role},
    )
    return member


@transaction.atomic
def dismiss(*, member: PanelMember, actor: User) -> None:
    """Take a role away. The last lead stays: a case file is never without one."""
    authorise(actor, "workspace.appoint", member.procurement)
    others = PanelMember.objects.filter(
        procurement=member.procurement, role=Role.LEAD, active=True
    ).exclude(pk=member.pk)
    if member.role == Role.LEAD and not others.exists():
        raise WrongState(_("A procurement needs a lead. Appoint another one first."))
    PanelMember.objects.filter(pk=member.pk).update(active=False)
    forget_roles(member.user)
    audit.record(
        action="panel.dismiss",
        actor=actor,
        subject=member,
        procurement_id=member.procurement_id,
        payload={"person": str(member.user_id), "role": member.role},
    )


@transaction.atomic
def declare(*, procurement: Procurement, conflict: bool, note: str, actor: User) -> None:
    """Declare one's interests. A conflict needs a note and ends access to scoring."""
    authorise(actor, "workspace.declare_interest", procurement)
    if conflict and not note.strip():
        sentence = _("Say in a sentence what the conflict is.")
        raise Incomplete(sentence, fields={"note": sentence})
    if procurement.phase in {Phase.DECIDED, Phase.CLOSED}:
        raise WrongState(_("This procurement is decided; declarations are closed."))
    state = Interest.CONFLICT if conflict else Interest.NONE
    PanelMember.objects.filter(procurement=procurement, user=actor, active=True).update(
        interest=state, interest_note=note.strip(), declared_at=clock.now()
    )
    audit.record(
        action="panel.declare",
        actor=actor,
        subject=procurement,
        procurement_id=procurement.pk,
        payload={"interest": state},
    )
