"""Questions of the panel to one vendor: beside the answer they are about, and all of a tender."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from apps.bids import selectors as bids
from apps.bids.models import PanelQuestion, SentQuestion, ShelvedQuestion
from apps.bids.selectors.groups import unread
from apps.bids.selectors.panel_questions import (
    answer_to,
    beside,
    drafted_in,
    file_with,
    waiting_in,
)
from apps.bids.types.evidence import OpenedFile
from apps.core import clock
from apps.core.access import can
from apps.core.errors import NotFound
from apps.matrix.models import ScoringRound
from apps.matrix.selectors import reading
from apps.matrix.selectors.marking import Passage
from apps.matrix.selectors.nudges import comparison_in
from apps.matrix.selectors.rounds import scoring_round_for
from apps.matrix.states import ScoringPhase
from apps.matrix.types import Place, ToSend
from apps.rfp.models import Question
from apps.workspace.models import User

RUNNING = frozenset({ScoringPhase.INDEPENDENT, ScoringPhase.CONSENSUS})


@dataclass(frozen=True)
class Explained:
    """A question that was sent, with the answer as the panel reads it: names hidden until the lock."""

    text: str
    sent_at: dt.datetime
    due_at: dt.datetime
    answer: tuple[Passage, ...]
    answered_at: dt.datetime | None
    late: bool  # nothing came in time
    file: OpenedFile | None = None  # what came with the answer


def explained(
    scoring_round: ScoringRound, question: Question
) -> Mapping[uuid.UUID, tuple[Explained, ...]]:
    """Return by bid what was asked about one answer, and what its vendor said: one query."""
    now, hide = clock.now(), reading.names_hidden(scoring_round)
    return {
        bid: tuple(_explained(one, now, hide=hide) for one in sent)
        for bid, sent in beside(scoring_round.rfp, question).items()
    }


def _explained(sent: SentQuestion, now: dt.datetime, *, hide: bool) -> Explained:
    answer = answer_to(sent)
    return Explained(
        text=sent.text,
        sent_at=sent.created_at,
        due_at=sent.due_at,
        answer=reading.hidden_in(answer.text, sent.bid, hide=hide) if answer else (),
        answered_at=answer.created_at if answer else None,
        late=answer is None and now >= sent.due_at,
        file=file_with(sent),
    )


def may_ask(user: User, scoring_round: ScoringRound) -> bool:
    return scoring_round.phase in RUNNING and can(user, "matrix.ask_vendor", scoring_round)


@dataclass(frozen=True)
class AskPage:
    """One answer, and what was asked about it."""

    place: Place
    name: str
    answer: reading.Reading
    before: tuple[Explained, ...]
    waiting: int
    running: bool


def ask_page(user: User, place: Place) -> AskPage:
    scoring_round, question, bid = place.scoring_round, place.question, place.bid
    given = bids.answers_of(user, scoring_round.rfp, bid) or {}
    drafted = waiting_in(scoring_round.rfp).filter(bid=bid, question=question)
    return AskPage(
        place=place,
        name=reading.name_of(scoring_round, bid),
        answer=reading.read(
            question,
            bid,
            given.get(question.code),
            (),
            hide=reading.names_hidden(scoring_round),
        ),
        before=explained(scoring_round, question).get(bid.pk, ()),
        waiting=drafted.count(),
        running=scoring_round.phase in RUNNING,
    )


@dataclass(frozen=True)
class Line:
    """One question of the panel to one vendor, as the page of all of them shows it."""

    asked: PanelQuestion
    name: str
    nudge: str
    explained: tuple[Explained, ...]  # none before it is sent, then one
    shelved: ShelvedQuestion | None


@dataclass(frozen=True)
class VendorQuestionsPage:
    scoring_round: ScoringRound
    waiting: tuple[Line, ...]
    sent: tuple[Line, ...]
    shelved: tuple[Line, ...]
    may_send: bool


def vendor_questions_page(user: User, scoring_round: ScoringRound) -> VendorQuestionsPage:
    """Return every question about bids and sections that this person reads.

    What is not sent, a lead reads and whoever drafted it.
    """
    rfp, now = scoring_round.rfp, clock.now()
    seen = set(bids.bids_visible_to(user, rfp).values_list("pk", flat=True))
    shut, leads = unread(user, rfp), can(user, "matrix.send_question", scoring_round)
    lines = [
        _line(scoring_round, one, now)
        for one in drafted_in(rfp)
        if one.bid_id in seen and one.question.section_id not in shut
    ]
    unsent = [
        one for one in lines if not one.explained and (leads or one.asked.asked_by_id == user.pk)
    ]
    return VendorQuestionsPage(
        scoring_round=scoring_round,
        waiting=tuple(one for one in unsent if not one.shelved),
        sent=tuple(one for one in lines if one.explained),
        shelved=tuple(one for one in unsent if one.shelved),
        may_send=leads and scoring_round.phase in RUNNING,
    )


def _line(scoring_round: ScoringRound, asked: PanelQuestion, now: dt.datetime) -> Line:
    sent: SentQuestion | None = getattr(asked, "sent", None)
    hide = reading.names_hidden(scoring_round)
    if sent is not None:
        sent.bid = asked.bid
    return Line(
        asked=asked,
        name=reading.name_of(scoring_round, asked.bid),
        nudge=comparison_in(asked.text, asked.bid.letter),
        explained=(_explained(sent, now, hide=hide),) if sent else (),
        shelved=getattr(asked, "shelved", None),
    )


def to_send_for(user: User, *, procurement_id: uuid.UUID, asked_id: uuid.UUID) -> ToSend:
    """Return one question of the panel in the newest round of a procurement the person sees."""
    scoring_round = scoring_round_for(user, procurement_id=procurement_id)
    visible = bids.bids_visible_to(user, scoring_round.rfp).values("pk")
    held = PanelQuestion.objects.filter(pk=asked_id, bid__in=visible)
    found = held.select_related("bid__vendor", "bid__round__rfp", "question").first()
    if found is None:
        raise NotFound(_("There is no such question in this procurement."))
    return ToSend(scoring_round, found)


def asks_lead(scoring_round: ScoringRound) -> int:
    """Return how many questions wait for a lead to send them: one query."""
    held = waiting_in(scoring_round.rfp)
    return held.count() if scoring_round.phase in RUNNING else 0
