"""What a person may see: organisations, procurements, panels. The rest does not exist for them."""

import json
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.apps import apps
from django.conf import settings
from django.db.models import QuerySet
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core import tenancy
from apps.core.errors import NotFound
from apps.core.models import AuditEvent
from apps.workspace.models import (
    Membership,
    Organisation,
    PanelMember,
    Procurement,
    RoleException,
    User,
)
from apps.workspace.rules import panel_roles
from apps.workspace.states import (
    WHY_APART,
    Interest,
    Phase,
    Role,
    Side,
    pair_name,
    pairs_in,
    read_pair,
)
from apps.workspace.types import ACTS, Entry, Meeting, Stage, Visit

CHOSEN = "organisation"


def organisation_for(request: Visit) -> Organisation | None:
    """Return the organisation this person acts for: the chosen one, else the first joined.

    Who belongs to several organisations and follows a link acts for the one that owns what the
    address names. Runs in the scope `sign-in`; membership is read anew for every request, so that
    a removed person is out with the next one.
    """
    memberships = list(
        Membership.objects.filter(user=request.user, active=True)
        .select_related("organisation")
        .order_by("created_at", "pk")
    )
    chosen = request.session.get(CHOSEN)
    memberships.sort(key=lambda membership: str(membership.organisation_id) != chosen)
    found = memberships[0] if memberships else None
    if len(memberships) > 1:
        found = _owner_of_address(request, memberships) or found
    request.user.membership = found  # permissions of this request ask it, not the database again
    return found.organisation if found else None


def _owner_of_address(request: Visit, memberships: Sequence[Membership]) -> Membership | None:
    """Return the one of these organisations that owns what the address names; else None.

    Each is asked as that organisation's own session, so that row-level security answers: of an
    object of any other organisation nothing is learnt, and its page stays a 404.
    """
    try:
        named = resolve(request.path_info).kwargs
    except Resolver404:
        return None
    place = next((one for one in settings.TENANT_OBJECTS if one[0] in named), None)
    if place is None:
        return None
    argument, label, column = place
    rows = apps.get_model(label)._default_manager
    for membership in memberships:
        owner = membership.organisation_id
        with tenancy.acting_as(person=request.user.pk, organisation=owner):
            if rows.filter(**{"pk": named[argument], column: owner}).exists():
                return membership
    return None


def acting_buyer(_user: User) -> Organisation:
    """Return the buyer organisation the person acts for in this request; vendors have none."""
    found = Organisation.objects.filter(pk=tenancy.require_organisation(), side=Side.BUYER).first()
    if found is None:
        raise NotFound(_("There is nothing here, or nothing for you."))
    return found


def organisations_of(user: User) -> QuerySet[Organisation]:
    """Return every organisation a person belongs to; call it in the scope `sign-in`."""
    return Organisation.objects.filter(
        pk__in=Membership.objects.filter(user=user, active=True).values("organisation_id")
    ).order_by("name", "pk")


def procurements_visible_to(user: User) -> QuerySet[Procurement]:
    """Return the case files on whose panel the person sits, newest first."""
    mine = PanelMember.objects.filter(user=user, active=True).values("procurement_id")
    return (
        Procurement.objects.filter(pk__in=mine)
        .select_related("owner", "organisation")
        .order_by("-created_at", "-pk")
    )


def procurement_for(user: User, *, procurement_id: uuid.UUID) -> Procurement:
    """Return one case file; NotFound when there is none for this person."""
    found = procurements_visible_to(user).filter(pk=procurement_id).first()
    if found is None:
        raise NotFound(_("There is no such procurement, or you are not on its panel."))
    return found


def roles_of(user: User, procurement: Procurement) -> frozenset[Role]:
    return panel_roles(user, procurement)


def panel_of(procurement: Procurement) -> QuerySet[PanelMember]:
    """Return the active panel, by role then name."""
    return (
        PanelMember.objects.filter(procurement=procurement, active=True)
        .select_related("user")
        .order_by("role", "user__name", "pk")
    )


def meetings_of(
    procurement: Procurement, held: Mapping[User, Collection[Role]]
) -> tuple[Meeting, ...]:
    """Return where roles that should not meet do, among these people; an exception stays one."""
    given = RoleException.objects.filter(procurement=procurement).select_related("user")
    reasons = {(one.user, read_pair(one.roles)): one.reason for one in given}
    found = {
        *((person, pair) for person, roles in held.items() for pair in pairs_in(roles)),
        *((person, pair) for person, pair in reasons if person in held),
    }
    order = list(WHY_APART)
    return tuple(
        Meeting(person, pair, pair_name(pair) in procurement.apart, reasons.get((person, pair), ""))
        for person, pair in sorted(
            found, key=lambda one: (one[0].name, one[0].pk, order.index(one[1]))
        )
    )


def panel_meetings(procurement: Procurement) -> tuple[Meeting, ...]:
    """Return where roles that should not meet do, on the panel as it is; two queries."""
    held: dict[User, set[Role]] = {}
    for member in panel_of(procurement):
        held.setdefault(member.user, set()).add(Role(member.role))
    return meetings_of(procurement, held)


def auditors_of(procurement_id: uuid.UUID) -> list[str]:
    """Return the addresses of a procurement's auditors: they keep its record's checkpoints."""
    panel = PanelMember.objects.filter(procurement_id=procurement_id, role=Role.AUDITOR)
    return list(panel.filter(active=True).values_list("user__email", flat=True))


def colleagues(procurement: Procurement) -> QuerySet[User]:
    """Return the people of the buyer's organisation who can be appointed."""
    members = Membership.objects.filter(organisation_id=procurement.organisation_id, active=True)
    return User.objects.filter(pk__in=members.values("user_id"), is_active=True).order_by("name")


@dataclass(frozen=True)
class Declared:
    """How the declarations of the person on the page stand: still `needed`, or a `conflict`."""

    needed: bool
    conflict: bool


def own_declaration(user: User, procurement: Procurement) -> Declared:
    """Return it over all roles the person holds: one query."""
    held = PanelMember.objects.filter(user=user, procurement=procurement, active=True)
    rows = list(held.values_list("interest", "declared_at"))
    return Declared(
        needed=any(at is None for _interest, at in rows),
        conflict=any(interest == Interest.CONFLICT for interest, _at in rows),
    )


def record_of(procurement: Procurement) -> QuerySet[AuditEvent]:
    """Return the procurement's part of the organisation's record, newest first."""
    return (
        AuditEvent.objects.filter(procurement_id=procurement.pk)
        .select_related("actor", "leaf")
        .order_by("-seq")
    )


def entry(event: AuditEvent) -> Entry:
    """Put one event of the record into words; its code stays beside them."""
    leaf = getattr(event, "leaf", None)
    details = json.loads(event.payload)["details"]
    before, after = details.get("from"), details.get("to")
    return Entry(
        at=event.at,
        who=event.actor.name if event.actor else _("The service"),
        act=str(ACTS.get(event.action, event.action)),
        code=event.action,
        change=f"{before} → {after}" if before and after else "",
        refused=event.refused,
        fingerprint=bytes(event.leaf_hash).hex()[:16],
        number=leaf.place + 1 if leaf else None,
    )


STAGES = {
    Phase.PREPARING: gettext_lazy("Prepare"),
    Phase.TENDERING: gettext_lazy("Collect bids"),
    Phase.TECHNICAL: gettext_lazy("Evaluate quality"),
    Phase.COMMERCIAL: gettext_lazy("Compare prices"),
    Phase.DECIDED: gettext_lazy("Decide"),
}


STAGES_OF_INFORMATION = {
    Phase.PREPARING: gettext_lazy("Prepare"),
    Phase.TENDERING: gettext_lazy("Collect answers"),
    Phase.TECHNICAL: gettext_lazy("Evaluate quality"),
    Phase.SHORTLIST: gettext_lazy("Choose the shortlist"),
}
INFORMATION = "information"


def asks_for_information(procurement: Procurement) -> bool:
    """Whether a request for information goes out in this procurement, and no tender.

    The row belongs to the app above; it is asked through the relation, never written here. The
    phases of prices and of the shortlist say it by themselves.
    """
    if procurement.phase in {Phase.COMMERCIAL, Phase.DECIDED, Phase.SHORTLIST}:
        return procurement.phase == Phase.SHORTLIST
    return Procurement.objects.filter(pk=procurement.pk, rfp__kind=INFORMATION).exists()


def stages_of(procurement: Procurement) -> list[Stage]:
    """Return the stages of the work: done, now, to come. A closed case has no stage of now."""
    stages = STAGES_OF_INFORMATION if asks_for_information(procurement) else STAGES
    order = list(stages)
    if procurement.phase == Phase.CLOSED:
        return [Stage(str(label), "", "todo") for label in stages.values()]
    at = order.index(Phase(procurement.phase))
    done_too = procurement.phase == Phase.DECIDED
    return [
        Stage(
            str(label),
            "",
            "done" if i < at or (done_too and i == at) else "now" if i == at else "todo",
        )
        for i, label in enumerate(stages.values())
    ]


def member_for(user: User, *, procurement_id: uuid.UUID, member_id: uuid.UUID) -> PanelMember:
    """Return one member of a panel one sits on oneself."""
    procurement = procurement_for(user, procurement_id=procurement_id)
    found = panel_of(procurement).filter(pk=member_id).select_related("procurement").first()
    if found is None:
        raise NotFound(_("There is no such member on this panel."))
    return found
