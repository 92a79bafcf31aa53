"""A vendor asks, the lead answers to all: nobody learns who asked, a bid pasted in is held back."""

import datetime as dt
from collections.abc import Iterator, Mapping
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from apps.bids import adapters, selectors
from apps.bids.models import (
    AnswersRead,
    Bid,
    Clarification,
    Invitation,
    PublishedAnswer,
    VendorQuestion,
)
from apps.bids.services.deadline import Moment, exact, hold
from apps.bids.states import CLARIFICATION, ClarificationState, InvitationState
from apps.bids.types.holding import Identity, reasons_to_hold
from apps.core import audit, clock, mail, tenancy, workflow
from apps.core.access import authorise
from apps.core.errors import Incomplete, WrongState
from apps.core.wording import plain_text
from apps.rfp.models import Rfp
from apps.rfp.states import RfpState
from apps.workspace.models import Membership, User
from apps.workspace.selectors import panel_of
from apps.workspace.states import Role

MOST_CHARACTERS = 2000
MOST_QUESTIONS = 100
FREE_MAIL = frozenset({"gmail.com", "outlook.com", "hotmail.com", "yahoo.com", "icloud.com"})


@transaction.atomic
def ask(*, bid: Bid, text: str, actor: User, place: str = "") -> Clarification:
    """Ask the buyer something about the RFP; the answer goes to every vendor, without a name.

    What looks like a price, a name or a piece of the bid is held back: the lead alone reads it
    and decides.
    """
    authorise(actor, "bids.ask", bid)
    rfp = bid.round.rfp
    moment = hold(bid.round_id)
    _require_asking(rfp, moment)
    said = plain_text(text, "text", MOST_CHARACTERS, needed=_("Write your question."))
    codes = selectors.places_asked(rfp)
    if place and place not in codes:
        raise _refusal("place", _("Choose a section or a question of this RFP."))
    if VendorQuestion.objects.filter(bid=bid).count() >= MOST_QUESTIONS:
        raise WrongState(_("You have asked as many questions as one bid may."))
    held = reasons_to_hold(said, _identity(bid), _own_texts(bid), codes)
    # The question is the buyer's row. It is written without the person, and with the day alone.
    with tenancy.acting_as(organisation=bid.organisation_id):
        made = Clarification.objects.create(
            organisation_id=bid.organisation_id,
            created_at=_midnight(moment),
            shown_from=_next_hour(moment.now),
            rfp=rfp,
            state=ClarificationState.HELD if held else ClarificationState.WAITING,
            place=place,
            original=said,
            held_because=list(held),
        )
        _tell_leads(rfp, moment)
    mine = VendorQuestion.objects.create(
        organisation_id=bid.organisation_id,
        vendor_id=bid.vendor_id,
        bid=bid,
        clarification=made,
        asked_by=actor,
    )
    audit.record(action="bids.ask", actor=actor, subject=mine, payload={"held": list(held)})
    return made


def _require_asking(rfp: Rfp, moment: Moment) -> None:
    if moment.rfp_state != RfpState.PUBLISHED:
        raise WrongState(_("Questions are asked while the tender runs. This one does not."))
    until = moment.closes_at - dt.timedelta(days=rfp.question_days)
    if moment.now >= until:
        raise WrongState(
            _("Questions could be asked until {until}. Answers still appear here.").format(
                until=exact(until, moment.zone)
            )
        )


def _midnight(moment: Moment) -> dt.datetime:
    local = moment.now.astimezone(ZoneInfo(moment.zone))
    return local.replace(hour=0, minute=0, second=0, microsecond=0)


def _identity(bid: Bid) -> Identity:
    held = Membership.objects.filter(organisation_id=bid.vendor_id, active=True)
    people = [one.user for one in held.select_related("user")]
    domains = {person.email.rpartition("@")[2] for person in people} - FREE_MAIL
    return Identity(
        bid.vendor.name, tuple(person.name for person in people), tuple(sorted(domains))
    )


def _next_hour(now: dt.datetime) -> dt.datetime:
    return now.replace(minute=0, second=0, microsecond=0) + dt.timedelta(hours=1)


def _own_texts(bid: Bid) -> Iterator[str]:
    """Yield what the bid says; nothing once it is sealed, since nobody here can read it."""
    try:
        values = selectors.draft_of(bid).values.values()
    except adapters.Locked:
        return
    yield from (value for value in values if isinstance(value, str))


def _tell_leads(rfp: Rfp, moment: Moment) -> None:
    """Tell the leads once a day that questions wait, on the full hour: not when, not how many."""
    day = _midnight(moment)
    for member in panel_of(rfp.procurement).filter(role=Role.LEAD):
        mail.send(
            to=member.user.email,
            event=f"bids.clarification:{rfp.pk}:{day:%Y-%m-%d}",
            template="clarification_waiting",
            context={"name": member.user.name, "procurement": rfp.procurement},
            actor=None,
            not_before=_next_hour(clock.now()),
        )


@transaction.atomic
def answer(
    *, clarification: Clarification, question: str, answer: str, actor: User
) -> PublishedAnswer:
    """Answer to every invited vendor at the same moment, in the lead's own words."""
    rfp = _locked(clarification, actor)
    needed = _("Write the question as every vendor will read it.")
    asked = plain_text(question, "question", MOST_CHARACTERS, needed=needed)
    said = plain_text(answer, "answer", 5000, needed=_("Write the answer."))
    number = PublishedAnswer.objects.filter(rfp=rfp).count() + 1
    _move(clarification, "answer", actor, number=number)
    made = PublishedAnswer.objects.create(
        organisation_id=rfp.organisation_id,
        rfp=rfp,
        clarification=clarification,
        number=number,
        place=clarification.place,
        question=asked,
        answer=said,
        answered_by=actor,
    )
    for invitation in _told(rfp):
        mail.send(
            to=invitation.email,
            event=f"bids.answer:{made.pk}",
            template="clarification_answered",
            context={"name": invitation.contact, "answer": made, "procurement": rfp.procurement},
            actor=actor,
        )
    return made


@transaction.atomic
def refuse(*, clarification: Clarification, reason: str, actor: User) -> None:
    """Do not answer, with a reason that the asking vendor alone reads."""
    _locked(clarification, actor)
    needed = _("Say why; the vendor that asked reads it.")
    why = plain_text(reason, "reason", MOST_CHARACTERS, needed=needed)
    _move(clarification, "refuse", actor, also={"refused_because": why})


@transaction.atomic
def hold_back(*, clarification: Clarification, actor: User) -> None:
    """Keep a question to the lead, before the panel reads it."""
    _locked(clarification, actor)
    _move(clarification, "hold back", actor)


@transaction.atomic
def release(*, clarification: Clarification, actor: User) -> None:
    """Let a question that was held back wait for its answer like any other."""
    _locked(clarification, actor)
    _move(clarification, "release", actor)


def _locked(clarification: Clarification, actor: User) -> Rfp:
    """Let the lead decide while the tender runs; the RFP's row numbers answers without a gap."""
    authorise(actor, "bids.clarify", clarification)
    rfp = Rfp.objects.select_for_update(of=("self",)).get(pk=clarification.rfp_id)
    if rfp.state != RfpState.PUBLISHED or clock.database_now() >= rfp.round.closes_at:
        raise WrongState(_("Questions are answered until the deadline, while the tender runs."))
    return rfp


def _move(
    clarification: Clarification,
    name: str,
    actor: User,
    *,
    number: int | None = None,
    also: Mapping[str, object] | None = None,
) -> None:
    """Record the decision, never the text: it may name somebody."""
    workflow.move(
        clarification,
        CLARIFICATION,
        name,
        actor=actor,
        payload={"number": number} if number else None,
        also={"decided_by": actor, **(also or {})},
    )


def _told(rfp: Rfp) -> list[Invitation]:
    held = Invitation.objects.filter(rfp=rfp).exclude(state=InvitationState.DECLINED)
    return list(held.order_by("email"))


@transaction.atomic
def mark_read(*, bid: Bid, actor: User) -> None:
    """Take the marks of new answers away, for this person."""
    authorise(actor, "bids.view", bid)
    last = PublishedAnswer.objects.filter(rfp=bid.round.rfp).order_by("-number").first()
    AnswersRead.objects.update_or_create(
        bid=bid,
        reader=actor,
        defaults={
            "organisation_id": bid.organisation_id,
            "vendor_id": bid.vendor_id,
            "upto": last.number if last else 0,
        },
    )


def _refusal(field: str, sentence: str) -> Incomplete:
    return Incomplete(sentence, fields={field: sentence})
