"""The vendor's own people on one bid: who answers what, how far they are, what they say."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count

from apps.bids import adapters
from apps.bids.models import Bid, Comment, Delegation, PriceReader, SectionVisit, SignOffDuty
from apps.bids.selectors.drafts import draft_of
from apps.bids.selectors.seeing import sees_price
from apps.bids.states import SignOffPart
from apps.bids.types.draft import Progress
from apps.core import clock
from apps.core.access import can
from apps.core.errors import WrongState
from apps.rfp.models import Question
from apps.rfp.states import EnvelopeKind
from apps.workspace.models import Membership, User
from apps.workspace.states import MemberRole

A_MOMENT = dt.timedelta(minutes=1)


@dataclass(frozen=True)
class Colleague:
    """One person of the team with their part of the work."""

    id: uuid.UUID
    name: str
    role: str
    you: bool
    owner: bool
    reads_price: bool
    sections: tuple[Progress, ...]
    signs: frozenset[str]  # the parts they are asked to sign off

    @property
    def answered(self) -> int:
        return sum(one.answered for one in self.sections)

    @property
    def questions(self) -> int:
        return sum(one.questions for one in self.sections)


@dataclass(frozen=True)
class Share:
    """A section, and who answers it; None when nobody was asked."""

    progress: Progress
    person_id: uuid.UUID | None


@dataclass(frozen=True)
class TeamPage:
    people: tuple[Colleague, ...]
    shares: tuple[Share, ...]
    parts: tuple[tuple[str, str], ...]
    may_invite: bool
    may_manage: bool
    may_decline: bool


def team_page(user: User, bid: Bid) -> TeamPage:
    """Return the team with what each does, in a constant number of queries."""
    held = delegates_of(bid)
    try:
        progress = [one for one in draft_of(bid).progress() if one.questions or one.hidden]
    except adapters.Locked:  # nothing is shared out of what is sealed
        progress = []
    readers = set(PriceReader.objects.filter(bid=bid).values_list("reader_id", flat=True))
    signs: dict[uuid.UUID, set[str]] = {}
    for person, part in SignOffDuty.objects.filter(bid=bid).values_list("person_id", "part"):
        signs.setdefault(person, set()).add(part)
    people = [
        Colleague(
            id=one.user_id,
            name=one.user.name,
            role=str(MemberRole(one.role).label),
            you=one.user_id == user.pk,
            owner=one.role == MemberRole.OWNER,
            reads_price=one.role == MemberRole.OWNER or one.user_id in readers,
            sections=tuple(p for p in progress if held.get(p.section.pk) == one.user_id),
            signs=frozenset(signs.get(one.user_id, ())),
        )
        for one in _members(bid)
    ]
    return TeamPage(
        people=tuple(people),
        shares=tuple(Share(one, held.get(one.section.pk)) for one in progress),
        parts=tuple((part.value, str(part.label)) for part in parts_of(bid)),
        may_invite=can(user, "bids.invite_colleague", bid),
        may_manage=can(user, "bids.manage_team", bid),
        may_decline=can(user, "bids.decline", bid),
    )


def parts_of(bid: Bid) -> tuple[SignOffPart, ...]:
    """Return the parts that can be signed off: of a request for information there is no price."""
    return tuple(SignOffPart) if bid.round.rfp.asks_price else (SignOffPart.QUALITY,)


def _members(bid: Bid) -> Sequence[Membership]:
    held = Membership.objects.filter(organisation_id=bid.vendor_id, active=True)
    return list(held.select_related("user").order_by("created_at", "pk"))


def delegates_of(bid: Bid) -> dict[uuid.UUID, uuid.UUID]:
    """Return who answers which section, by their identifiers."""
    return dict(Delegation.objects.filter(bid=bid).values_list("section_id", "person_id"))


def audience_of(bid: Bid, question: Question) -> list[User]:
    """Return the colleagues to whom a question is shown: the only ones to mention under it."""
    people = _members(bid)
    if question.section.envelope != EnvelopeKind.COMMERCIAL:
        return [one.user for one in people]
    readers = set(PriceReader.objects.filter(bid=bid).values_list("reader_id", flat=True))
    return [one.user for one in people if one.role == MemberRole.OWNER or one.user_id in readers]


def comment_counts(bid: Bid) -> dict[uuid.UUID, int]:
    """Return how many comments each question has, of those this person may read."""
    held = Comment.objects.filter(bid=bid).values("question_id")
    return {one["question_id"]: one["n"] for one in held.annotate(n=Count("pk"))}


@dataclass(frozen=True)
class Present:
    """A colleague who is working on the bid now, and where."""

    name: str
    section: str
    place: str  # code of the question; empty where only the section is known


def present(user: User, bid: Bid) -> list[Present]:
    """Return the colleagues who gave a sign of life in the last minute, each where they are now."""
    held = SectionVisit.objects.filter(bid=bid, at__gte=clock.now() - A_MOMENT).exclude(person=user)
    if not sees_price(bid.pk):
        held = held.exclude(section__envelope=EnvelopeKind.COMMERCIAL)
    last = {one.person_id: one for one in held.select_related("person", "section").order_by("at")}
    people = sorted(last.values(), key=lambda one: one.person.name)
    return [Present(one.person.name, one.section.code, one.place) for one in people]


@dataclass(frozen=True)
class Said:
    """One comment, decrypted."""

    text: str
    by: str
    at: dt.datetime
    mentioned: tuple[str, ...]


@dataclass(frozen=True)
class CommentsPage:
    question: Question
    said: tuple[Said, ...]
    audience: tuple[User, ...]


def comments_page(user: User, bid: Bid, question: Question) -> CommentsPage:
    """Return what the team said about an answer, oldest first, and whom one may mention."""
    held = Comment.objects.filter(bid=bid, question=question).select_related("written_by")
    return CommentsPage(
        question=question,
        said=tuple(filter(None, map(_said, held.order_by("created_at", "pk")))),
        audience=tuple(one for one in audience_of(bid, question) if one.pk != user.pk),
    )


def _said(stored: Comment) -> Said | None:
    """Read a comment; None where the draft it was about was started again under another key."""
    adapters.key_of(adapters.draft_key(stored.bid_id))
    try:
        plain = adapters.reveal(
            stored.ciphertext,
            bid_id=stored.bid_id,
            kind=adapters.COMMENT,
            subject=stored.question_id,
        )
    except WrongState:
        return None
    return Said(plain["text"], stored.written_by.name, stored.created_at, tuple(plain["mentioned"]))
