"""The buyer's two pages about bids: who was invited, and the opening."""

import datetime as dt
import uuid
from dataclasses import dataclass, field, replace

from django.urls import reverse
from django.utils.translation import gettext as _

from apps.bids.models import Agreement, Bid, Envelope, Invitation
from apps.bids.rules import names_are_open
from apps.bids.selectors.addenda import marks_of
from apps.bids.selectors.agreements import agreements_by_vendor
from apps.bids.selectors.ceremony import CeremonyView, ceremony_of
from apps.bids.selectors.clarifications import questions_waiting
from apps.bids.selectors.invitations import invitations_of
from apps.bids.selectors.offers import waiting_offers
from apps.bids.selectors.shortlist import shortlisted_of
from apps.bids.states import EnvelopeState, OfferState
from apps.bids.types.places import reference_of
from apps.core import clock
from apps.core.access import can
from apps.rfp.models import Rfp
from apps.rfp.selectors import key_kinds, undertakings_of
from apps.rfp.states import EnvelopeKind, EnvelopeOrder, FinalOffers, KeyKind, RfpState
from apps.rfp.types import Desk
from apps.workspace.models import Procurement, User
from apps.workspace.states import Phase
from apps.workspace.types import Todo


@dataclass(frozen=True)
class VendorsPage:
    """Who was invited. A state is the invitation's; whether there is a bid is not known here."""

    invitations: tuple[Invitation, ...]
    agreed: tuple[tuple[Invitation, tuple[Agreement, ...]], ...]  # empty where none is asked for
    may_invite: bool
    published: bool
    over: bool
    closes_at: dt.datetime | None
    zone: str
    shortlisted: tuple[Invitation, ...] = ()  # taken before, and not invited here yet


def vendors_page(user: User, desk: Desk) -> VendorsPage:
    rfp = desk.rfp
    round_ = getattr(rfp, "round", None)
    over = round_ is not None and clock.database_now() >= round_.closes_at
    published = rfp is not None and rfp.state == RfpState.PUBLISHED
    held = tuple(invitations_of(user, rfp)) if rfp else ()
    may_invite = published and not over and can(user, "bids.invite", desk)
    given = agreements_by_vendor(rfp) if rfp and held and undertakings_of(rfp) else None
    return VendorsPage(
        invitations=held,
        agreed=()
        if given is None
        else tuple((one, tuple(given.get(one.vendor_id, ()))) for one in held),
        may_invite=may_invite,
        shortlisted=shortlisted_of(user, rfp) if rfp and may_invite else (),
        published=rfp is not None and rfp.state != RfpState.DRAFT,
        over=over,
        closes_at=round_.closes_at if round_ else None,
        zone=round_.zone if round_ else "UTC",
    )


@dataclass(frozen=True)
class OpenedBid:
    """Names and letters stand together only once the scores are locked.

    Who judges sees the letter alone: a reference or a time of arrival would tell who it is.
    """

    id: uuid.UUID
    letter: str
    name: str
    price_opened: bool
    reference: str = ""
    digest: str = ""
    arrived_at: dt.datetime | None = None
    lots: tuple[str, ...] = ()  # codes of the lots it covers
    version: str = ""  # which version of the RFP it answers, where there is more than one


@dataclass(frozen=True)
class OpeningPage:
    """Before the opening only times. `bids` and `silent` stay empty until then, whatever is there."""

    published: bool
    closes_at: dt.datetime | None = None
    opens_at: dt.datetime | None = None
    zone: str = "UTC"
    now: dt.datetime | None = None
    opened_at: dt.datetime | None = None
    bids: tuple[OpenedBid, ...] = ()
    silent: tuple[str, ...] = field(default=())
    together: bool = False
    may_open: bool = False
    may_read: bool = False
    prices_ready: bool = False
    prices_opened: bool = False
    ceremony: CeremonyView | None = None  # of what is opened next
    held: tuple[CeremonyView, ...] = ()  # of what has been opened
    final_offers: bool = False  # published as possible, and prices are open
    asks_price: bool = True

    @property
    def due(self) -> bool:
        """Whether the clock lets the bids be opened."""
        return bool(self.opens_at and self.now and self.now >= self.opens_at)


def opening_page(user: User, desk: Desk) -> OpeningPage:
    rfp = desk.rfp
    round_ = getattr(rfp, "round", None)
    if rfp is None or round_ is None or rfp.state in {RfpState.DRAFT, RfpState.CANCELLED}:
        return OpeningPage(published=False)
    opened = round_.opened_at is not None
    bids = _opened_bids(user, rfp) if opened else ()
    prices_opened = bool(bids) and all(bid.price_opened for bid in bids)
    ready = bool(bids) and desk.procurement.phase == Phase.COMMERCIAL and not prices_opened
    kind = KeyKind.COMMERCIAL if ready else KeyKind.TECHNICAL
    done = (
        *((KeyKind.TECHNICAL,) if opened else ()),
        *((KeyKind.COMMERCIAL,) if prices_opened and KeyKind.COMMERCIAL in key_kinds(rfp) else ()),
    )
    return OpeningPage(
        published=True,
        closes_at=round_.closes_at,
        opens_at=round_.closes_at + round_.grace,
        zone=round_.zone,
        now=clock.database_now(),
        opened_at=round_.opened_at,
        bids=bids,
        silent=_silent(user, rfp) if opened else (),
        together=rfp.envelope_order == EnvelopeOrder.TOGETHER,
        may_read=can(user, "bids.read_answers", rfp),
        may_open=can(user, "bids.open", desk),
        prices_ready=ready,
        ceremony=ceremony_of(user, rfp, kind) if ready or not opened else None,
        held=tuple(ceremony_of(user, rfp, one) for one in done),
        prices_opened=prices_opened,
        asks_price=rfp.asks_price,
        final_offers=prices_opened and rfp.final_offers == FinalOffers.ONCE,
    )


def _opened_bids(user: User, rfp: Rfp) -> tuple[OpenedBid, ...]:
    held = list(
        Envelope.objects.filter(bid__round__rfp=rfp, state=EnvelopeState.OPENED)
        .select_related("submission", "bid__vendor")
        .order_by("submission__arrived_at", "pk")
    )
    priced = {one.bid_id for one in held if one.kind == EnvelopeKind.COMMERCIAL}
    technical = [one for one in held if one.kind == EnvelopeKind.TECHNICAL]
    marks = marks_of(rfp, [one.submission for one in technical])
    bids = [
        replace(
            _opened_bid(user, rfp, one, priced=one.bid_id in priced),
            version=marks.get(one.bid_id, ""),
            lots=tuple(one.submission.lots),
        )
        for one in technical
    ]
    return tuple(sorted(bids, key=lambda bid: bid.letter))


def _opened_bid(user: User, rfp: Rfp, envelope: Envelope, *, priced: bool) -> OpenedBid:
    bid, submission = envelope.bid, envelope.submission
    if not can(user, "bids.see_names", rfp):
        name = _("Bid {letter}").format(letter=bid.letter)
        return OpenedBid(id=bid.pk, letter=bid.letter, name=name, price_opened=priced)
    return OpenedBid(
        id=bid.pk,
        letter=bid.letter if names_are_open(rfp) else "",
        name=bid.vendor.name,
        price_opened=priced,
        reference=reference_of(submission.manifest_digest),
        digest=submission.manifest_digest,
        arrived_at=submission.arrived_at,
    )


def _silent(user: User, rfp: Rfp) -> tuple[str, ...]:
    """Name the invited vendors without a bid, to those who may know the names."""
    if not can(user, "bids.see_names", rfp):
        return ()
    came = Bid.objects.filter(round__rfp=rfp, letter__gt="").values("vendor_id")
    left = Invitation.objects.filter(rfp=rfp).exclude(vendor_id__in=came)
    return tuple(left.order_by("vendor__name", "pk").values_list("vendor__name", flat=True))


def todos(user: User, procurement: Procurement) -> list[Todo]:
    """What the dashboard asks of this person about invitations and the opening."""
    rfp = Rfp.objects.filter(procurement=procurement).select_related("procurement", "round").first()
    if rfp is None or rfp.state not in {RfpState.PUBLISHED, RfpState.CLOSED}:
        return []
    return [*_invite(user, rfp), *_questions(user, rfp), *_open(user, rfp), *_offers(user, rfp)]


def _questions(user: User, rfp: Rfp) -> list[Todo]:
    running = rfp.state == RfpState.PUBLISHED and clock.database_now() < rfp.round.closes_at
    if not running or not can(user, "bids.clarify", rfp) or not questions_waiting(rfp):
        return []
    text = _("Vendors wait for your answers. Every vendor gets each of them.")
    return [_todo(_("Answer questions"), text, "bids:clarifications", rfp, _("Read"), "mail")]


def _invite(user: User, rfp: Rfp) -> list[Todo]:
    running = rfp.state == RfpState.PUBLISHED and clock.database_now() < rfp.round.closes_at
    if not running or not can(user, "bids.invite", rfp) or invitations_of(user, rfp).exists():
        return []
    return [
        _todo(
            _("Invite vendors"),
            _("The RFP is published; nobody has been invited yet."),
            "bids:vendors",
            rfp,
            _("Invite"),
            "send",
        )
    ]


def _open(user: User, rfp: Rfp) -> list[Todo]:
    if not can(user, "bids.open", rfp):
        return []
    if rfp.round.opened_at is None:
        if clock.database_now() < rfp.round.closes_at + rfp.round.grace:
            return []
        return [
            _todo(
                _("Open the bids"),
                _("The deadline and its grace have passed."),
                "bids:opening",
                rfp,
                _("Open bids"),
                "lock-open",
            )
        ]
    opened = Envelope.objects.filter(
        bid__round__rfp=rfp,
        bid__letter__gt="",
        kind=EnvelopeKind.COMMERCIAL,
        state=EnvelopeState.OPENED,
    )
    if rfp.procurement.phase != Phase.COMMERCIAL or opened.exists():
        return []
    return [
        _todo(
            _("Open the prices"),
            _("The quality scores are locked."),
            "bids:opening",
            rfp,
            _("Open prices"),
            "lock-open",
        )
    ]


def _offers(user: User, rfp: Rfp) -> list[Todo]:
    """What final offers ask of this person: a confirmation, or the opening."""
    if rfp.final_offers != FinalOffers.ONCE or rfp.procurement.phase != Phase.COMMERCIAL:
        return []
    held = waiting_offers(user, rfp)
    if held is None:
        return []
    title, text, action = (
        (_("Confirm the final offers"), _("A second person confirms it."), _("Read"))
        if held.state == OfferState.REQUESTED
        else (_("Open the final offers"), _("Their closing time has passed."), _("Open offers"))
    )
    return [_todo(title, text, "matrix:offers", rfp, action, "lock-open")]


def _todo(title: str, text: str, page: str, rfp: Rfp, action: str, icon: str) -> Todo:
    url = reverse(page, args=[rfp.procurement_id])
    return Todo(title=title, text=text, url=url, action=action, icon=icon, tone="seal")
