"""The panel: appointed by the lead, each member declares interests before seeing a bid."""

from collections.abc import Iterable
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core import audit, clock
from apps.core.access import authorise
from apps.core.errors import Incomplete, WrongState
from apps.workspace import selectors
from apps.workspace.models import Membership, PanelMember, Procurement, RoleException, User
from apps.workspace.rules import forget_roles
from apps.workspace.states import Interest, Pair, Phase, Role, pair_name
from apps.workspace.types import Meeting

REASON: Final = 500


@transaction.atomic
def appoint(
    *, procurement: Procurement, user: User, role: Role, actor: User, because: str = ""
) -> PanelMember:
    """Appoint a person of the buyer's organisation to a role.

    Roles that must not meet in one person need a reason in `because`, which every report prints.
    """
    authorise(actor, "workspace.appoint", procurement)
    if not Membership.objects.filter(
        user=user, organisation_id=procurement.organisation_id, active=True
    ).exists():
        sentence = _("This person is not in your organisation. Invite them first.")
        raise Incomplete(sentence, fields={"user": sentence})
    _keep_apart(procurement, user, role, because.strip(), actor)
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


def _keep_apart(
    procurement: Procurement, user: User, role: Role, because: str, actor: User
) -> None:
    """Refuse a role that must not meet one the person holds, unless there is a reason for it.

    Once bids are asked for, a role that was held before counts as well: who has scored does not
    approve after a dismissal.
    """
    now = Procurement.objects.select_for_update(of=("self",)).get(pk=procurement.pk)
    held = PanelMember.objects.filter(procurement=procurement, user=user)
    if now.phase == Phase.PREPARING:
        held = held.filter(active=True)
    roles = {Role(one) for one in held.values_list("role", flat=True)}
    refused = [
        one
        for one in selectors.meetings_of(now, {user: {*roles, role}})
        if one.open and role in one.pair
    ]
    if not refused:
        return
    if not because:
        said = " ".join(one.sentence for one in refused)
        todo = _("Choose somebody else, or give the reason; every report prints it.")
        raise Incomplete(f"{said} {todo}", fields={"because": f"{said} {todo}"})
    for one in refused:
        _except(procurement, one, because, actor)


def _except(procurement: Procurement, one: Meeting, reason: str, actor: User) -> None:
    RoleException.objects.create(
        organisation_id=procurement.organisation_id,
        procurement=procurement,
        user=one.person,
        roles=pair_name(one.pair),
        reason=reason,
        granted_by=actor,
    )
    audit.record(
        action="panel.except",
        actor=actor,
        subject=procurement,
        procurement_id=procurement.pk,
        payload={"person": str(one.person.pk), "reason": reason, "roles": pair_name(one.pair)},
    )


@transaction.atomic
def except_meetings(*, procurement: Procurement, reason: str, actor: User) -> None:
    """Give the reason for every meeting of roles on the panel that still has none."""
    authorise(actor, "workspace.appoint", procurement)
    why = reason.strip()
    if not why or len(why) > REASON:
        sentence = _("Say in one or two sentences why; every report prints it.")
        raise Incomplete(sentence, fields={"reason": sentence})
    Procurement.objects.select_for_update(of=("self",)).get(pk=procurement.pk)
    for one in selectors.panel_meetings(procurement):
        if one.open:
            _except(procurement, one, why, actor)


def keep_apart(*, procurement: Procurement, pairs: Iterable[Pair], actor: User) -> None:
    """Say which roles must not meet in one person on this panel; part of choosing a preset."""
    names = sorted(map(pair_name, pairs))
    changed = Procurement.objects.filter(pk=procurement.pk).exclude(apart=names).update(apart=names)
    procurement.apart = names
    if changed:
        audit.record(
            action="panel.keep_apart",
            actor=actor,
            subject=procurement,
            procurement_id=procurement.pk,
            payload={"roles": names},
        )


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
