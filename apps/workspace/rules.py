"""Who may: predicates on roles, shared by every app above, and this app's permissions."""

import uuid
from dataclasses import dataclass
from typing import Any

import rules

from apps.workspace.models import Membership, NamedConflict, PanelMember, Procurement, User
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


@dataclass(frozen=True)
class _Seat:
    """What a person is on a panel: the roles, and how far the bids are open to them."""

    roles: frozenset[Role]
    declared: bool  # both declarations are made, none is a conflict, and no named one waits
    recused: frozenset[uuid.UUID]  # vendors whose bids do not exist for them


def _seat(user: User, procurement: Procurement) -> _Seat:
    known: dict[object, _Seat] = user.__dict__.setdefault("_seats", {})
    if procurement.pk not in known:
        held = list(
            PanelMember.objects.filter(user=user, procurement=procurement, active=True).values_list(
                "role", "interest", "declared_at"
            )
        )
        roles = frozenset(Role(role) for role, _interest, _at in held)
        declared = bool(held) and all(i == Interest.NONE and at for _role, i, at in held)
        named = _named(user, procurement) if Role.EVALUATOR in roles else []
        known[procurement.pk] = _Seat(
            roles,
            declared and all(settled for settled, _vendor in named),
            frozenset(vendor for _settled, vendor in named if vendor),
        )
    return known[procurement.pk]


def _named(user: User, procurement: Procurement) -> list[tuple[uuid.UUID | None, uuid.UUID | None]]:
    """Return, for each conflict the person named, what settled it and with which vendor."""
    held = NamedConflict.objects.filter(user=user, procurement=procurement)
    return list(held.values_list("recusal", "recusal__vendor_id"))


def recused_from(user: User, subject: Any) -> frozenset[uuid.UUID]:
    """Return the vendors of this procurement whose bids this person must not see."""
    procurement = procurement_of(subject)
    if procurement is None or not user.is_authenticated:
        return frozenset()
    return _seat(user, procurement).recused


def panel_roles(user: User, procurement: Procurement) -> frozenset[Role]:
    """Return the roles a person holds on a panel; read once per person and procurement."""
    return _seat(user, procurement).roles


def forget_roles(user: User) -> None:
    """Read roles and declarations anew the next time, after they changed."""
    user.__dict__.pop("_seats", None)


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
def has_declared(user: User, subject: Any) -> bool:
    """On the panel, interests and confidentiality declared, no conflict: the gate before any bid."""
    procurement = procurement_of(subject)
    return procurement is not None and user.is_authenticated and _seat(user, procurement).declared


@rules.predicate
def sees_the_field(user: User, subject: Any) -> bool:
    """Recused from nobody: what holds all bids together is for who may see every one of them."""
    return not recused_from(user, subject)


@rules.predicate
def only_evaluates(user: User, subject: Any) -> bool:
    """On the panel as an evaluator and as nothing else: every other role needs every bid."""
    procurement = procurement_of(subject)
    return (
        procurement is not None
        and user.is_authenticated
        and panel_roles(user, procurement) == {Role.EVALUATOR}
    )


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
