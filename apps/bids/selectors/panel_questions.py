"""What the panel asked one vendor about its own bid, and what the vendor explained."""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from apps.bids import adapters
from apps.bids.models import Bid, PanelQuestion, SentQuestion, VendorExplanation
from apps.bids.selectors.drafts import bid_for
from apps.bids.selectors.groups import unread_in, with_unread
from apps.bids.selectors.opened import file_in, for_panel
from apps.bids.types.evidence import OpenedFile
from apps.core import clock, files
from apps.core.access import can
from apps.core.errors import NotFound
from apps.rfp.models import Question, Rfp
from apps.workspace.models import User

FACTS, FILE = "facts of a file", "file"


@dataclass(frozen=True)
class Put:
    """A question as its vendor reads it; `open` while it can be answered."""

    sent: SentQuestion
    answer: VendorExplanation | None
    open: bool
    file: OpenedFile | None  # what came with the answer
    wants: str  # the class of evidence that the question asks for, empty for none


@dataclass(frozen=True)
class PutPage:
    put: tuple[Put, ...]
    may_answer: bool


def answer_to(sent: SentQuestion) -> VendorExplanation | None:
    found: VendorExplanation | None = getattr(sent, "answer", None)
    return found


def put_page(user: User, bid: Bid) -> PutPage:
    """Return what the panel asked about a vendor's own bid, the newest first: three queries."""
    held = SentQuestion.objects.filter(bid=bid).select_related("answer__answered_by")
    asked = Question.objects.filter(rfp=bid.round.rfp_id, code__in=held.values("code"))
    wants = dict(asked.values_list("code", "evidence_class"))
    now = clock.database_now()
    return PutPage(
        put=tuple(
            _put(one, bid, now, wants.get(one.code, ""))
            for one in held.order_by("-created_at", "-pk")
        ),
        may_answer=can(user, "bids.explain", bid),
    )


def bound_to(sent: SentQuestion, part: str) -> dict[str, str]:
    """Return what the ciphertext of a file that came with an explanation is bound to."""
    return {"kind": f"explanation, {part}", "question": str(sent.pk), "bid": str(sent.bid_id)}


def file_with(sent: SentQuestion) -> OpenedFile | None:
    """Return what is known of the file that came with an answer; read the bid's round with it."""
    answer = answer_to(sent)
    if answer is None or not answer.blob:
        return None
    facts = adapters.read_opened(
        answer.facts, round_id=sent.bid.round_id, context=bound_to(sent, FACTS)
    )
    plain = {**facts, "class": facts["kind"], "code": sent.code}
    return replace(file_in(plain, sent.bid), came_at=answer.created_at)


def explained_files(user: User, rfp: Rfp) -> dict[uuid.UUID, dict[str, list[OpenedFile]]]:
    """Return the files that came with explanations, by bid and question code, in their order.

    As much as this person reads of the bids: nothing of a bid or a section that is shut to them.
    """
    shown = {bid.pk: bid for bid in with_unread(for_panel(user, rfp), user, rfp)}
    found: dict[uuid.UUID, dict[str, list[OpenedFile]]] = {}
    for one in _with_files(shown):
        bid = one.bid = shown[one.bid_id]
        file = None if one.code in unread_in(bid) else file_with(one)
        if file:
            found.setdefault(bid.pk, {}).setdefault(one.code, []).append(file)
    return found


def _with_files(bids: Collection[uuid.UUID]) -> QuerySet[SentQuestion]:
    held = SentQuestion.objects.filter(bid__in=bids, answer__isnull=False).exclude(answer__blob="")
    return held.select_related("answer").order_by("answer__created_at", "pk")


def explained_content(bid: Bid, sha256: str) -> bytes:
    """Return a file that came with an explanation of this bid; who asks was let in before."""
    for one in _with_files([bid.pk]):
        one.bid = bid
        file, answer = file_with(one), answer_to(one)
        if file and answer and file.sha256 == sha256:
            stored = files.read(answer.blob)
            context = bound_to(one, FILE)
            return adapters.read_for_panel(stored, round_id=bid.round_id, context=context)
    raise NotFound(_("There is no such file in this bid."))


def _put(sent: SentQuestion, bid: Bid, now: dt.datetime, wants: str) -> Put:
    sent.bid = bid
    answer = answer_to(sent)
    is_open = answer is None and now < sent.due_at
    return Put(sent, answer, open=is_open, file=file_with(sent), wants=wants)


def is_asked(bid: Bid) -> bool:
    return SentQuestion.objects.filter(bid=bid).exists()


def sent_for(user: User, *, bid_id: uuid.UUID, sent_id: uuid.UUID) -> SentQuestion:
    """Return a question that was put to the person's own bid; for everybody else there is none."""
    bid = bid_for(user, bid_id=bid_id)
    found = SentQuestion.objects.filter(bid=bid, pk=sent_id).first()
    if found is None:
        raise NotFound(_("Nobody asked you this."))
    found.bid = bid
    return found


def beside(rfp: Rfp, question: Question) -> Mapping[uuid.UUID, list[SentQuestion]]:
    """Return by bid what was asked about one answer, with what was explained: one query."""
    held = SentQuestion.objects.filter(bid__round__rfp=rfp, code=question.code)
    found: dict[uuid.UUID, list[SentQuestion]] = {}
    for one in held.select_related("answer", "bid__vendor", "bid__round").order_by(
        "created_at", "pk"
    ):
        found.setdefault(one.bid_id, []).append(one)
    return found


def drafted_in(rfp: Rfp) -> list[PanelQuestion]:
    """Return every question of the panel to one vendor, sent or not, the newest first: one query."""
    held = PanelQuestion.objects.filter(bid__round__rfp=rfp).select_related(
        *("bid__vendor", "bid__round", "question__section", "asked_by"),
        *("sent__answer", "sent__sent_by"),
        "shelved__shelved_by",
    )
    return list(held.order_by("-created_at", "-pk"))


def waiting_in(rfp: Rfp) -> QuerySet[PanelQuestion]:
    """Return the questions of the panel that were neither sent nor set aside."""
    return PanelQuestion.objects.filter(
        bid__round__rfp=rfp, sent__isnull=True, shelved__isnull=True
    )
