"""The panel: appointed by the lead; each member makes two declarations before seeing a bid."""

from collections.abc import Iterable
from hashlib import sha256
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core import audit, clock
from apps.core.access import authorise
from apps.core.errors import Incomplete, WrongState
from apps.workspace import selectors
from apps.workspace.models import (
    Declaration,
    Membership,
    NamedConflict,
    PanelMember,
    Procurement,
    RoleException,
    User,
)
from apps.workspace.rules import forget_roles
from apps.workspace.states import Interest, Pair, Phase, Role, pair_name
from apps.workspace.types import CONFIDENTIALITY, Meeting

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
    _keep_recused_out(procurement, user, role)
    member, made = PanelMember.objects.get_or_create(
        procurement=procurement,
        user=user,
        role=role,
        defaults={"organisation_id": procurement.organisation_id},
    )
    if not made and member.active:
        return member
    PanelMember.objects.filter(pk=member.pk).update(active=True, **_declared_before(member))
    forget_roles(user)
    audit.record(
        action="panel.appoint",
        actor=actor,
        subject=member,
        procurement_id=procurement.pk,
        payload={"person": str(user.pk), "role": role},
    )
    return member


def _keep_recused_out(procurement: Procurement, user: User, role: Role) -> None:
    """Refuse every other role to an evaluator who named a conflict: it would need every bid."""
    if role == Role.EVALUATOR:
        return
    named = NamedConflict.objects.filter(procurement=procurement, user=user)
    if named.exclude(recusal__isnull=False, recusal__vendor=None).exists():
        sentence = _("{name} has a conflict with one vendor and can only be an evaluator.").format(
            name=user.name
        )
        raise Incomplete(sentence, fields={"user": sentence})


def _declared_before(member: PanelMember) -> dict[str, Any]:
    """Return what the person declared on this panel: it holds in every role."""
    last = (
        Declaration.objects.filter(procurement=member.procurement, user=member.user)
        .order_by("-created_at", "-pk")
        .first()
    )
    if last is None:
        return {}
    return {"interest": last.interest, "interest_note": last.note, "declared_at": last.created_at}


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
def declare(
    *, procurement: Procurement, conflict: bool, note: str, confidential: bool, actor: User
) -> Declaration:
    """Declare one's interests and agree to confidentiality: the gate before any bid, in every role.

    A conflict needs a note and shuts the bids. The words on confidentiality are kept as they are
    now; without agreeing to them nothing is declared.
    """
    authorise(actor, "workspace.declare_interest", procurement)
    _check_declaration(conflict=conflict, note=note, confidential=confidential)
    held = PanelMember.objects.filter(procurement=procurement, user=actor, active=True)
    over = procurement.phase in {Phase.DECIDED, Phase.CLOSED}
    if over and not held.filter(declared_at=None).exists():
        raise WrongState(_("This procurement is decided; declarations are closed."))
    made = Declaration.objects.create(
        organisation_id=procurement.organisation_id,
        procurement=procurement,
        user=actor,
        interest=Interest.CONFLICT if conflict else Interest.NONE,
        note=note.strip(),
        confidentiality=str(CONFIDENTIALITY),
    )
    held.update(interest=made.interest, interest_note=made.note, declared_at=clock.now())
    forget_roles(actor)
    audit.record(
        action="panel.declare",
        actor=actor,
        subject=procurement,
        procurement_id=procurement.pk,
        payload={
            "interest": made.interest,
            "confidentiality": sha256(made.confidentiality.encode()).hexdigest(),
        },
    )
    return made


def _check_declaration(*, conflict: bool, note: str, confidential: bool) -> None:
    wrong: dict[str, str] = {}
    if conflict and not note.strip():
        wrong["note"] = _("Say in a sentence what the conflict is.")
    if len(note.strip()) > REASON:
        wrong["note"] = _("Shorten it to {limit} characters.").format(limit=REASON)
    if not confidential:
        wrong["confidential"] = _("Agree to confidentiality. Bids are shown to nobody else.")
    if wrong:
        raise Incomplete(" ".join(wrong.values()), fields=wrong)
