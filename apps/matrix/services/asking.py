"""The panel asks one vendor about its own bid: drafted by who reads it, sent by a lead, on record."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.bids.models import Bid, Invitation, PanelQuestion, SentQuestion, ShelvedQuestion
from apps.bids.services.deadline import exact
from apps.core import audit, clock, mail
from apps.core.access import authorise
from apps.core.errors import Incomplete, WrongState
from apps.core.wording import plain_text
from apps.matrix.models import ScoringRound
from apps.matrix.selectors.asking import RUNNING
from apps.matrix.types import Place, ToSend
from apps.proof import hashes
from apps.workspace.models import User

MOST_CHARACTERS, MOST_DAYS = 2000, 30
DECIDED_ALREADY = frozenset({"CC409", "23505"})  # a trigger; a unique constraint


@transaction.atomic
def draft(*, place: Place, text: str, actor: User) -> PanelQuestion:
    """Write down what the panel wants to know of one answer. The vendor learns nothing of it yet."""
    scoring_round, bid = place.scoring_round, place.bid
    authorise(actor, "matrix.ask_vendor", scoring_round)
    _require_running(scoring_round)
    made = PanelQuestion.objects.create(
        organisation_id=scoring_round.organisation_id,
        bid=bid,
        question=place.question,
        text=plain_text(text, "text", MOST_CHARACTERS, needed=_("Write the question.")),
        asked_by=actor,
    )
    audit.record(
        action="scoring.draft_question",
        actor=actor,
        subject=made,
        procurement_id=scoring_round.procurement_id,
        payload={"question": place.question.code, "letter": bid.letter},
    )
    return made


@transaction.atomic
def send(*, to_send: ToSend, text: str, days: int, actor: User) -> SentQuestion:
    """Send a drafted question to its vendor, in the lead's words, with `days` to answer it."""
    scoring_round, asked = to_send.scoring_round, to_send.asked
    authorise(actor, "matrix.send_question", scoring_round)
    _require_running(scoring_round)
    said = plain_text(text, "text", MOST_CHARACTERS, needed=_("Write the question."))
    if not 1 <= days <= MOST_DAYS:
        sentence = _("Give the vendor from 1 to {most} days.").format(most=MOST_DAYS)
        raise Incomplete(sentence, fields={"days": sentence})
    made = _sent(asked, said, clock.database_now() + dt.timedelta(days=days), actor)
    audit.record(
        action="scoring.send_question",
        actor=actor,
        subject=made,
        procurement_id=scoring_round.procurement_id,
        payload={
            "question": made.code,
            "letter": asked.bid.letter,
            "digest": hashes.of_bytes(said.encode()),
            "due_at": made.due_at.isoformat(),
        },
    )
    _tell(made, asked.bid, actor)
    return made


def _sent(asked: PanelQuestion, said: str, due_at: dt.datetime, actor: User) -> SentQuestion:
    with _once():
        return SentQuestion.objects.create(
            organisation_id=asked.organisation_id,
            vendor_id=asked.bid.vendor_id,
            bid=asked.bid,
            asked=asked,
            code=asked.question.code,
            text=said,
            due_at=due_at,
            sent_by=actor,
        )


@contextmanager
def _once() -> Iterator[None]:
    """Refuse with a sentence where the database says that a question was sent or set aside."""
    try:
        with transaction.atomic():
            yield
    except DatabaseError as error:
        if getattr(error.__cause__, "sqlstate", "") not in DECIDED_ALREADY:
            raise
        raise WrongState(
            _("This question was sent or set aside already. Reload the page.")
        ) from None


@transaction.atomic
def shelve(*, to_send: ToSend, reason: str, actor: User) -> ShelvedQuestion:
    """Set a drafted question aside, with the reason: a lead any, whoever drafted it their own."""
    scoring_round, asked = to_send.scoring_round, to_send.asked
    authorise(actor, "matrix.ask_vendor", scoring_round)
    if asked.asked_by_id != actor.pk:
        authorise(actor, "matrix.send_question", scoring_round)
    why = plain_text(reason, "reason", MOST_CHARACTERS, needed=_("Say why it is not sent."))
    with _once():
        made = ShelvedQuestion.objects.create(
            organisation_id=asked.organisation_id, asked=asked, reason=why, shelved_by=actor
        )
    audit.record(
        action="scoring.shelve_question",
        actor=actor,
        subject=made,
        procurement_id=scoring_round.procurement_id,
        payload={"question": asked.question.code, "letter": asked.bid.letter},
    )
    return made


def _tell(made: SentQuestion, bid: Bid, actor: User) -> None:
    """Mail the vendor that it is asked something, and where; what, is on its page alone."""
    rfp = bid.round.rfp
    for one in Invitation.objects.filter(rfp=rfp, vendor_id=bid.vendor_id):
        mail.send(
            to=one.email,
            event=f"bids.asked:{made.pk}",
            template="bid_asked",
            context={
                "buyer": rfp.procurement.organisation,
                "title": rfp.procurement.title,
                "tender": rfp.procurement.reference,
                "due_at": exact(made.due_at, bid.round.zone),
                "path": reverse("bids:put_to_us", args=[bid.pk]),
            },
            actor=actor,
        )


def _require_running(scoring_round: ScoringRound) -> None:
    if scoring_round.phase not in RUNNING:
        raise WrongState(_("The scores are locked: nothing is asked about the bids any more."))
