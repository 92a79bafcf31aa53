"""The panel in groups: arranged before the opening, released one after another."""

import uuid
from collections.abc import Collection

from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.bids.models import GroupMember, GroupRelease, GroupSection, PanelGroup
from apps.bids.selectors.groups import BEFORE, technical_sections
from apps.core import audit, mail
from apps.core.access import authorise
from apps.core.errors import Incomplete, WrongState
from apps.rfp.models import Section
from apps.workspace.models import PanelMember, Procurement, User
from apps.workspace.selectors import panel_of
from apps.workspace.states import Phase, Role

LONGEST_NAME = 80
LONGEST_NOTE = 2000


@transaction.atomic
def arrange(
    *,
    procurement: Procurement,
    name: str,
    sections: Collection[uuid.UUID],
    members: Collection[uuid.UUID],
    actor: User,
) -> PanelGroup:
    """Add a group after the others, before any bid is open; its sections are in no other."""
    authorise(actor, "bids.arrange_groups", procurement)
    _hold(procurement)
    _require_before(procurement)
    called = _name(procurement, name)
    chosen = _sections(procurement, sections)
    people = _members(procurement, members)
    last = PanelGroup.objects.filter(procurement=procurement).aggregate(at=Max("position"))["at"]
    made = PanelGroup.objects.create(
        organisation_id=procurement.organisation_id,
        procurement=procurement,
        name=called,
        position=(last or 0) + 1,
    )
    GroupSection.objects.bulk_create(
        GroupSection(organisation_id=made.organisation_id, group=made, section=one)
        for one in chosen
    )
    _seat(made, people)
    _record("group.arrange", made, actor, people, sections=[one.code for one in chosen])
    return made


@transaction.atomic
def remove(*, group: PanelGroup, actor: User) -> None:
    """Take a group out of the order before any bid is open; its sections are the whole panel's again."""
    authorise(actor, "bids.arrange_groups", group)
    _hold(group.procurement)
    _require_before(group.procurement)
    _record("group.remove", group, actor, ())
    at = group.position
    group.delete()
    later = PanelGroup.objects.filter(procurement=group.procurement_id, position__gt=at)
    for one in later.order_by("position"):
        PanelGroup.objects.filter(pk=one.pk).update(position=one.position - 1)


@transaction.atomic
def reseat(*, group: PanelGroup, members: Collection[uuid.UUID], actor: User) -> None:
    """Name the members of a group anew: until it reads."""
    authorise(actor, "bids.arrange_groups", group)
    _hold(group.procurement)
    if group.procurement.phase not in BEFORE and _is_released(group):
        raise WrongState(_("This group reads already. Its members stay."))
    people = _members(group.procurement, members)
    GroupMember.objects.filter(group=group).delete()
    _seat(group, people)
    _record("group.reseat", group, actor, people)


@transaction.atomic
def release(*, group: PanelGroup, note: str, actor: User) -> GroupRelease:
    """Let the next group read its sections, with a note for the record; its members get a mail."""
    authorise(actor, "bids.release_group", group)
    _hold(group.procurement)
    if group.procurement.phase != Phase.TECHNICAL:
        raise WrongState(_("Groups are released while the panel evaluates quality."))
    if _is_released(group):
        raise WrongState(_("This group reads already."))
    before = PanelGroup.objects.get(procurement=group.procurement_id, position=group.position - 1)
    if not _is_released(before):
        raise WrongState(_("Release {name} first.").format(name=before.name))
    why = note.strip()
    if not why or len(why) > LONGEST_NOTE:
        sentence = _("Say in up to {limit} characters why this group reads from now on.").format(
            limit=LONGEST_NOTE
        )
        raise Incomplete(sentence, fields={"note": sentence})
    made = GroupRelease.objects.create(
        organisation_id=group.organisation_id, group=group, released_by=actor, note=why
    )
    _record("group.release", group, actor, _seated(group), note=why)
    _tell(group, made, actor)
    return made


def _hold(procurement: Procurement) -> None:
    """Hold the case, so that the opening does not come between."""
    held = Procurement.objects.select_for_update(of=("self",)).get(pk=procurement.pk)
    procurement.phase = held.phase


def _require_before(procurement: Procurement) -> None:
    if procurement.phase not in BEFORE:
        raise WrongState(
            _(
                "Bids are open: groups and their sections stand. Members of a group that waits change."
            )
        )


def _is_released(group: PanelGroup) -> bool:
    return group.position == 1 or GroupRelease.objects.filter(group=group).exists()


def _name(procurement: Procurement, name: str) -> str:
    called = " ".join(name.split())
    sentence = ""
    if not called or len(called) > LONGEST_NAME:
        sentence = _("Give the group a name of up to {limit} characters.").format(
            limit=LONGEST_NAME
        )
    elif PanelGroup.objects.filter(procurement=procurement, name=called).exists():
        sentence = _("There is a group of this name. Choose another name.")
    if sentence:
        raise Incomplete(sentence, fields={"name": sentence})
    return called


def _sections(procurement: Procurement, wanted: Collection[uuid.UUID]) -> list[Section]:
    chosen = [one for one in technical_sections(procurement) if one.pk in set(wanted)]
    taken = GroupSection.objects.filter(section__in=chosen).select_related("section", "group")
    sentence = ""
    if held := taken.first():
        sentence = _("{title} is in the group {name} already. A section is in one group.").format(
            title=held.section.title, name=held.group.name
        )
    elif not chosen or len(chosen) != len(set(wanted)):
        sentence = _("Choose at least one section of this tender that is read before the prices.")
    if sentence:
        raise Incomplete(sentence, fields={"sections": sentence})
    return chosen


def _members(procurement: Procurement, wanted: Collection[uuid.UUID]) -> list[PanelMember]:
    panel = panel_of(procurement).filter(role=Role.EVALUATOR, user__in=set(wanted))
    people = list(panel)
    if not people or len(people) != len(set(wanted)):
        sentence = _("Choose at least one evaluator of this panel, and nobody else.")
        raise Incomplete(sentence, fields={"members": sentence})
    return people


def _seat(group: PanelGroup, people: Collection[PanelMember]) -> None:
    GroupMember.objects.bulk_create(
        GroupMember(organisation_id=group.organisation_id, group=group, user=one.user)
        for one in people
    )


def _seated(group: PanelGroup) -> list[PanelMember]:
    """Return the members who are on the panel still."""
    mine = GroupMember.objects.filter(group=group).values("user")
    return list(panel_of(group.procurement).filter(role=Role.EVALUATOR, user__in=mine))


def _record(
    action: str, group: PanelGroup, actor: User, people: Collection[PanelMember], **more: object
) -> None:
    audit.record(
        action=action,
        actor=actor,
        subject=group,
        procurement_id=group.procurement_id,
        payload={
            "group": group.name,
            "position": group.position,
            "members": sorted(str(one.user_id) for one in people),
            **more,
        },
    )


def _tell(group: PanelGroup, made: GroupRelease, actor: User) -> None:
    for member in _seated(group):
        mail.send(
            to=member.user.email,
            event=f"bids.group_released:{made.pk}",
            template="group_released",
            context={
                "name": member.user.name,
                "group": group.name,
                "procurement": group.procurement,
                "path": reverse("matrix:scoring", args=[group.procurement_id]),
            },
            actor=actor,
        )
