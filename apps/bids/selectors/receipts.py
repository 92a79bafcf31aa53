"""Before and after submitting: the read-back of a bid, and the receipt of a submission."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import override

from apps.bids import adapters
from apps.bids.models import Bid, Submission, WithdrawnOffer
from apps.bids.selectors.assumptions import reservations_of
from apps.bids.selectors.drafts import draft_of, first_offers
from apps.bids.selectors.evidence import Flagged, flagged_files, only_attached
from apps.bids.selectors.lots import BidLot, bid_lots
from apps.bids.selectors.seeing import sees_price
from apps.bids.states import BidState, Offer
from apps.bids.types.assumptions import Reservations, Row
from apps.bids.types.draft import WHOLE, Draft, DraftPrice, Gap
from apps.bids.types.places import reference_of
from apps.core.errors import WrongState
from apps.core.models import AuditEvent
from apps.rfp import answers
from apps.rfp.models import Lot, Question, Version
from apps.rfp.selectors import lots_of, published_opening
from apps.rfp.states import AnswerKind, EnvelopeOrder
from apps.rfp.types import Chapter


@dataclass(frozen=True)
class ReadBack:
    """One answer as the buyer will get it."""

    question: Question
    shown: str  # empty for a file question: its files say it
    table: answers.ShownTable | None  # the same, where the answer is a table
    blank: bool
    files: tuple[str, ...]


@dataclass(frozen=True)
class CheckPage:
    gaps: tuple[Gap, ...]
    sections: tuple[tuple[Chapter, tuple[ReadBack, ...]], ...]
    prices: tuple[tuple[Lot | None, DraftPrice], ...]  # one, or one for each lot
    together: bool
    reserved: Reservations
    flagged: tuple[Flagged, ...]
    currency: str
    lots: tuple[BidLot, ...]
    last: Submission | None
    attached: int  # files that are in the vendor's store for this bid alone

    @property
    def ready(self) -> bool:
        """Whether something can be submitted: the whole, or at least one lot."""
        return any(one.ready for one in self.lots) if self.lots else not self.gaps

    @property
    def rows(self) -> list[tuple[Row, str]]:
        """What the bid is subject to, each with what it does to the price in words."""
        return [
            (one.row, one.row.effect.words(self.currency) if one.row.effect else "")
            for one in self.reserved.rows
        ]


def check_page(bid: Bid) -> CheckPage:
    """Return everything as the buyer will get it, and what is missing."""
    draft = draft_of(bid)
    last = bid.submissions.order_by("-number").first()
    lots: list[Lot | None] = [*draft.lots] if draft.offered else [None]
    return CheckPage(
        gaps=draft.gaps(),
        sections=tuple((chapter, _read_back(draft, chapter)) for chapter in draft.chapters),
        prices=tuple(
            (lot, price) for lot in lots if (price := draft.prices.get(lot.code if lot else WHOLE))
        ),
        together=bid.round.rfp.envelope_order == EnvelopeOrder.TOGETHER,
        reserved=reservations_of(bid),
        flagged=flagged_files(draft),
        currency=bid.round.rfp.procurement.currency,
        lots=bid_lots(bid, draft, last),
        last=last,
        attached=only_attached(bid),
    )


def _shown(draft: Draft, question: Question) -> str:
    value = draft.values.get(question.code)
    files = question.kind == AnswerKind.FILE and value is not None
    return "" if files and not answers.is_not_applicable(value) else answers.show(question, value)


def _read_back(draft: Draft, chapter: Chapter) -> tuple[ReadBack, ...]:
    return tuple(
        ReadBack(
            question=one,
            shown=_shown(draft, one),
            table=answers.show_table(one, draft.values.get(one.code)),
            blank=one.code not in draft.values,
            files=tuple(held.name for held in draft.files.get(one.pk, ())),
        )
        for one in chapter.questions
        if one.code in draft.asked
    )


def own_submissions(bid: Bid) -> QuerySet[Submission]:
    """Return every submission of one's own bid, newest first; final offers for whom the price is shown."""
    if sees_price(bid.pk):
        return bid.submissions.order_by("-number")
    return first_offers(bid.submissions.all())


@dataclass(frozen=True)
class ReceiptPage:
    submission: Submission
    reference: str
    items: tuple[dict[str, Any], ...]  # none where the key of the bid is not in hand
    named: bool  # whether they are known
    notices: tuple[str, ...]
    standing: bool  # whether this submission is the one that counts
    lots: tuple[Lot, ...]  # those it covers
    withdrawn_at: dt.datetime | None = None  # of a final offer that was taken back

    @property
    def digest(self) -> str:
        return self.submission.manifest_digest

    @property
    def files(self) -> list[dict[str, Any]]:
        return [item for item in self.items if item["name"].startswith("files/")]


def receipt_page(submission: Submission) -> ReceiptPage:
    manifest = manifest_of(submission)
    same = submission.bid.submissions.filter(offer_round=submission.offer_round_id)
    last = same.order_by("-number").values_list("pk", flat=True).first()
    return ReceiptPage(
        submission=submission,
        reference=reference_of(submission.manifest_digest),
        items=tuple(manifest["items"]) if manifest else (),
        named=manifest is not None,
        notices=notices_of(submission),
        standing=submission.bid.state == BidState.SUBMITTED and last == submission.pk,
        lots=_lots_of(submission),
        withdrawn_at=withdrawn_at(submission),
    )


def manifest_kind(submission: Submission) -> str:
    """Return what a manifest's ciphertext is bound to; that of a final offer has a key of its own."""
    offer = Offer.FINAL if submission.offer_round_id else Offer.FIRST
    return adapters.of_offer(adapters.MANIFEST, offer)


def manifest_of(submission: Submission) -> dict[str, Any] | None:
    """Decrypt the manifest for the vendor's receipt; None without the key of the bid."""
    try:
        plain: dict[str, Any] = adapters.reveal(
            submission.manifest,
            bid_id=submission.bid_id,
            kind=manifest_kind(submission),
            subject=submission.pk,
        )
    except WrongState:  # the key is the vendor's, or was another before it started again
        return None
    return plain


def _lots_of(submission: Submission) -> tuple[Lot, ...]:
    if not submission.lots:
        return ()
    return tuple(one for one in lots_of(submission.bid.round.rfp) if one.code in submission.lots)


def _answered(submission: Submission) -> str:
    """Name the version of the RFP that a submission answers, with its digest."""
    number = submission.answers_version
    held = Version.objects.filter(rfp_id=submission.bid.round.rfp_id, number=number)
    digest = held.values_list("digest", flat=True).first()
    said = "This bid answers" if submission.bid.round.rfp.asks_price else "This submission answers"
    return f"{said} version {number} of the RFP, SHA-256 {digest}."


def notices_of(submission: Submission) -> tuple[str, ...]:
    """Return what a receipt has to say besides the facts. Signed, so in one language for good."""
    with override("en"):
        opening = published_opening(submission.bid.round.rfp_id)
    notices = [opening, _answered(submission)]
    lots = _lots_of(submission)
    covered = "; ".join(f"{lot.code} {lot.name}" for lot in lots)
    if lots:
        notices.append(f"This submission covers these lots and no other: {covered}.")
    if submission.offer_round_id:
        notices.append("This is a best and final offer: the price alone. The answers stand.")
    if submission.offer_round_id and lots:
        notices.append("In every other lot of the bid the first offer stands.")
    if at := withdrawn_at(submission):
        when = at.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
        notices.append(f"It was withdrawn on {when}, and the first offer stands again.")
    if not submission.from_edge:
        notices.append(
            "The arrival was stamped by the application itself, not by an edge before it."
        )
    return tuple(notices)


def withdrawn_at(submission: Submission) -> dt.datetime | None:
    """Return when a final offer was taken back; None where it was not."""
    held = WithdrawnOffer.objects.filter(submission=submission)
    return held.values_list("withdrawn_at", flat=True).first()


def entry_of(submission: Submission) -> AuditEvent:
    """Return the entry of the vendor's log that says this submission was received."""
    events = AuditEvent.objects.filter(
        action__in=("bid.submit", "bids.submit_offer"),
        subject_id__in=(str(submission.bid_id), str(submission.pk)),
    )
    return events.get(payload__contains=f'"submission":"{submission.pk}"')
