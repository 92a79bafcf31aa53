"""The panel's groups, released one after another: which sections wait, and for whom.

The first group reads from the opening on. A section in no group belongs to the whole panel. While
no group is arranged nothing waits.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from apps.bids.models import Bid, GroupMember, GroupRelease, GroupSection, PanelGroup
from apps.core.access import can
from apps.core.errors import NotFound, WrongState
from apps.rfp.models import Question, Rfp, Section
from apps.rfp.states import EnvelopeKind
from apps.workspace.models import Procurement, User
from apps.workspace.selectors import panel_of, procurement_for
from apps.workspace.states import Phase, Role

BEFORE = frozenset({Phase.PREPARING, Phase.TENDERING})  # no bid is open yet


def _waiting() -> QuerySet[GroupSection]:
    """Return the sections of groups that are neither the first nor released."""
    return GroupSection.objects.filter(group__position__gt=1, group__release__isnull=True)


def with_waits(questions: QuerySet[Question]) -> QuerySet[Question]:
    """Let each question say whether its section waits for a release: no query of its own."""
    return questions.annotate(waits=Exists(_waiting().filter(section=OuterRef("section"))))


def waits(question: Question) -> bool:
    """Whether a question that was read by `with_waits` waits."""
    return bool(getattr(question, "waits", False))


def with_unread(bids: QuerySet[Bid], user: User, rfp: Rfp) -> QuerySet[Bid]:
    """Let each bid name the codes of questions that this person may not read yet.

    Part of the query that reads the bids, so that nobody who reads them can forget to ask.
    """
    if can(user, "bids.read_ahead", rfp):
        return bids
    shut = Question.objects.filter(rfp=rfp.pk, section__in=_waiting().values("section"))
    return bids.annotate(unread=ArraySubquery(shut.values("code")))


def unread_in(bid: Bid) -> frozenset[str]:
    """Return the codes of a bid's questions that its reader may not read yet."""
    return frozenset(getattr(bid, "unread", ()))


def unread(user: User, rfp: Rfp) -> frozenset[uuid.UUID]:
    """Return the sections of which this person reads no answer yet: one query."""
    if can(user, "bids.read_ahead", rfp):
        return frozenset()
    return frozenset(_waiting().filter(section__rfp=rfp).values_list("section_id", flat=True))


def require_read(user: User, question: Question) -> None:
    """Refuse a question whose group waits, in a sentence that names the group; to readers ahead none."""
    if waits(question) and not can(user, "bids.read_ahead", question.section):
        raise not_yet(question.section_id)


def require_released(section_id: uuid.UUID) -> None:
    """Refuse a section whose group waits, to everybody: one query."""
    if _waiting().filter(section=section_id).exists():
        raise not_yet(section_id)


def not_yet(section_id: uuid.UUID) -> WrongState:
    """Say which group a section waits with."""
    held = PanelGroup.objects.filter(sections__section=section_id).first()
    return WrongState(
        _("This section waits with the group {name}. A lead releases it.").format(
            name=held.name if held else ""
        )
    )


def grouped(rfp: Rfp) -> dict[uuid.UUID, frozenset[uuid.UUID]]:
    """Return who may be assigned to each section that is in a group: one query."""
    held = GroupMember.objects.filter(group__sections__section__rfp=rfp)
    found: dict[uuid.UUID, set[uuid.UUID]] = {}
    for section, user in held.values_list("group__sections__section", "user"):
        found.setdefault(section, set()).add(user)
    return {section: frozenset(people) for section, people in found.items()}


def members_by_section(rfp: Rfp) -> dict[str, list[str]]:
    """Return the same as texts, as a form of assignments names them."""
    return {str(section): sorted(map(str, people)) for section, people in grouped(rfp).items()}


@dataclass(frozen=True)
class GroupLine:
    """One group as its page shows it; `next` is the one that a lead may release now."""

    group: PanelGroup
    sections: tuple[Section, ...]
    members: tuple[User, ...]
    release: GroupRelease | None
    released: bool
    next: bool


@dataclass(frozen=True)
class GroupsPage:
    groups: tuple[GroupLine, ...]
    whole: tuple[Section, ...]  # sections in no group: the whole panel's
    evaluators: tuple[User, ...]
    opened: bool
    may_arrange: bool

    @property
    def waiting(self) -> tuple[GroupLine, ...]:
        return tuple(one for one in self.groups if not one.released)


def groups_page(user: User, procurement: Procurement) -> GroupsPage:
    """Return the groups in their order with sections and members: five queries for any number."""
    opened = procurement.phase not in BEFORE
    held = (
        PanelGroup.objects.filter(procurement=procurement)
        .select_related("release__released_by")
        .prefetch_related("sections__section", "members__user")
        .order_by("position")
    )
    lines: list[GroupLine] = []
    for group in held:
        lines.append(_line(group, opened=opened, before=lines))
    taken = {section.pk for line in lines for section in line.sections}
    people = panel_of(procurement).filter(role=Role.EVALUATOR)
    return GroupsPage(
        groups=tuple(lines),
        whole=tuple(one for one in technical_sections(procurement) if one.pk not in taken),
        evaluators=tuple(member.user for member in people),
        opened=opened,
        may_arrange=can(user, "bids.arrange_groups", procurement),
    )


def _line(group: PanelGroup, *, opened: bool, before: Iterable[GroupLine]) -> GroupLine:
    release = getattr(group, "release", None)
    released = opened and (group.position == 1 or release is not None)
    return GroupLine(
        group=group,
        sections=tuple(
            sorted((one.section for one in group.sections.all()), key=lambda one: one.position)
        ),
        members=tuple(sorted((one.user for one in group.members.all()), key=lambda one: one.name)),
        release=release,
        released=released,
        next=opened and not released and all(one.released for one in before),
    )


def technical_sections(procurement: Procurement) -> list[Section]:
    """Return the sections that are read before prices are, in the order of the questionnaire."""
    held = Section.objects.filter(rfp__procurement=procurement, envelope=EnvelopeKind.TECHNICAL)
    return list(held.order_by("position"))


def next_group(procurement: Procurement) -> PanelGroup | None:
    """Return the first group that waits for its release: one query."""
    held = PanelGroup.objects.filter(procurement=procurement, position__gt=1)
    return held.filter(release__isnull=True).order_by("position").first()


def releases_in(procurement: Procurement) -> list[GroupRelease]:
    """Return the releases of a panel's groups in their order, each with its group and its sections."""
    held = GroupRelease.objects.filter(group__procurement=procurement)
    held = held.select_related("group", "released_by").order_by("group__position")
    return list(held.prefetch_related("group__sections__section"))


def group_for(user: User, *, procurement_id: uuid.UUID, group_id: uuid.UUID) -> PanelGroup:
    """Return one group of a panel the person sits on; NotFound where there is none."""
    procurement = procurement_for(user, procurement_id=procurement_id)
    held = PanelGroup.objects.filter(procurement=procurement, pk=group_id)
    found = held.select_related("procurement__organisation").first()
    if found is None:
        raise NotFound(_("There is no such group on this panel."))
    return found
