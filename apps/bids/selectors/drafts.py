"""A vendor's own bids and drafts, read and decrypted. Nobody else's exist here."""

import uuid
from collections.abc import Iterable
from dataclasses import replace

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from apps.bids import adapters
from apps.bids.models import (
    Answer,
    AnswerVersion,
    Attachment,
    Bid,
    ChosenLot,
    Submission,
)
from apps.bids.selectors.draft_files import files_of
from apps.bids.selectors.draft_prices import prices_of
from apps.bids.selectors.own_opened import OwnOpened, opened_instead
from apps.bids.selectors.seeing import require_seen, sees_price
from apps.bids.types.draft import Draft, DraftFile, Kept
from apps.core.errors import NotFound, WrongState
from apps.rfp import answers
from apps.rfp.answers import Value
from apps.rfp.models import Lot, Question
from apps.rfp.selectors import lots_of, questionnaire
from apps.rfp.states import IN_STAGES, AnswerKind, EnvelopeKind
from apps.rfp.types import Chapter
from apps.workspace.models import Membership, User


def bids_of(user: User) -> QuerySet[Bid]:
    """Return the bids of the vendors this person belongs to, newest first."""
    mine = Membership.objects.filter(user=user, active=True).values("organisation_id")
    return (
        Bid.objects.filter(vendor_id__in=mine)
        .select_related("round__rfp__procurement", "organisation", "vendor")
        .order_by("-created_at", "-pk")
    )


def bid_for(user: User, *, bid_id: uuid.UUID) -> Bid:
    """Return one bid of the person's own; for everybody else it does not exist."""
    found = bids_of(user).filter(pk=bid_id).first()
    if found is None:
        raise NotFound(_("There is no such bid, or it is not yours."))
    return found


def question_for(user: User, *, bid_id: uuid.UUID, question_id: uuid.UUID) -> "BidQuestion":
    bid = bid_for(user, bid_id=bid_id)
    held = Question.objects.filter(rfp=bid.round.rfp, pk=question_id, withdrawn=False)
    found = held.exclude(mode__in=IN_STAGES).select_related("section")
    question = found.first()
    if question is None:
        raise NotFound(_("There is no such question in this RFP."))
    require_seen(bid, question.section)
    return BidQuestion(bid, question)


def question_by(user: User, *, bid_id: uuid.UUID, code: str) -> "BidQuestion":
    """Return a question of one's own bid by its code, as the API names it."""
    bid = bid_for(user, bid_id=bid_id)
    held = Question.objects.filter(rfp=bid.round.rfp, code=code, withdrawn=False)
    question = held.select_related("section").first()
    if question is None:
        raise NotFound(_("There is no such question in this RFP."))
    require_seen(bid, question.section)
    return BidQuestion(bid, question)


def priced_bid_for(user: User, *, bid_id: uuid.UUID) -> Bid:
    """Return one's own bid to whom its price is shown; to others its price is not there."""
    bid = bid_for(user, bid_id=bid_id)
    require_seen(bid)
    return bid


def attachment_for(user: User, *, bid_id: uuid.UUID, attachment_id: uuid.UUID) -> Attachment:
    bid = bid_for(user, bid_id=bid_id)
    held = Attachment.objects.filter(bid=bid, pk=attachment_id, removed_at=None)
    found = held.select_related("bid__round__rfp__procurement", "question").first()
    if found is None:
        raise NotFound(_("There is no such file in this bid."))
    return found


def submission_for(
    user: User, *, bid_id: uuid.UUID, submission_id: uuid.UUID | None = None
) -> Submission:
    """Return a submission of one's own bid: the named one, else the latest of the first offer."""
    held = Submission.objects.filter(bid=bid_for(user, bid_id=bid_id))
    held = held.select_related(
        *("bid__round__rfp__procurement", "bid__organisation", "bid__vendor", "submitted_by"),
        "offer_round",
    )
    found = (held.filter(pk=submission_id) if submission_id else first_offers(held)).first()
    if found is None:
        raise NotFound(_("There is no such submission of this bid."))
    return found


def first_offers(held: QuerySet[Submission]) -> QuerySet[Submission]:
    """Return the submissions of the bid as a whole, newest first; a final offer is its price alone."""
    return held.filter(offer_round=None).order_by("-number")


class BidQuestion:
    """A question as a subject of its own: it knows whose answer is meant."""

    def __init__(self, bid: Bid, question: Question, *, steers: bool = False) -> None:
        self.bid = bid
        self.question = question
        self.steers = steers  # whether a condition of another question asks about this one
        self.vendor_id = bid.vendor_id


def draft_of(bid: Bid) -> Draft:
    """Decrypt what this person sees of one bid, in a constant number of queries.

    What is scored in a stage is not in it: no vendor answers that. Without the key of a submitted
    bid it is what was opened of it, and Locked before.
    """
    opened = opened_instead(bid)
    offered, priced = lots_of(bid.round.rfp), sees_price(bid.pk)
    if opened is not None and opened.commercial is None:
        priced = False  # the price envelope is still sealed
    lots = chosen_lots(bid, offered)
    away = {lot.pk for lot in offered} - {lot.pk for lot in lots}
    chapters = tuple(
        replace(one, questions=tuple(q for q in one.questions if not q.in_stage))
        for one in questionnaire(bid.round.rfp)
        if one.section.lot_id not in away
    )
    every = [question for chapter in chapters for question in chapter.questions]
    kept = _kept(bid, opened, {one.pk: one.code for one in every})
    held = files_of(bid, opened)
    values: dict[str, Value] = {}
    for question in every:
        value = _value(question, kept, held)
        if value is not None and not answers.is_blank(value):
            values[question.code] = value
    return Draft(
        bid=bid,
        chapters=tuple(one for one in chapters if priced or not _is_priced(one)),
        sees_price=priced,
        asks_price=bid.round.rfp.asks_price,
        kept=kept,
        files=held,
        prices=prices_of(bid, offered, lots, opened),
        values=values,
        asked=answers.asked_codes(every, values, bid.round.rfp.facts),
        offered=offered,
        lots=lots,
        settled=opened is not None,
    )


def _kept(bid: Bid, opened: OwnOpened | None, codes: dict[uuid.UUID, str]) -> dict[uuid.UUID, Kept]:
    if opened is None:
        return {one.question_id: read_answer(one) for one in _answers(bid)}
    given = opened.answers
    return {
        one.question_id: _stands(one, given[codes[one.question_id]])
        for one in _answers(bid)
        if codes.get(one.question_id) in given
    }


def _is_priced(chapter: Chapter) -> bool:
    return chapter.section.envelope == EnvelopeKind.COMMERCIAL


def chosen_lots(bid: Bid, offered: Iterable[Lot]) -> tuple[Lot, ...]:
    """Return the lots that a vendor answers for, in the order of the tender."""
    held = tuple(offered)
    if not held:
        return ()
    chosen = set(ChosenLot.objects.filter(bid=bid).values_list("lot_id", flat=True))
    return tuple(lot for lot in held if lot.pk in chosen)


def _value(
    question: Question,
    kept: dict[uuid.UUID, Kept],
    held: dict[uuid.UUID, tuple[DraftFile, ...]],
) -> Value | None:
    if question.kind == AnswerKind.FILE and held.get(question.pk):
        return [one.facts for one in held[question.pk]]
    return kept[question.pk].value if question.pk in kept else None


def _answers(bid: Bid) -> Iterable[Answer]:
    return Answer.objects.filter(bid=bid).select_related("saved_by")


def read_answer(stored: Answer | AnswerVersion) -> Kept:
    """Decrypt one answer, or one earlier version of it, with who saved it and when."""
    return _stands(stored, value_of(stored))


def value_of(stored: Answer | AnswerVersion) -> Value:
    """Decrypt what one answer says."""
    value: Value = adapters.reveal(
        stored.ciphertext,
        bid_id=stored.bid_id,
        kind=adapters.ANSWER,
        subject=stored.question_id,
    )
    return value


def _stands(stored: Answer | AnswerVersion, value: Value) -> Kept:
    return Kept(value, stored.version, stored.saved_at, stored.saved_by.name, stored.saved_by_id)


def kept_of(bid: Bid, question: Question) -> Kept | None:
    """Return what stands for one question; None where nothing was ever saved."""
    stored = Answer.objects.filter(bid=bid, question=question).select_related("saved_by").first()
    return read_answer(stored) if stored else None


def history_of(bid: Bid, question: Question) -> list[Kept]:
    """Return every version of one answer, newest first.

    What was written before a draft was started again lies under a key that is gone: left out.
    """
    adapters.key_of(adapters.draft_key(bid.pk))
    found = AnswerVersion.objects.filter(bid=bid, question=question).select_related("saved_by")
    every = (read_version(one) for one in found.order_by("-version"))
    return [replace(one, shown=answers.show(question, one.value)) for one in every if one]


def read_version(stored: AnswerVersion) -> Kept | None:
    """Decrypt an earlier version; None where it was written under a key that is gone."""
    try:
        return read_answer(stored)
    except WrongState:
        return None
