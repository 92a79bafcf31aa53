"""The vendor's pages: its own bid and nothing else."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from apps.bids.models import Bid, Submission
from apps.bids.selectors.drafts import bid_for, bids_of, draft_of
from apps.bids.selectors.lots import BidLot, bid_lots
from apps.bids.states import BidState
from apps.bids.types.draft import Draft, DraftPrice, Gap, Progress
from apps.bids.types.places import reference_of
from apps.core import clock
from apps.core.access import can
from apps.core.errors import NotFound
from apps.engine.pricing.models import PRICING_MODELS
from apps.rfp import answers
from apps.rfp.models import Question
from apps.rfp.selectors import (
    counts,
    lots_of,
    models_to_bid,
    promises,
    questionnaire,
    scored_price,
)
from apps.rfp.states import RfpState
from apps.rfp.types import Chapter, plain
from apps.workspace.models import Membership, User
from apps.workspace.states import MemberRole


@dataclass(frozen=True)
class Frame:
    """What stands on every page of a bid: whose it is, until when, and whether it is submitted."""

    bid: Bid
    buyer: str
    vendor: str
    title: str
    reference: str
    closes_at: dt.datetime
    opens_at: dt.datetime
    opened_at: dt.datetime | None
    zone: str
    now: dt.datetime
    may_submit: bool
    cancelled: bool
    because: str  # the buyer's reason, where the tender was cancelled

    @property
    def over(self) -> bool:
        """Whether nothing can be changed or submitted any more."""
        return self.cancelled or self.now >= self.closes_at

    @property
    def submitted(self) -> bool:
        return self.bid.state == BidState.SUBMITTED

    @property
    def writable(self) -> bool:
        return self.bid.state == BidState.DRAFT and not self.over


def frame_of(user: User, bid: Bid) -> Frame:
    rfp, round_ = bid.round.rfp, bid.round
    return Frame(
        bid=bid,
        buyer=bid.organisation.name,
        vendor=bid.vendor.name,
        title=rfp.procurement.title,
        reference=rfp.procurement.reference,
        closes_at=round_.closes_at,
        opens_at=round_.closes_at + round_.grace,
        opened_at=round_.opened_at,
        zone=round_.zone,
        now=clock.database_now(),
        may_submit=can(user, "bids.submit", bid),
        cancelled=rfp.state == RfpState.CANCELLED,
        because=rfp.cancelled_because,
    )


@dataclass(frozen=True)
class Mine:
    bid: Bid
    buyer: str
    title: str
    closes_at: dt.datetime
    zone: str


def mine(user: User) -> list[Mine]:
    """Return every bid of the person's vendor, for the page after signing in."""
    return [
        Mine(
            bid,
            bid.organisation.name,
            bid.round.rfp.procurement.title,
            bid.round.closes_at,
            bid.round.zone,
        )
        for bid in bids_of(user)
    ]


@dataclass(frozen=True)
class Teammate:
    name: str
    role: str
    you: bool


@dataclass(frozen=True)
class TaskList:
    progress: tuple[Progress, ...]
    gaps: tuple[Gap, ...]
    price: DraftPrice | None
    team: tuple[Teammate, ...]
    last: Submission | None
    may_invite: bool
    lots: tuple[BidLot, ...] = ()

    @property
    def chosen(self) -> list[BidLot]:
        return [one for one in self.lots if one.chosen]

    @property
    def done(self) -> int:
        priced = sum(one.price is not None for one in self.chosen) + (self.price is not None)
        return sum(one.state == "done" for one in self.progress) + priced

    @property
    def tasks(self) -> int:
        return len(self.progress) + (len(self.chosen) if self.lots else 1)

    @property
    def technical(self) -> list[Progress]:
        return [one for one in self.progress if one.section.envelope == "technical"]

    @property
    def commercial(self) -> list[Progress]:
        return [one for one in self.progress if one.section.envelope == "commercial"]

    @property
    def reference(self) -> str:
        return reference_of(self.last.manifest_digest) if self.last else ""


def task_list(user: User, bid: Bid) -> TaskList:
    draft = draft_of(bid)
    last = bid.submissions.order_by("-number").first()
    return TaskList(
        progress=tuple(one for one in draft.progress() if one.questions or one.hidden),
        gaps=draft.gaps(),
        price=draft.price,
        team=team_of(user, bid),
        last=last,
        may_invite=can(user, "bids.invite_colleague", bid),
        lots=bid_lots(bid, draft, last),
    )


@dataclass(frozen=True)
class TeamPage:
    people: tuple[Teammate, ...]
    may_invite: bool
    may_decline: bool


def team_page(user: User, bid: Bid) -> TeamPage:
    return TeamPage(
        people=team_of(user, bid),
        may_invite=can(user, "bids.invite_colleague", bid),
        may_decline=can(user, "bids.decline", bid),
    )


def team_of(user: User, bid: Bid) -> tuple[Teammate, ...]:
    held = Membership.objects.filter(organisation_id=bid.vendor_id, active=True)
    return tuple(
        Teammate(one.user.name, str(MemberRole(one.role).label), one.user_id == user.pk)
        for one in held.select_related("user").order_by("created_at", "pk")
    )


@dataclass(frozen=True)
class SectionPlace:
    """A section of the questionnaire as a subject: whose bid, which section."""

    bid: Bid
    code: str

    @property
    def vendor_id(self) -> uuid.UUID:
        return self.bid.vendor_id


def section_for(user: User, *, bid_id: uuid.UUID, code: str) -> SectionPlace:
    bid = bid_for(user, bid_id=bid_id)
    if not bid.round.rfp.sections.filter(code=code).exists():
        raise NotFound(_("There is no such section in this RFP."))
    return SectionPlace(bid, code)


@dataclass(frozen=True)
class SectionPage:
    draft: Draft
    chapter: Chapter
    progress: Progress
    before: Chapter | None
    after: Chapter | None

    @property
    def last_saved(self) -> dt.datetime | None:
        kept = (self.draft.kept.get(one.pk) for one in self.chapter.questions)
        return max((one.saved_at for one in kept if one), default=None)

    @property
    def offered(self) -> list[Question]:
        """The questions that are asked, and those that other answers of this bid would bring."""
        rfp = self.draft.bid.round.rfp
        return [one for one in self.chapter.questions if counts(rfp, one)]

    @property
    def may_be_hidden(self) -> list[tuple[Question, bool]]:
        """The questions with a condition, each with whether it is asked now."""
        return [
            (one, one.code in self.draft.asked) for one in self.chapter.questions if one.condition
        ]

    @property
    def hidden(self) -> int:
        return sum(not asked for _question, asked in self.may_be_hidden)


def section_page(place: SectionPlace) -> SectionPage:
    draft = draft_of(place.bid)
    codes = [chapter.section.code for chapter in draft.chapters]
    if place.code not in codes:
        raise NotFound(
            _("This section is of a lot that you have not chosen. Choose the lot first.")
        )
    at = codes.index(place.code)
    return SectionPage(
        draft=draft,
        chapter=draft.chapters[at],
        progress=draft.progress()[at],
        before=draft.chapters[at - 1] if at else None,
        after=draft.chapters[at + 1] if at + 1 < len(codes) else None,
    )


def asked_beside(bid: Bid, question: Question) -> list[str] | None:
    """Return what is asked in a question's section now; None where nothing depends on it."""
    rfp = bid.round.rfp
    rules = (
        Question.objects.filter(rfp=rfp).exclude(condition={}).values_list("condition", flat=True)
    )
    if not any(question.code in answers.questions_in(rule) for rule in rules):
        return None
    draft = draft_of(bid)
    return [
        one.code
        for chapter in draft.chapters
        if chapter.section.pk == question.section_id
        for one in chapter.questions
        if one.code in draft.asked
    ]


def about(bid: Bid) -> dict[str, Any]:
    """Return what tells a vendor what it is in for: sections, knock-outs, ways to price."""
    chapters, lots = questionnaire(bid.round.rfp), lots_of(bid.round.rfp)
    codes: dict[Any, str] = {lot.pk: lot.code for lot in lots}
    return {
        "lots": lots,
        "chapters": chapters,
        "knockouts": [
            (question.code, answers.reason_of(question), codes.get(chapter.section.lot_id, ""))
            for chapter in chapters
            for question in chapter.questions
            if question.knockout and counts(bid.round.rfp, question)
        ],
        "scored_prices": [(lot, scored_price(bid.round.rfp, lot)) for lot in lots or (None,)],
        "quality": plain(bid.round.rfp.quality_weight),
        "price": plain(bid.round.rfp.price_weight),
        "promises": promises(bid.round.rfp),
        "model_names": [PRICING_MODELS[slug].name for slug in models_to_bid(bid.round.rfp)],
    }
