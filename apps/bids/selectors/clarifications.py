"""Questions and answers: the vendor's own and what was published; the buyer's without any name."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from apps.bids.models import AnswersRead, Bid, Clarification, PublishedAnswer, VendorQuestion
from apps.bids.selectors.portal import team_of
from apps.bids.states import ClarificationState
from apps.bids.types.holding import SENTENCES
from apps.core import clock
from apps.core.access import can
from apps.core.errors import NotFound
from apps.rfp.models import Rfp
from apps.rfp.selectors import places_of, questions_until, rfp_for
from apps.rfp.states import RfpState
from apps.rfp.types import Desk
from apps.workspace.models import User

OPEN = (ClarificationState.HELD, ClarificationState.WAITING)


@dataclass(frozen=True)
class Answered:
    """A published answer, and whether this person has seen it."""

    held: PublishedAnswer
    unread: bool


@dataclass(frozen=True)
class Own:
    """A question of the vendor's own: what it said, what became of it."""

    text: str
    place: str
    state: str
    asked_at: dt.datetime
    asked_by: str
    because: tuple[str, ...]
    refused_because: str


@dataclass(frozen=True)
class QuestionsPage:
    answers: tuple[Answered, ...]
    own: tuple[Own, ...]
    until: dt.datetime
    may_ask: bool
    places: tuple[tuple[str, str], ...]

    @property
    def unread(self) -> int:
        return sum(one.unread for one in self.answers)


def places_asked(rfp: Rfp) -> frozenset[str]:
    return frozenset(code for code, _label in places_of(rfp))


def read_upto(user: User, bid: Bid) -> int:
    held = AnswersRead.objects.filter(bid=bid, reader=user).values_list("upto", flat=True)
    return held.first() or 0


def unread_answers(user: User, bid: Bid) -> int:
    """Return how many published answers this person has not marked as read."""
    return PublishedAnswer.objects.filter(
        rfp_id=bid.round.rfp_id, number__gt=read_upto(user, bid)
    ).count()


def questions_page(user: User, bid: Bid) -> QuestionsPage:
    """Return everything a vendor may know: its own questions, and every published answer."""
    rfp, upto = bid.round.rfp, read_upto(user, bid)
    until = questions_until(rfp, bid.round)
    published = PublishedAnswer.objects.filter(rfp=rfp).order_by("-number")
    running = rfp.state == RfpState.PUBLISHED and clock.database_now() < until
    return QuestionsPage(
        answers=tuple(Answered(one, one.number > upto) for one in published),
        own=tuple(_own_questions(user, bid)),
        until=until,
        may_ask=running and can(user, "bids.ask", bid),
        places=places_of(rfp) if running else (),
    )


def _own_questions(user: User, bid: Bid) -> Iterable[Own]:
    held = VendorQuestion.objects.filter(bid=bid).select_related("clarification", "asked_by")
    team = {one.name for one in team_of(user, bid)}
    for one in held.order_by("-created_at", "-pk"):
        asked = one.clarification
        yield Own(
            text=asked.original,
            place=asked.place,
            state=asked.state,
            asked_at=one.created_at,
            asked_by=one.asked_by.name if one.asked_by.name in team else _("A former colleague"),
            because=sentences_of(asked),
            refused_because=asked.refused_because,
        )


def sentences_of(held: Clarification) -> tuple[str, ...]:
    """Return in words why a question was held back."""
    return tuple(str(SENTENCES[code]) for code in held.held_because if code in SENTENCES)


@dataclass(frozen=True)
class Asked:
    """A question as the lead reads it: no vendor, the day alone."""

    id: uuid.UUID
    text: str
    place: str
    state: str
    day: dt.datetime
    because: tuple[str, ...]
    refused_because: str
    number: int | None
    question: str
    answer: str


@dataclass(frozen=True)
class ClarificationsPage:
    waiting: tuple[Asked, ...]
    held: tuple[Asked, ...]
    answered: tuple[Asked, ...]
    refused: tuple[Asked, ...]
    may_decide: bool
    published: bool
    until: dt.datetime | None
    zone: str


def clarifications_page(user: User, desk: Desk) -> ClarificationsPage:
    """Return the questions of a tender: all of them to the lead, published answers to the panel.

    In the order of the day, then by chance: the order of one day tells nothing. What was typed is
    the lead's alone, here and in the database.
    """
    rfp, lead = desk.rfp, can(user, "bids.clarify", desk)
    rows = [] if rfp is None else [*(_asked_of(rfp) if lead else _published_of(rfp))]
    round_ = getattr(rfp, "round", None)
    published = rfp is not None and rfp.state == RfpState.PUBLISHED
    running = published and round_ is not None and clock.database_now() < round_.closes_at
    answered = [one for one in rows if one.state == ClarificationState.ANSWERED]
    return ClarificationsPage(
        waiting=tuple(one for one in rows if one.state == ClarificationState.WAITING),
        held=tuple(one for one in rows if one.state == ClarificationState.HELD),
        answered=tuple(sorted(answered, key=lambda one: -(one.number or 0))),
        refused=tuple(one for one in rows if one.state == ClarificationState.REFUSED),
        may_decide=lead and running,
        published=rfp is not None and rfp.state != RfpState.DRAFT,
        until=questions_until(rfp, round_) if rfp and round_ else None,
        zone=round_.zone if round_ else "UTC",
    )


def _asked_of(rfp: Rfp) -> Iterable[Asked]:
    found = Clarification.objects.filter(rfp=rfp).select_related("published")
    return map(_asked, found.order_by("created_at", "pk"))


def _published_of(rfp: Rfp) -> Iterable[Asked]:
    """Yield the published answers in the words that every vendor reads."""
    for one in PublishedAnswer.objects.filter(rfp=rfp).order_by("number"):
        yield Asked(
            id=one.clarification_id,
            text=one.question,
            place=one.place,
            state=ClarificationState.ANSWERED,
            day=one.created_at,
            because=(),
            refused_because="",
            number=one.number,
            question=one.question,
            answer=one.answer,
        )


def _asked(one: Clarification) -> Asked:
    published: PublishedAnswer | None = getattr(one, "published", None)
    return Asked(
        id=one.pk,
        text=one.original,
        place=one.place,
        state=one.state,
        day=one.created_at,
        because=sentences_of(one),
        refused_because=one.refused_because,
        number=published.number if published else None,
        question=published.question if published else one.original,
        answer=published.answer if published else "",
    )


def clarification_for(
    user: User, *, procurement_id: uuid.UUID, clarification_id: uuid.UUID
) -> Clarification:
    """Return one question of a tender on whose panel the person sits."""
    rfp = rfp_for(user, procurement_id=procurement_id)
    found = Clarification.objects.filter(rfp=rfp, pk=clarification_id).first()
    if found is None:
        raise NotFound(_("There is no such question in this procurement."))
    found.rfp = rfp
    return found


def one_clarification(held: Clarification) -> Asked:
    return _asked(held)


def questions_waiting(rfp: Rfp) -> bool:
    """Whether the lead has something to read: not how much, which would be told apart by time."""
    return Clarification.objects.filter(rfp=rfp, state__in=OPEN).exists()
