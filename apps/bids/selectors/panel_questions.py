"""What the panel asked one vendor about its own bid, and what the vendor explained."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from apps.bids.models import Bid, PanelQuestion, SentQuestion, VendorExplanation
from apps.bids.selectors.drafts import bid_for
from apps.core import clock
from apps.core.access import can
from apps.core.errors import NotFound
from apps.rfp.models import Question, Rfp
from apps.workspace.models import User


@dataclass(frozen=True)
class Put:
    """A question as its vendor reads it; `open` while it can be answered."""

    sent: SentQuestion
    answer: VendorExplanation | None
    open: bool


@dataclass(frozen=True)
class PutPage:
    put: tuple[Put, ...]
    may_answer: bool


def answer_to(sent: SentQuestion) -> VendorExplanation | None:
    found: VendorExplanation | None = getattr(sent, "answer", None)
    return found


def put_page(user: User, bid: Bid) -> PutPage:
    """Return what the panel asked about a vendor's own bid, the newest first: two queries."""
    now = clock.database_now()
    held = SentQuestion.objects.filter(bid=bid).select_related("answer__answered_by")
    return PutPage(
        put=tuple(
            Put(one, answer_to(one), open=answer_to(one) is None and now < one.due_at)
            for one in held.order_by("-created_at", "-pk")
        ),
        may_answer=can(user, "bids.explain", bid),
    )


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
    for one in held.select_related("answer", "bid__vendor").order_by("created_at", "pk"):
        found.setdefault(one.bid_id, []).append(one)
    return found


def drafted_in(rfp: Rfp) -> list[PanelQuestion]:
    """Return every question of the panel to one vendor, sent or not, the newest first: one query."""
    held = PanelQuestion.objects.filter(bid__round__rfp=rfp).select_related(
        *("bid__vendor", "question__section", "asked_by", "sent__answer", "sent__sent_by"),
        "shelved__shelved_by",
    )
    return list(held.order_by("-created_at", "-pk"))


def waiting_in(rfp: Rfp) -> QuerySet[PanelQuestion]:
    """Return the questions of the panel that were neither sent nor set aside."""
    return PanelQuestion.objects.filter(
        bid__round__rfp=rfp, sent__isnull=True, shelved__isnull=True
    )
