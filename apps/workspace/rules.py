"""Who may: predicates on roles, shared by every app above, and this app's permissions."""

from typing import Any

import rules

from apps.workspace.models import Membership, PanelMember, Procurement, User
from apps.workspace.states import Interest, MemberRole, Role, Side

LONGEST_WAY = 4  # a subject is at most this many steps away from its procurement
STEPS = ("procurement", "rfp", "round", "bid", "scoring_round", "submission", "assessment")


def procurement_of(subject: Any) -> Procurement | None:
    """Find the procurement a subject belongs to, step by step."""
    for _step in range(LONGEST_WAY):
        if subject is None or isinstance(subject, Procurement):
            return subject
        name = next((step for step in STEPS if hasattr(subject, step)), "")
        subject = getattr(subject, name) if name else None
    return subject if isinstance(subject, Procurement) else None


def panel_roles(user: User, procurement: Procurement) -> frozenset[Role]:
    """Return the roles a person holds on a panel; read once per person and procurement."""
    known: dict[object, frozenset[Role]] = user.__dict__.setdefault("_panel_roles", {})
    if procurement.pk not in known:
        held = PanelMember.objects.filter(user=user, procurement=procurement, active=True)
        known[procurement.pk] = frozenset(
            Role(role) for role in held.values_list("role", flat=True)
        )
    return known[procurement.pk]


def forget_roles(user: User) -> None:
    """Read the roles anew the next time, after they changed."""
    user.__dict__.pop("_panel_roles", None)


def has_role(*wanted: Role) -> Any:
    """Return a predicate: the person holds one of the roles on the subject's procurement."""

    @rules.predicate
    def holds(user: User, subject: Any) -> bool:
        procurement = procurement_of(subject)
        if procurement is None or not user.is_authenticated:
            return False
        return bool(panel_roles(user, procurement) & set(wanted))

    return holds


is_lead = has_role(Role.LEAD)
is_panel = has_role(*Role)


@rules.predicate
def has_no_conflict(user: User, subject: Any) -> bool:
    """Declared interests, none in conflict."""
    held = PanelMember.objects.filter(
        user=user, procurement=procurement_of(subject), active=True, role=Role.EVALUATOR
    )
    return list(held.values_list("interest", flat=True)) == [Interest.NONE]


def _member_of(user: User, organisation_id: Any, *roles: MemberRole) -> bool:
    known = user.membership if user.is_authenticated else None
    if known is not None and known.organisation_id == organisation_id:
        return not roles or known.role in roles
    held = Membership.objects.filter(user=user, organisation_id=organisation_id, active=True)
    if roles:
        held = held.filter(role__in=roles)
    return held.exists()


@rules.predicate
def is_member_of_vendor(user: User, subject: Any) -> bool:
    return _member_of(user, getattr(subject, "vendor_id", None))


@rules.predicate
def is_vendor_owner(user: User, subject: Any) -> bool:
    return _member_of(user, getattr(subject, "vendor_id", None), MemberRole.OWNER)


@rules.predicate
def is_buyer_member(user: User, subject: Any) -> bool:
    """A member of the acting buyer organisation (the subject)."""
    return getattr(subject, "side", None) == Side.BUYER and _member_of(user, subject.pk)


@rules.predicate
def conducts_tenders(user: User, subject: Any) -> bool:
    """A member of the buyer organisation (the subject) who leads or opens one of its tenders."""
    return (
        is_buyer_member(user, subject)
        and PanelMember.objects.filter(
            user=user,
            procurement__organisation_id=subject.pk,
            active=True,
            role__in=(Role.LEAD, Role.OPENER),
        ).exists()
    )


rules.add_perm("workspace.view", rules.is_authenticated)
rules.add_perm("workspace.view_procurement", is_panel)
rules.add_perm("workspace.open_procurement", is_buyer_member)
rules.add_perm("workspace.edit_procurement", is_lead)
rules.add_perm("workspace.view_panel", is_panel)
rules.add_perm("workspace.appoint", is_lead)
rules.add_perm("workspace.declare_interest", is_panel)
rules.add_perm("workspace.view_record", has_role(Role.LEAD, Role.AUDITOR))
