"""The vendor's pages: its own bid and nothing else."""

import datetime as dt
import uuid
from dataclasses import dataclass

from apps.bids.models import Bid, Submission
from apps.bids.selectors.agreements import asked_of
from apps.bids.selectors.drafts import bids_of, draft_of, first_offers
from apps.bids.selectors.lots import BidLot, bid_lots
from apps.bids.selectors.seeing import sees_price
from apps.bids.selectors.team import delegates_of
from apps.bids.states import BidState
from apps.bids.types.draft import DraftPrice, Gap, Progress
from apps.bids.types.places import reference_of
from apps.core import clock
from apps.core.access import can
from apps.rfp.states import EnvelopeKind, RfpState
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
    sees_price: bool
    asks_price: bool
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
        sees_price=sees_price(bid.pk),
        asks_price=rfp.asks_price,
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
    sees_price: bool
    asks_price: bool
    team: tuple[Teammate, ...]
    last: Submission | None
    may_invite: bool
    to_agree: tuple[str, ...]  # the undertakings that nobody of the vendor agreed to
    own: frozenset[uuid.UUID]  # the sections that this person was asked to answer
    lots: tuple[BidLot, ...] = ()

    @property
    def yours(self) -> list[Progress]:
        return [one for one in self.progress if one.section.pk in self.own]

    @property
    def chosen(self) -> list[BidLot]:
        return [one for one in self.lots if one.chosen]

    @property
    def done(self) -> int:
        priced = sum(one.price is not None for one in self.chosen) + (self.price is not None)
        return sum(one.state == "done" for one in self.progress) + priced

    @property
    def tasks(self) -> int:
        sheets = len(self.chosen) if self.lots else 1
        return len(self.progress) + (sheets if self.sees_price and self.asks_price else 0)

    @property
    def technical(self) -> list[Progress]:
        return [one for one in self.progress if self._in(one, EnvelopeKind.TECHNICAL)]

    @property
    def commercial(self) -> list[Progress]:
        return [one for one in self.progress if self._in(one, EnvelopeKind.COMMERCIAL)]

    def _in(self, one: Progress, kind: EnvelopeKind) -> bool:
        """Whether a section stands in the list of its envelope: one's own stand first, once."""
        return one.section.envelope == kind and one.section.pk not in self.own

    @property
    def reference(self) -> str:
        return reference_of(self.last.manifest_digest) if self.last else ""


def task_list(user: User, bid: Bid) -> TaskList:
    draft = draft_of(bid)
    last = first_offers(bid.submissions.all()).first()
    return TaskList(
        progress=tuple(one for one in draft.progress() if one.questions or one.hidden),
        gaps=draft.gaps(),
        price=draft.price,
        sees_price=draft.sees_price,
        asks_price=draft.asks_price,
        team=team_of(user, bid),
        last=last,
        may_invite=can(user, "bids.invite_colleague", bid),
        to_agree=tuple(one.label for one in asked_of(bid) if one.at is None),
        own=frozenset(pk for pk, person in delegates_of(bid).items() if person == user.pk),
        lots=bid_lots(bid, draft, last),
    )


def team_of(user: User, bid: Bid) -> tuple[Teammate, ...]:
    held = Membership.objects.filter(organisation_id=bid.vendor_id, active=True)
    return tuple(
        Teammate(one.user.name, str(MemberRole(one.role).label), one.user_id == user.pk)
        for one in held.select_related("user").order_by("created_at", "pk")
    )
